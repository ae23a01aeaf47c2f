//! Creating an object exactly once, although the API has no idempotency keys. Apps and connectors are created in this way.
//!
//! Each new object carries the mark of the run that creates it. The last step of a creation removes the mark, so an
//! interrupted run leaves an object that the next run recognizes. Two cases could lead to a second object:
//!
//! - An earlier run was killed. Before a creation, the provider searches for marked objects of ended runs, and adopts or
//!   replaces one.
//! - ConductorOne gives no conclusive answer to the request. The provider searches again, and takes the object if exactly one
//!   can be the result of the request.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::conductorone::{Client, Error};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::path::Path;
use crate::terraform::resource::{Operation, Resource};

use super::creation_mark::{Age, CreationMark, CreatorStatus};
use super::follow_ups::Failure;
use super::message_values::{MAX_LISTED, list_commands};
use super::session::Session;

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests;

/// The time for a search after an inconclusive answer. The search continues after an interrupt.
const SEARCH_LIMIT: Duration = Duration::from_secs(30);

/// An object that the provider creates.
pub(crate) trait CreatedObject: Clone + Send + Sync {
    /// Returns the ID.
    fn id(&self) -> &str;
    /// Returns the display name.
    fn display_name(&self) -> &str;
    /// Returns when the object was created, in RFC 3339.
    fn created_at(&self) -> Option<&str>;
    /// Returns the mark of an object whose creation is not finished.
    fn mark(&self) -> Option<CreationMark>;
}

/// A request to create an object, and how the provider recognizes its result.
pub(crate) trait Creation: Sync {
    type Object: CreatedObject;

    /// What log messages call the object.
    const NOUN: &'static str;
    /// Returns the objects that existed before this process created the first one among them.
    fn list_existing(
        &self,
        session: &Session,
    ) -> impl Future<Output = Result<Arc<[Self::Object]>, Error>> + Send;

    /// Searches for the objects that the request may have created. The result may contain others.
    fn search(&self, api: &Client)
    -> impl Future<Output = Result<Vec<Self::Object>, Error>> + Send;

    /// Reads an object.
    fn get(
        &self,
        api: &Client,
        id: &str,
    ) -> impl Future<Output = Result<Option<Self::Object>, Error>> + Send;

    /// Sends the request.
    fn send(&self, api: &Client) -> impl Future<Output = Result<Self::Object, Error>> + Send;

    /// Deletes an object.
    fn delete(&self, api: &Client, id: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// The mark that the request gives the object.
    fn mark(&self) -> &CreationMark;

    /// Returns whether an object looks like the requested one, apart from the mark.
    fn matches(&self, object: &Self::Object) -> bool;

    /// Returns whether an unfinished object of an ended run is adopted. Otherwise it is deleted and created again.
    fn adopts_leftovers(&self) -> bool;

    /// Returns whether an object must be left alone, although its run has ended.
    fn is_in_use(&self, _object: &Self::Object) -> bool {
        false
    }

    /// Returns the command that imports an object.
    fn import_command(&self, object: &Self::Object) -> String;

    /// The error that another run may be creating this object.
    fn being_created(&self, object: &Self::Object, age: &Age) -> Diagnostic;
    /// The error that the request had no effect.
    fn not_created(&self, error: &Error) -> Diagnostic;
    /// The error that the request may have had an effect.
    fn maybe_created(&self, error: &Error) -> Diagnostic;
    /// The error that the request may have created one of several objects.
    fn one_of_several_created(&self, import_commands: &str, error: &Error) -> Diagnostic;
}

/// An object that now belongs to a resource.
#[derive(Debug)]
pub(crate) enum Created<T> {
    /// This creation made the object.
    New(T),
    /// This creation made the object after it deleted the unfinished object of an ended run.
    Replacement { deleted_id: String, object: T },
    /// An ended run made the object.
    Adopted(T),
}

impl<T> Created<T> {
    /// Returns the object.
    pub(crate) fn object(&self) -> &T {
        let (Self::New(object) | Self::Replacement { object, .. } | Self::Adopted(object)) = self;
        object
    }

