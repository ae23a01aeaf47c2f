//! The trait for managed resources.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::Model;
use super::state_migration::{StateMover, StateUpgrader};

/// A managed resource, whose objects Terraform creates, reads, updates and deletes.
///
/// [`managed`](super::managed::managed) implements what is the same for all resources: schema validation, defaults, semantic
/// equality, replacement, identity, state upgrades and moves, and the state after a success or a failure.
pub trait Resource: Send + Sync + Sized + 'static {
    /// The attributes.
    type Model: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;
    /// The private state, which Terraform stores and never shows. `()` means none.
    type Private: Serialize + DeserializeOwned + Default + Send + Sync + 'static;

    /// The full type name, for example `confluence_integration`.
    const TYPE_NAME: &'static str;
    /// The attributes of the identity. Together they identify an object, also for an import.
    const IDENTITY: &'static [&'static str];
    /// The state upgraders, one for each earlier version of the schema.
    const UPGRADES: &'static [StateUpgrader] = &[];
    /// The state movers, one for each other resource type that can be moved to this type.
    const MOVES: &'static [StateMover] = &[];

    /// Validates rules between attributes of a configuration. Any value may be unknown. This must not add warnings.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Records that Terraform's state contains `state`. Terraform upgrades the stored state of an object before it reads or
    /// changes the object. It may plan other objects before that.
    fn record_in_state(&self, _client: &Self::Client, _state: &Self::Model) {}

    /// Returns a diagnostic about an object in the state. The object may be about to be changed or destroyed. Each plan of
    /// the object calls this once.
    fn diagnose_in_state(
        &self,
        _client: &Self::Client,
        _state: &Self::Model,
    ) -> Option<Diagnostic> {
        None
    }

    /// Modifies a plan for a creation or an update. For a replacement, Terraform shows the diagnostics of the creation.
    ///
    /// Planning must not change anything remotely. Terraform plans again during apply and requires the same result, so the
    /// plan must not depend on the clock or on anything else that changes.
    ///
    /// Warnings about a configuration belong here and not in [`validate`](Self::validate), which Terraform calls in every
    /// run. A plan should warn only if it creates the object or changes the attribute that causes the warning.
    fn plan(&self, _plan: &mut Plan<Self>) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Returns diagnostics before `state` is destroyed. `context` is `None` while the provider's configuration is unknown.
    fn plan_destruction(
        &self,
        _context: Option<&Context<Self::Client>>,
        _state: &Self::Model,
    ) -> impl Future<Output = Diagnostics> + Send {
        std::future::ready(Diagnostics::default())
    }

    /// Creates the object and returns it.
    ///
    /// Call [`Operation::save`] as soon as the object exists. Call [`Operation::ready`] as soon as other resources can use
    /// the object. A failure before `ready` is an error, and Terraform replaces the object. A failure after `ready` becomes a
    /// warning, and the next apply completes the object in place.
    fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object. `None` means that the object no longer exists.
    fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object from `prior` to `planned` and returns it. Call [`Operation::save`] after each step, so that the
    /// state contains the steps that succeeded if a later step fails.
    fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Self::Model,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes the object. If the object does not exist, the deletion succeeds.
    fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Parses an import ID. The result has the attributes that [`read`](Self::read) requires.
    fn import(&self, id: &str) -> Result<Self::Model, Diagnostics>;
}

/// A plan for a creation or an update.
#[derive(Debug)]
pub struct Plan<R: Resource> {
    /// The prior state. `None` means that the object does not exist yet.
    pub prior: Option<R::Model>,
    /// The configuration, including write-only values.
    pub config: R::Model,
    /// The planned state.
    pub planned: R::Model,
    /// Attributes with the flag `ForcesReplacement` that this plan changes in place.
    pub in_place: Vec<&'static str>,
    /// The diagnostics of the plan.
    pub diagnostics: Diagnostics,
    /// The private state of the last operation.
    pub private: R::Private,
    /// The context for requests. `None` while the provider's configuration is unknown.
    pub context: Option<Context<R::Client>>,
}

/// A creation, read, update or deletion of an object.
#[derive(Debug)]
pub struct Operation<R: Resource> {
    context: Context<R::Client>,
    imported: bool,
    /// The configuration, including write-only values. Reads and deletions have none.
    pub(super) config: Option<R::Model>,
    /// The private state, which is stored after the operation.
    pub private: R::Private,
    pub(super) saved: Option<R::Model>,
    /// Whether other resources can use the object.
    pub(super) ready: bool,
    pub(super) diagnostics: Diagnostics,
}

impl<R: Resource> Operation<R> {
    pub(super) fn new(context: Context<R::Client>, private: R::Private, imported: bool) -> Self {
        Self {
            context,
            imported,
            config: None,
            private,
            saved: None,
            ready: false,
            diagnostics: Diagnostics::default(),
        }
    }

    /// Returns the context.
    pub fn context(&self) -> &Context<R::Client> {
        &self.context
    }

    /// Returns the configuration, including write-only values. Reads and deletions have none.
    pub fn config(&self) -> Option<&R::Model> {
        self.config.as_ref()
    }

    /// Returns whether this is the first read after an import. The state then has only the attributes of the import ID.
    pub fn imported(&self) -> bool {
        self.imported
    }

    /// Records the current object. The state contains it even if a later step fails.
    pub fn save(&mut self, model: R::Model) {
        self.saved = Some(model);
    }

    /// Declares that other resources can use the object. A failure of a later step becomes a warning.
    pub fn ready(&mut self) {
        self.ready = true;
    }

    /// Adds diagnostics as warnings.
    pub fn warn(&mut self, diagnostics: impl Into<Diagnostics>) {
        let warnings = diagnostics.into().into_iter().map(Diagnostic::into_warning);
        self.diagnostics.extend(warnings);
    }
}
