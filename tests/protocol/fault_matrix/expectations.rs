//! The rules that determine the expected outcome of every cell, and the exceptions.

use std::collections::BTreeMap;

use super::faults::{Acts, Fault, Verdict};
use super::operations::{Act, CONFIGURE, DELETE, Effect, LIST, Operation, Role, Step, TOKEN};

/// `max_retries` of the provider.
pub(crate) const MAX_RETRIES: usize = 2;

/// The observed or expected outcome of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The number of times each request of the operation was made, without requests for access tokens.
    pub(crate) requests: BTreeMap<String, usize>,
    /// The number of requests for access tokens.
    pub(crate) tokens: usize,
    /// What ConductorOne holds after the operation.
    pub(crate) left: Left,
    /// Whether the state has the object after the operation.
    pub(crate) in_state: bool,
    /// The most severe diagnostic of the operation.
    pub(crate) reported: Reported,
    /// The number of attempts that a message names.
    pub(crate) attempts: Option<usize>,
    /// What the next apply does.
    pub(crate) next: Next,
    /// Connectors after the next apply.
    pub(crate) connectors_then: usize,
    /// Whether at most one valid credential is missing from the state after the next apply.
    pub(crate) credentials_known: bool,
}

/// What ConductorOne holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Connectors.
    pub(crate) connectors: usize,
    /// Valid credentials.
    pub(crate) credentials: usize,
}

/// The most severe diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reported {
    /// No diagnostic.
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
    /// Creates a connector.
    Creates,
    /// Adopts the existing connector.
    Adopts,
    /// Deletes the existing connector and creates another one.
    Recreates,
    /// Changes the connector.
    Changes,
    /// Writes the settings again, because the key may have been changed outside Terraform.
    WritesAgain,
    /// Deletes the connector.
    Deletes,
    /// Replaces the connector, because the state is tainted or an attribute requires it.
    Replaces,
    /// Fails, leaves a non-empty plan, or leaves a state that differs from ConductorOne.
    Fails(String),
}

/// How the request that meets the fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The request succeeds.
    Success,
    /// The request succeeds, but an earlier attempt may have issued a credential whose secret was lost.
    SuccessWithDoubt,
    /// The response says that the object does not exist.
    Gone,
    /// The request fails.
    Failure,
}

/// How the provider handles the request that meets the fault.
#[derive(Clone, Copy, Debug)]
struct Handling {
    /// The number of attempts that arrive.
    sent: usize,
    /// The number of attempts that the error message names.
    attempts: usize,
    /// Whether the provider lists the connectors afterwards.
    looked_up: bool,
    /// How the request ends.
    ending: Ending,
}

impl Handling {
    /// The provider sends the request once.
    const fn once(ending: Ending) -> Self {
        Self {
            sent: 1,
            attempts: 1,
            looked_up: false,
            ending,
        }
    }

    /// The provider repeats the request up to `limit` times.
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
    use Effect::{Create, Issue, Read, Remove, Token};
    match (fault.verdict, effect) {
        // A request that did not arrive is repeated, whatever its effect. Here, no attempt arrives.
        (Verdict::Unreachable, _) => Handling {
            sent: 0,
            ..Handling::repeated(fault, MAX_RETRIES)
        },
        // A request that certainly had no effect is repeated, too.
        (Verdict::NotNow, _) => Handling::repeated(fault, MAX_RETRIES),
        // ConductorOne refuses the credentials with this status.
        (Verdict::NewToken, Token) => Handling::once(Ending::Failure),
        // With a new access token, a request is repeated only once.
        (Verdict::NewToken, _) => Handling::repeated(fault, 1),
        (Verdict::Refused, _) => Handling::once(Ending::Failure),
        // A missing object counts as gone for a read, and as deleted for a deletion.
        (Verdict::Gone, Read) => Handling::once(Ending::Gone),
        (Verdict::Gone, Remove) => Handling::once(Ending::Success),
        (Verdict::Gone, _) => Handling::once(Ending::Failure),
        // A creation that may have had an effect is not repeated. The provider looks for the new object instead.
        (Verdict::Unclear | Verdict::UnclearForGood, Create) => Handling {
            looked_up: true,
            ..Handling::once(match fault.acts {
                Acts::AtOnce => Ending::Success,
                Acts::Never | Acts::Late => Ending::Failure,
            })
        },
        // If a credential may have been issued, its secret is lost. The provider requests another one, once.
        (Verdict::Unclear | Verdict::UnclearForGood, Issue) => Handling {
            sent: 2,
            ..Handling::once(if fault.lasting {
                Ending::Failure
            } else {
                Ending::SuccessWithDoubt
            })
        },
        // All other requests are repeated if that can help.
        (Verdict::Unclear, _) => Handling::repeated(fault, MAX_RETRIES),
        (Verdict::UnclearForGood, _) => Handling::once(Ending::Failure),
    }
}

