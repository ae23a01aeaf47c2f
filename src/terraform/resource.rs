//! What a managed resource implements.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::stored::{Move, Upgrade};
use super::value::Typed;

/// The attributes of something, as [`model!`](super::value::model) declares them.
pub trait Model: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static {}

impl<M: Typed + JsonSchema + Clone + PartialEq + Send + Sync + 'static> Model for M {}

/// A kind of object that Terraform creates, reads, changes and deletes.
///
/// Everything that is the same for all resources happens outside: the checks that the schema declares, defaults,
/// spellings that mean the same, replacement, identity, moves, and what the state becomes after a success or a failure.
pub trait Resource: Send + Sync + Sized + 'static {
    /// The attributes, described once.
    type Model: Model;
    /// What the provider's configuration made.
    type Client: Send + Sync + 'static;
    /// What is kept beside the state and never shown; `()` for nothing.
    type Private: Serialize + DeserializeOwned + Default + Send + Sync + 'static;

    /// The full type name, for example `confluence_integration`.
    const TYPE_NAME: &'static str;
    /// The attributes that together find an object, by which it can be imported too.
    const IDENTITY: &'static [&'static str];
    /// How state that older releases stored becomes the present one: each entry takes it one version further.
    const UPGRADES: &'static [Upgrade] = &[];
    /// Which objects of other types can become one of this.
    const MOVES: &'static [Move] = &[];

    /// Checks rules between attributes of a configuration, in which anything may be unknown. It gives errors only.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Notes that Terraform's state holds `state`. Terraform says so before it reads or changes an object, and in any order
    /// with plans of other objects.
    fn seen(&self, _client: &Self::Client, _state: &Self::Model) {}

    /// Says what there is to know about an object of the state that Terraform is going to keep, change or destroy. Asked once
    /// for each of them in a run that plans.
    fn held(&self, _client: &Self::Client, _state: &Self::Model) -> Option<Diagnostic> {
        None
    }

    /// Adds to a plan what the general rules cannot know. Called for creation and update; for a replacement, what it says
    /// about the creation counts. It changes nothing on the remote side, and gives the same plan when it is asked again
    /// while the plan is applied: neither the clock nor anything else that moves decides.
    ///
    /// Warnings about a configuration belong here and not into [`validate`](Self::validate), which Terraform calls in
    /// every run: a plan warns where it creates the object or changes what the warning is about.
    fn plan(&self, _plan: &mut Plan<Self>) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Says what there is to know before `state` is destroyed. `context` is there once the provider's configuration is
    /// known.
    fn plan_destruction(
        &self,
        _context: Option<&Context<Self::Client>>,
        _state: &Self::Model,
    ) -> impl Future<Output = Diagnostics> + Send {
        std::future::ready(Diagnostics::default())
    }

    /// Creates the object and returns it.
    ///
    /// As soon as the object exists it must be [saved](Operation::save). As soon as it has what others depend on, it must be
    /// [declared ready](Operation::ready): a failure before that is an error, and Terraform replaces the object; a failure
    /// after that is reported as a warning, and the next apply repairs the object in place.
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
pub struct Plan<R: Resource> {
    /// What exists; `None` for a new object.
    pub prior: Option<R::Model>,
    /// What the user wrote, write-only values included.
    pub config: R::Model,
    /// What will be, so far.
    pub planned: R::Model,
    /// Attributes that force a replacement as a rule and need none here, although they differ.
    pub in_place: Vec<&'static str>,
    /// What there is to say about it.
    pub diagnostics: Diagnostics,
    /// What the last operation has kept.
    pub private: R::Private,
    /// For questions to the remote side; `None` while the provider's configuration is not known.
    pub context: Option<Context<R::Client>>,
}

/// One call of [`Resource`]'s methods that change or read the remote side.
#[derive(Debug)]
pub struct Operation<R: Resource> {
    context: Context<R::Client>,
    imported: bool,
    /// What the user wrote, write-only values included; `None` when there is no configuration at hand, in reads and
    /// deletions.
    pub(super) config: Option<R::Model>,
    /// What is kept beside the state for the next call.
    pub private: R::Private,
    pub(super) saved: Option<R::Model>,
    /// Whether others can use what is being created.
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

    /// What it may use.
    pub fn context(&self) -> &Context<R::Client> {
        &self.context
    }

    /// What the user wrote, write-only values included; `None` in reads and deletions.
    pub fn config(&self) -> Option<&R::Model> {
        self.config.as_ref()
    }

    /// Whether this is the first read after an import, when the state holds nothing but the way to the object.
    pub fn imported(&self) -> bool {
        self.imported
    }

    /// Notes what exists by now: whatever happens next, the state gets it.
    pub fn save(&mut self, model: R::Model) {
        self.saved = Some(model);
    }

    /// Declares that what is being created has everything that others depend on: a failure of a later step is a warning.
    pub fn ready(&mut self) {
        self.ready = true;
    }

    /// Tells the user something that is no failure.
    pub fn warn(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.into_warning());
    }
}
