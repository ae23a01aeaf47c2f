//! Managed resources of any type behind one interface.

use futures_util::future::BoxFuture;

use crate::terraform::context::ContextBuilder;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::path::Path;
use crate::terraform::private_state::PrivateState;
use crate::terraform::schema::Schema;
use crate::terraform::state_migration::{StateMover, StateUpgrader};
use crate::terraform::value::Value;

/// The result of planning a creation or an update.
#[derive(Debug)]
pub struct Planned {
    pub(in crate::terraform) state: Value,
    pub(in crate::terraform) requires_replace: Vec<Path>,
    pub(in crate::terraform) diagnostics: Diagnostics,
}

/// A change. The prior and planned states determine whether it creates, updates or deletes: a null state means that there is
/// no object.
#[derive(Debug)]
pub struct Change {
    pub(in crate::terraform) prior: Value,
    pub(in crate::terraform) planned: Value,
    pub(in crate::terraform) config: Value,
    pub(in crate::terraform) private: PrivateState,
}

/// The result of an operation.
#[derive(Debug)]
pub struct Outcome {
    pub(in crate::terraform) state: Value,
    pub(in crate::terraform) private: PrivateState,
    pub(in crate::terraform) diagnostics: Diagnostics,
}

/// A [`Resource`](crate::terraform::resource::Resource) of any type. Objects are dynamic values.
pub trait AnyResource<C>: Send + Sync {
    /// Returns the full type name.
    fn type_name(&self) -> &'static str;
    /// Returns the schema.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Returns the attributes of the identity.
    fn identity(&self) -> &'static [&'static str];
    /// Returns the state upgraders.
    fn upgrades(&self) -> &'static [StateUpgrader];
    /// Returns the state movers.
    fn moves(&self) -> &'static [StateMover];
    /// Validates a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Records that the state contains an object.
    fn record_in_state(&self, client: &C, state: Value);
    /// Plans a creation (null prior state) or an update.
    fn plan(
        &self,
        context: Option<ContextBuilder<C>>,
        prior: Value,
        config: Value,
        private: &PrivateState,
    ) -> BoxFuture<'_, Result<Planned, Diagnostics>>;
    /// Returns diagnostics before an object is destroyed.
    fn plan_destruction(
        &self,
        context: Option<ContextBuilder<C>>,
        state: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>>;
    /// Creates, updates or deletes an object.
    fn apply(&self, context: ContextBuilder<C>, change: Change) -> BoxFuture<'_, Outcome>;
    /// Reads an object. A null state in the result means that the object no longer exists.
    fn read(
        &self,
        context: ContextBuilder<C>,
        state: Value,
        private: PrivateState,
    ) -> BoxFuture<'_, Outcome>;
    /// Returns the state from which an imported object can be read.
    fn import(&self, id: &str) -> Result<Value, Diagnostics>;
}