/// Returns the expected outcome of one cell.
pub(crate) fn expected(operation: &Operation, fault: &Fault) -> Outcome {
    let handling = handling(operation.faulted.effect, fault);
    let role = role(operation, fault);
    let removed = role == Role::Removal && handling.ending != Ending::Failure;
    let reported = reported(role, handling.ending);
    Outcome {
        requests: requests(operation, fault, handling),
        tokens: match fault.verdict {
            Verdict::Unreachable => 0,
            _ if operation.faulted == TOKEN => handling.sent,
            Verdict::NewToken => 2,
            _ => 1,
        },
        left: left(operation, fault, handling),
        in_state: match (role, handling.ending) {
            (Role::Creation, Ending::Failure) | (Role::Refresh, Ending::Gone) => false,
            _ => !removed,
        },
        reported,
        attempts: (reported != Reported::Nothing && handling.attempts > 1)
            .then_some(handling.attempts),
        next: if overtaken(operation, fault, handling) {
            Next::WritesAgain
        } else {
            next(operation, role, handling.ending, fault.acts)
        },
        connectors_then: match (role, handling.ending) {
            // The connector that was reported as missing, and its replacement.
            (Role::Refresh, Ending::Gone) => 2,
            _ => usize::from(role != Role::Removal || hides(operation, fault)),
        },
        credentials_known: true,
    }
}

/// An exception: if the connection is refused, an operation fails with its first request, whichever one has the fault.
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

/// An exception: the provider trusts a 404, so a deletion that gets one leaves the connector in place.
fn hides(operation: &Operation, fault: &Fault) -> bool {
    operation.faulted == DELETE && fault.verdict == Verdict::Gone
}

/// An exception: the first attempt may store the settings after the second one did. They are equal, but the provider
/// cannot know that.
fn overtaken(operation: &Operation, fault: &Fault, handling: Handling) -> bool {
    operation.faulted == CONFIGURE && fault.acts == Acts::Late && handling.ending == Ending::Success
}

/// An exception: a new connector may show late, so after a 404 its name is sent once more when it shows.
fn renamed_again(operation: &Operation, fault: &Fault) -> bool {
    operation.role == Role::FollowUp && fault.verdict == Verdict::Gone
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
    if operation.faulted != TOKEN {
        let again = usize::from(renamed_again(operation, fault));
        count(&operation.faulted, handling.sent + again);
    }
    if handling.looked_up {
        count(&LIST, 1);
    }
    if handling.ending != Ending::Failure {
        operation.after.iter().for_each(|step| count(step, 1));
    }
    requests
}

/// What exists before the operation.
fn at_first(operation: &Operation) -> Left {
    let connectors = usize::from(operation.act != Act::Create);
    let has_credential = operation.is_self_hosted() && operation.act != Act::Reissue;
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
    let self_hosted = operation.is_self_hosted();
    let holding = |connectors, credentials| Left {
        connectors,
        credentials,
    };
    match operation.faulted.effect {
        Effect::Create if succeeds => left = holding(1, usize::from(self_hosted)),
        Effect::Create if acts => left = holding(1, 0),
        // The credential whose secret was lost, and the one that arrived.
        Effect::Issue => left = holding(1, usize::from(acts) + usize::from(succeeds)),
        // The display name is set after the creation.
        Effect::Repeatable => left.connectors = 1,
        // The credential is revoked before the connector is deleted.
        Effect::Remove if succeeds && !hides(operation, fault) => left = holding(0, 0),
        Effect::Remove if operation.faulted == DELETE => left.credentials = 0,
        Effect::Remove | Effect::Create | Effect::Read | Effect::Token => {}
    }
    left
}

fn reported(role: Role, ending: Ending) -> Reported {
    match (role, ending) {
        // Terraform shows no diagnostics of the last step.
        (_, Ending::Success)
        | (Role::CredentialRefresh, Ending::Gone)
        | (Role::LastStep, Ending::Failure) => Reported::Nothing,
        // A later failure must not taint a connector that others can use.
        (_, Ending::SuccessWithDoubt | Ending::Gone) | (Role::FollowUp, Ending::Failure) => {
            Reported::Warning
        }
        (_, Ending::Failure) => Reported::Error,
    }
}

fn next(operation: &Operation, role: Role, ending: Ending, acts: Acts) -> Next {
    match (ending, role) {
        // The provider trusts a 404, as Terraform users expect.
        (Ending::Gone, Role::Refresh) => Next::Creates,
        (Ending::Gone, _) | (Ending::Failure, Role::FollowUp | Role::LastStep | Role::Change) => {
            Next::Changes
        }
        // The secret of the self-hosted connector's credential may be lost.
        (Ending::Failure, Role::Creation) if acts == Acts::Late && operation.is_self_hosted() => {
            Next::Recreates
        }
        (Ending::Failure, Role::Creation) if acts == Acts::Late => Next::Adopts,
        (Ending::Failure, Role::Creation) => Next::Creates,
        // Nothing has used the connector yet.
        (Ending::Failure, Role::Completion) => Next::Replaces,
        (Ending::Failure, Role::Removal) => Next::Deletes,
        (Ending::Success | Ending::SuccessWithDoubt, _)
        | (Ending::Failure, Role::Refresh | Role::CredentialRefresh | Role::Stateless) => {
            Next::Nothing
        }
    }
}
