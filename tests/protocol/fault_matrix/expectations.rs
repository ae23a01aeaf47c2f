//! The rules from which the expectation of every cell follows, and the cells that are exceptions.

use std::collections::BTreeMap;

use super::faults::{Acts, Fault, Verdict};
use super::operations::{Act, CONFIGURE, DATA_CENTER, DELETE, Effect, LIST, Operation, Role, Step};

/// `max_retries` of the provider.
pub(crate) const MAX_RETRIES: usize = 2;

/// What came of one cell, or what should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How often each request of the operation was made, without those for access tokens.
    pub(crate) requests: BTreeMap<String, usize>,
    /// How often an access token was asked for.
    pub(crate) tokens: usize,
    /// What ConductorOne holds after the operation.
    pub(crate) left: Left,
    /// Whether the state has the object after the operation.
    pub(crate) in_state: bool,
    /// The worst that the operation said.
    pub(crate) says: Says,
    /// How many attempts a message speaks of.
    pub(crate) attempts: Option<usize>,
    /// What the next apply does.
    pub(crate) next: Next,
    /// Connectors after the next apply.
    pub(crate) connectors_then: usize,
    /// Whether no more than one valid credential is in nobody's state after the next apply.
    pub(crate) credentials_known: bool,
}

/// What ConductorOne holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Connectors.
    pub(crate) connectors: usize,
    /// Credentials that are valid.
    pub(crate) credentials: usize,
}

/// The worst diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    /// None at all.
    Nothing,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

/// What an apply does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing is planned.
    Nothing,
    /// It creates a connector.
    Creates,
    /// It creates none, but takes over the one that there is.
    TakesOver,
    /// It deletes the one that there is, and creates another one.
    MakesAnew,
    /// It changes the connector.
    Changes,
    /// It writes the settings again, because somebody else may have changed the key.
    WritesAgain,
    /// It deletes the connector.
    Deletes,
    /// It replaces the connector: the state was tainted, or an attribute demands it.
    Replaces,
    /// It fails, or leaves something to do, or the state does not show what there is.
    Fails(String),
}

/// How the request that meets the fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It succeeds.
    Success,
    /// It succeeds, but a credential may have got lost.
    SuccessWithDoubt,
    /// It says that the object is gone.
    Gone,
    /// It fails.
    Failure,
}

/// What becomes of the request that meets the fault.
#[derive(Clone, Copy, Debug)]
struct Handling {
    /// How often it is sent.
    sent: usize,
    /// How many attempts a message about its failure speaks of.
    attempts: usize,
    /// Whether the connectors are listed afterwards.
    looked_up: bool,
    /// How it ends.
    ending: Ending,
}

impl Handling {
    /// It is sent once, and that is that.
    const fn once(ending: Ending) -> Self {
        Self {
            sent: 1,
            attempts: 1,
            looked_up: false,
            ending,
        }
    }

    /// It is repeated, up to `limit` times.
    fn repeated(fault: &Fault, limit: usize) -> Self {
        let (sent, ending) = if fault.lasting {
            (1 + limit, Ending::Failure)
        } else {
            (2, Ending::Success)
        };
        Self {
            sent,
            attempts: sent,
            ..Self::once(ending)
        }
    }
}

/// The rules.
#[expect(
    clippy::match_same_arms,
    reason = "rules for different reasons, in the order of the reasons"
)]
fn handling(effect: Effect, fault: &Fault) -> Handling {
    use Effect::{Create, Issue, Read, Remove};
    match (fault.verdict, effect) {
        // What did not arrive is repeated, whatever it is; here no attempt arrives.
        (Verdict::Unreachable, _) => Handling {
            sent: 0,
            ..Handling::repeated(fault, MAX_RETRIES)
        },
        // So is what certainly was not carried out,
        (Verdict::NotNow, _) => Handling::repeated(fault, MAX_RETRIES),
        // but with a new access token only once.
        (Verdict::NewToken, _) => Handling::repeated(fault, 1),
        (Verdict::Refused, _) => Handling::once(Ending::Failure),
        // An object that does not exist is gone to those who ask for it, and deleted to those who delete it.
        (Verdict::Gone, Read) => Handling::once(Ending::Gone),
        (Verdict::Gone, Remove) => Handling::once(Ending::Success),
        (Verdict::Gone, _) => Handling::once(Ending::Failure),
        // A creation that may have been carried out is not repeated but looked for.
        (Verdict::Unclear | Verdict::UnclearForGood, Create) => Handling {
            looked_up: true,
            ..Handling::once(match fault.acts {
                Acts::AtOnce => Ending::Success,
                Acts::Never | Acts::Late => Ending::Failure,
            })
        },
        // The secret of a credential that may have been issued is lost: another one is issued, once.
        (Verdict::Unclear | Verdict::UnclearForGood, Issue) => Handling {
            sent: 2,
            ..Handling::once(if fault.lasting {
                Ending::Failure
            } else {
                Ending::SuccessWithDoubt
            })
        },
        // Everything else may be repeated, if that can help.
        (Verdict::Unclear, _) => Handling::repeated(fault, MAX_RETRIES),
        (Verdict::UnclearForGood, _) => Handling::once(Ending::Failure),
    }
}

