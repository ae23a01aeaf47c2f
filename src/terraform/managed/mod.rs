//! Managed resources: the rules that are the same for every resource.

mod any_resource;
mod operations;
mod planning;

use futures_util::future::BoxFuture;

pub use any_resource::{AnyResource, Change, Outcome, Planned};

use super::context::ContextBuilder;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::{to_object, to_optional_model};
use super::private_state::PrivateState;
use super::resource::Resource;
use super::schema::{Format, LazySchema, Schema};
use super::state_migration::{StateMover, StateUpgrader};
use super::timeouts::TimedOperation;
use super::value::Value;

/// Returns a resource for [`Provider::resources`](super::provider::Provider::resources). `formats` adds to the common
/// formats.
pub fn managed<R: Resource>(
    resource: R,
    formats: &'static [Format],
) -> Box<dyn AnyResource<R::Client>> {
    let version = i64::try_from(R::UPGRADES.len()).unwrap_or_default();
    Box::new(Managed {
        resource,
        schema: LazySchema::new(version, formats),
    })
}

struct Managed<R: Resource> {
    resource: R,
    schema: LazySchema<R::Model>,
}

impl<R: Resource> AnyResource<R::Client> for Managed<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn identity(&self) -> &'static [&'static str] {
        R::IDENTITY
    }

    fn upgrades(&self) -> &'static [StateUpgrader] {
        R::UPGRADES
    }

    fn moves(&self) -> &'static [StateMover] {
        R::MOVES
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.resource.validate(config, diagnostics);
            }),
            Err(invalid) => invalid.into(),
        }
    }

    fn record_in_state(&self, client: &R::Client, state: Value) {
        // If the state does not match the schema, the calls that follow report the error.
        if let Ok(Some(state)) = to_optional_model::<R::Model>(state) {
            self.resource.record_in_state(client, &state);
        }
    }

    fn plan(
        &self,
        context: Option<ContextBuilder<R::Client>>,
        prior: Value,
        config: Value,
        private: &PrivateState,
    ) -> BoxFuture<'_, Result<Planned, Diagnostics>> {
        let private = private.clone();
        Box::pin(async move {
            let context = context.map(|context| context.context(TimedOperation::Read, &config));
            let schema = self.schema.get()?;
            planning::plan(&self.resource, schema, context, prior, config, &private).await
        })
    }

    fn plan_destruction(
        &self,
        context: Option<ContextBuilder<R::Client>>,
        state: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>> {
        Box::pin(async move {
            let context = context.map(|context| context.context(TimedOperation::Read, &state));
            planning::plan_destruction(&self.resource, context, state).await
        })
    }

    fn apply(&self, context: ContextBuilder<R::Client>, change: Change) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let (prior, private) = (change.prior.clone(), change.private.clone());
            let result = async {
                let (resource, schema) = (&self.resource, self.schema.get()?);
                match (change.prior.is_null(), change.planned.is_null()) {
                    (true, _) => operations::create(resource, schema, context, change).await,
                    (false, true) => operations::delete(resource, context, change).await,
                    (false, false) => operations::update(resource, schema, context, change).await,
                }
            };
            unchanged_after_error(result.await, prior, private)
        })
    }

    fn read(
        &self,
        context: ContextBuilder<R::Client>,
        state: Value,
        private: PrivateState,
    ) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let prior = state.clone();
            let result = async {
                let schema = self.schema.get()?;
                operations::read(&self.resource, schema, context, state, &private).await
            };
            unchanged_after_error(result.await, prior, private)
        })
    }

    fn import(&self, id: &str) -> Result<Value, Diagnostics> {
        self.resource.import(id).map(to_object)
    }
}

/// Returns the outcome of an operation. An operation that failed as a whole leaves the state unchanged.
fn unchanged_after_error(
    result: Result<Outcome, Diagnostics>,
    state: Value,
    private: PrivateState,
) -> Outcome {
    result.unwrap_or_else(|diagnostics| Outcome {
        state,
        private,
        diagnostics,
    })
}