    /// Returns whether the object is the result of this creation's request.
    pub(crate) fn is_new(&self) -> bool {
        !matches!(self, Self::Adopted(_))
    }
}

/// Creates an object, or adopts an unfinished one.
pub(crate) async fn create<C: Creation>(
    session: &Session,
    creation: &C,
) -> Result<Created<C::Object>, Diagnostics> {
    let existing = creation.list_existing(session).await?;
    let mut deleted = None;
    if let Some(leftover) = claim_leftover(session, creation, &existing).await? {
        if creation.adopts_leftovers() {
            return Ok(Created::Adopted(leftover));
        }
        creation.delete(session.api(), leftover.id()).await?;
        deleted = Some(leftover.id().to_owned());
    }
    let object = match creation.send(session.api()).await {
        Ok(object) => {
            session.claims().claim(object.id());
            object
        }
        Err(error) if error.is_ambiguous() => {
            claim_result(session, creation, &existing, &error).await?
        }
        Err(error) => return Err(error.into()),
    };
    Ok(match deleted {
        Some(deleted_id) => Created::Replacement { deleted_id, object },
        None => Created::New(object),
    })
}

/// Ends a creation: the last one waits for the last steps of all creations, and reports those that failed and what is left
/// unfinished.
pub(crate) async fn end<R: Resource>(session: Session, operation: &mut Operation<R>) {
    let Some(mut ending) = session.end_creation().await else {
        return;
    };
    for Failure { id, diagnostics } in std::mem::take(&mut ending.failures) {
        let failure = diagnostics.after_creation(&format!("connector {id}"));
        // The connector may belong to another resource.
        let failure = failure.into_iter().map(|it| it.at(Path::default()));
        operation.warn(failure.collect::<Diagnostics>());
    }
    operation.warn(ending.reports().await);
}

/// Returns a client for a search after an inconclusive answer.
pub(crate) fn search_client(api: &Client, error: &Error, noun: &str) -> Client {
    let left_s = SEARCH_LIMIT.as_secs();
    tracing::info!(%error, left_s, "ConductorOne did not answer the request, looking for the {noun}");
    api.within(CancellationToken::new(), Instant::now() + SEARCH_LIMIT)
}

/// Finds the result of a request that had no conclusive answer.
async fn claim_result<C: Creation>(
    session: &Session,
    creation: &C,
    existing: &[C::Object],
    error: &Error,
) -> Result<C::Object, Diagnostic> {
    let api = search_client(session.api(), error, C::NOUN);
    let found = creation.search(&api).await;
    let mut candidates = found.map_err(|_| creation.maybe_created(error))?;
    let existed = |object: &C::Object| existing.iter().any(|other| other.id() == object.id());
    candidates.retain(|object| {
        object.mark().as_ref() == Some(creation.mark())
            && creation.matches(object)
            && !existed(object)
            && !session.claims().is_claimed(object.id())
    });
    match candidates.as_slice() {
        [] => Err(creation.not_created(error)),
        [object] if session.claims().claim(object.id()) => Ok(object.clone()),
        several => {
            let commands = several.iter().map(|object| creation.import_command(object));
            Err(creation.one_of_several_created(&list_commands(commands), error))
        }
    }
}

/// Returns an object like the requested one that an ended run left unfinished. If several match, any of them is fine. This is
/// an error if an active run may be creating such an object.
async fn claim_leftover<C: Creation>(
    session: &Session,
    creation: &C,
    existing: &[C::Object],
) -> Result<Option<C::Object>, Diagnostics> {
    let matching = existing.iter().filter(|object| creation.matches(object));
    let unfinished: Vec<_> = matching
        .filter_map(|object| Some((object, creator_status(session, object)?)))
        .filter(|(_, status)| *status != CreatorStatus::ThisRun)
        .collect();
    let ids = unfinished.iter().map(|(object, _)| object.id().to_owned());
    let unclaimed = session.unclaimed(ids.collect()).await;
    let mut active = None;
    for (object, status) in unfinished {
        if !unclaimed.iter().any(|id| id == object.id()) {
            continue;
        }
        match status {
            CreatorStatus::Ended if !creation.is_in_use(object) => {
                if session.claims().claim(object.id()) {
                    // The object may have been deleted or finished since the search.
                    let found = creation.get(session.api(), object.id()).await?;
                    return Ok(
                        found.filter(|found| found.mark().is_some() && creation.matches(found))
                    );
                }
            }
            CreatorStatus::MaybeActive(age) => active = active.or(Some((object, age))),
            CreatorStatus::Ended | CreatorStatus::ThisRun => {}
        }
    }
    match active {
        Some((object, age)) => Err(creation.being_created(object, &age).into()),
        None => Ok(None),
    }
}

/// Returns the lines for a message about unfinished objects of ended runs that no resource has adopted. Each object is
/// reported once. `None` means that there is nothing to report.
pub(crate) async fn list_leftovers<T: CreatedObject>(
    session: &Session,
    objects: &[T],
    import_command: impl Fn(&T) -> String,
) -> Option<String> {
    let is_left = |object: &&T| creator_status(session, *object) == Some(CreatorStatus::Ended);
    let left = objects.iter().filter(is_left);
    let ids = left.map(|object| object.id().to_owned()).collect();
    let unclaimed = session.unclaimed(ids).await;
    let reported = objects.iter().filter(|object| {
        unclaimed.iter().any(|id| id == object.id()) && session.claims().report_once(object.id())
    });
    let line = |object: &T| format!("{:?}: {}", object.display_name(), import_command(object));
    let lines = list_commands(reported.map(line));
    (!lines.is_empty()).then_some(lines)
}

/// Returns a diagnostic for each finished object that `is_similar` to the requested one and that no resource of this run
/// manages. A killed run may have made the object and lost its state, or the object belongs to somebody else. Each object is
/// reported once. `message` gets an object and the time of its creation.
pub(crate) async fn report_similar<T: CreatedObject>(
    session: &Session,
    existing: &[T],
    is_similar: impl Fn(&T) -> bool,
    message: impl Fn(&T, &str) -> Diagnostic,
) -> Diagnostics {
    let claims = session.claims();
    let similar = existing.iter().filter(|object| {
        object.mark().is_none()
            && is_similar(object)
            && !claims.is_claimed(object.id())
            && claims.report_once(object.id())
    });
    let ids = similar.map(|object| object.id().to_owned()).collect();
    let unclaimed = session.unclaimed(ids).await;
    let similar = existing
        .iter()
        .filter(|object| unclaimed.iter().any(|id| id == object.id()));
    similar
        .take(MAX_LISTED)
        .map(|object| message(object, object.created_at().unwrap_or("at an unknown time")))
        .collect()
}

/// Returns what is known about the run that creates an object. `None` means that the object is finished.
fn creator_status(session: &Session, object: &impl CreatedObject) -> Option<CreatorStatus> {
    let mark = object.mark()?;
    Some(session.creator_status(object.id(), &mark, object.created_at()))
}
