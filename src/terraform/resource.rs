//! What a managed resource implements.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::diagnostics::{Diagnostic, Diagnostics, Severity};
use super::managed::Environment;
use super::value::Typed;

/// The attributes of something, as [`model!`](super::value::model) declares them.
pub trait Model: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static {}

impl<M: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static> Model for M {}

/// A kind of object that Terraform creates, reads, changes and deletes.
///
/// Everything that is the same for all resources happens outside: the checks that the schema declares, defaults,
/// spellings that mean the same, replacement, and what the state becomes after a success or a failure.
pub trait Resource: Send + Sync + Sized + 'static {
    /// The attributes, described once.
    type Model: Model;
    /// What the provider's configuration made.
    type Client: Send + Sync + 'static;

    /// The full type name, for example `confluence_integration`.
    const TYPE_NAME: &'static str;
    /// The version of the stored state.
    const VERSION: i64 = 0;

    /// Checks rules between attributes of a configuration, in which anything may be unknown.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Adds to a plan what the general rules cannot know. Called for creation and update, not for destruction.
    fn plan(&self, _plan: &mut Plan<Self::Model>) {}

    /// Creates the object and returns it.
    ///
    /// As soon as the object exists it must be [saved](Operation::save): a failure after that is reported as a warning,
    /// because Terraform would destroy an object whose creation ended with an error.
    fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object; `None` means that it is gone.
    fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object from `prior` to `planned` and returns it. What is done when a later step fails must have been
    /// [saved](Operation::save).
    fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Self::Model,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes the object; success also where it was gone already.
    fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// What [`read`](Self::read) needs to find the object that a user calls `id`.
    fn import(&self, id: &str) -> Result<Self::Model, Diagnostics>;
}

/// A change being planned.
#[derive(Debug)]
pub struct Plan<M> {
    /// What exists; `None` for a new object.
    pub prior: Option<M>,
    /// What the user wrote.
    pub config: M,
    /// What will be, so far.
    pub planned: M,
    /// What there is to say about it.
    pub diagnostics: Diagnostics,
}

/// One call of [`Resource`]'s methods that talk to the remote side.
#[derive(Debug)]
pub struct Operation<R: Resource> {
    client: Arc<R::Client>,
    cancellation: CancellationToken,
    deadline: Instant,
    imported: bool,
    pub(super) saved: Option<R::Model>,
    pub(super) diagnostics: Diagnostics,
}

impl<R: Resource> Operation<R> {
    pub(super) fn new(with: Environment<R::Client>, limit: Duration) -> Self {
        Self {
            client: with.client,
            cancellation: with.cancellation,
            deadline: Instant::now() + limit,
            imported: with.imported,
            saved: None,
            diagnostics: Diagnostics::default(),
        }
    }

    /// What the provider's configuration made.
    pub fn client(&self) -> &Arc<R::Client> {
        &self.client
    }

    /// Cancelled when the user interrupts Terraform.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// When the operation must have ended: the resource's `timeouts` say so.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether this is the first read after an import, when the state holds nothing but the way to the object.
    pub fn imported(&self) -> bool {
        self.imported
    }

    /// Notes what exists by now: whatever happens next, the state gets it.
    pub fn save(&mut self, model: M<R>) {
        self.saved = Some(model);
    }

    /// Tells the user something that is no failure.
    pub fn warn(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(Diagnostic {
            severity: Severity::Warning,
            ..diagnostic
        });
    }
}

type M<R> = <R as Resource>::Model;