/// What should come of one cell.
pub(crate) fn expected(operation: &Operation, fault: &Fault) -> Outcome {
    let handling = handling(operation.faulted.effect, fault);
    let role = role(operation, fault);
    let removed = role == Role::Removal && handling.ending != Ending::Failure;
    let says = says(role, handling.ending);
    Outcome {
        requests: requests(operation, fault, handling),
        tokens: match fault.verdict {
            Verdict::Unreachable => 0,
            Verdict::NewToken => 2,
            _ => 1,
        },
        left: left(operation, fault, handling),
        in_state: match (role, handling.ending) {
            (Role::Creation, Ending::Failure) | (Role::Refresh, Ending::Gone) => false,
            _ => !removed,
        },
        says,
        attempts: (says != Says::Nothing && handling.attempts > 1).then_some(handling.attempts),
        next: if overtaken(operation, fault, handling) {
            Next::WritesAgain
        } else {
            next(operation.resource, role, handling.ending, fault.acts)
        },
        connectors_then: match (role, handling.ending) {
            // The one that was believed to be gone, and its successor.
            (Role::Refresh, Ending::Gone) => 2,
            _ => usize::from(role != Role::Removal || hides(operation, fault)),
        },
        credentials_known: true,
    }
}

/// An exception: where nobody listens, an operation fails with its first request, whichever the fault is meant for.
fn role(operation: &Operation, fault: &Fault) -> Role {
    match operation.role {
        Role::Completion | Role::FollowUp | Role::LastStep
            if fault.verdict == Verdict::Unreachable =>
        {
            Role::Creation
        }
        role => role,
    }
}

/// An exception: a 404 is believed, so that a deletion which is answered so leaves the connector where it is.
fn hides(operation: &Operation, fault: &Fault) -> bool {
    operation.faulted == DELETE && fault.verdict == Verdict::Gone
}

/// An exception: where settings take effect after those of the repeat, they are the same, but nobody can know.
fn overtaken(operation: &Operation, fault: &Fault, handling: Handling) -> bool {
    operation.faulted == CONFIGURE && fault.acts == Acts::Late && handling.ending == Ending::Success
}

fn requests(operation: &Operation, fault: &Fault, handling: Handling) -> BTreeMap<String, usize> {
    let mut requests = BTreeMap::new();
    if fault.verdict == Verdict::Unreachable {
        return requests;
    }
    let mut count = |step: &Step, times: usize| {
        *requests.entry(step.request.to_owned()).or_default() += times;
    };
    for step in operation.before.iter().chain(operation.beside) {
        count(step, 1);
    }
    count(&operation.faulted, handling.sent);
    if handling.looked_up {
        count(&LIST, 1);
    }
    if handling.ending != Ending::Failure {
        operation.after.iter().for_each(|step| count(step, 1));
    }
    requests
}

/// What there is before the operation.
fn at_first(operation: &Operation) -> Left {
    let connectors = usize::from(operation.act != Act::Create);
    let has_credential = operation.resource == DATA_CENTER && operation.act != Act::Reissue;
    Left {
        connectors,
        credentials: usize::from(has_credential) * connectors,
    }
}

fn left(operation: &Operation, fault: &Fault, handling: Handling) -> Left {
    let mut left = at_first(operation);
    if fault.verdict == Verdict::Unreachable {
        return left;
    }
    let succeeds = !matches!(handling.ending, Ending::Failure | Ending::Gone);
    let acts = fault.acts != Acts::Never;
    let data_center = operation.resource == DATA_CENTER;
    let holding = |connectors, credentials| Left {
        connectors,
        credentials,
    };
    match operation.faulted.effect {
        Effect::Create if succeeds => left = holding(1, usize::from(data_center)),
        Effect::Create if acts => left = holding(1, 0),
        // The lost one, and the one that came through.
        Effect::Issue => left = holding(1, usize::from(acts) + usize::from(succeeds)),
        // A display name comes after the creation.
        Effect::Repeatable => left.connectors = 1,
        // The credential is revoked before the connector is deleted.
        Effect::Remove if succeeds && !hides(operation, fault) => left = holding(0, 0),
        Effect::Remove if operation.faulted == DELETE => left.credentials = 0,
        Effect::Remove | Effect::Create | Effect::Read => {}
    }
    left
}

fn says(role: Role, ending: Ending) -> Says {
    match (role, ending) {
        // Nobody listens to what is wrong with the last step.
        (_, Ending::Success)
        | (Role::CredentialRefresh, Ending::Gone)
        | (Role::LastStep, Ending::Failure) => Says::Nothing,
        // What others can use must not be tainted by what went wrong afterwards.
        (_, Ending::SuccessWithDoubt | Ending::Gone) | (Role::FollowUp, Ending::Failure) => {
            Says::Warning
        }
        (_, Ending::Failure) => Says::Error,
    }
}

fn next(resource: &str, role: Role, ending: Ending, acts: Acts) -> Next {
    match (ending, role) {
        // A 404 is believed, as Terraform's users expect it.
        (Ending::Gone, Role::Refresh) => Next::Creates,
        (Ending::Gone, _) | (Ending::Failure, Role::FollowUp | Role::LastStep | Role::Change) => {
            Next::Changes
        }
        // Nobody knows the credential that a self-hosted connector may have.
        (Ending::Failure, Role::Creation) if acts == Acts::Late && resource == DATA_CENTER => {
            Next::MakesAnew
        }
        (Ending::Failure, Role::Creation) if acts == Acts::Late => Next::TakesOver,
        (Ending::Failure, Role::Creation) => Next::Creates,
        // Nothing has used it yet.
        (Ending::Failure, Role::Completion) => Next::Replaces,
        (Ending::Failure, Role::Removal) => Next::Deletes,
        (Ending::Success | Ending::SuccessWithDoubt, _)
        | (Ending::Failure, Role::Refresh | Role::CredentialRefresh) => Next::Nothing,
    }
}
