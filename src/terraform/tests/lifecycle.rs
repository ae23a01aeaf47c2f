//! Drives the life cycle of one object of any resource, with the calls that Terraform makes.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::terraform::context::ContextBuilder;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::{AnyResource, Change, Outcome, Planned};
use crate::terraform::private_state::PrivateState;
use crate::terraform::value::{Data, Value, json};

/// An object, with the state and the private state that Terraform stores.
pub(crate) struct Lifecycle<C> {
    resource: Box<dyn AnyResource<C>>,
    configure: Box<dyn Fn() -> Arc<C>>,
    state: Value,
    private: PrivateState,
}

impl<C> Lifecycle<C> {
    /// Creates the driver without an object. `configure` runs before every call, as Terraform configures the provider for
    /// every command.
    pub(crate) fn new(
        resource: Box<dyn AnyResource<C>>,
        configure: impl Fn() -> Arc<C> + 'static,
    ) -> Self {
        Self {
            resource,
            configure: Box::new(configure),
            state: Value::Null,
            private: PrivateState::default(),
        }
    }

    /// Validates a JSON configuration and returns the summaries of the diagnostics.
    pub(crate) fn validate(&self, config: &str) -> Vec<String> {
        summaries(self.resource.validate(self.config(config)))
    }

    /// Plans a configuration. Returns the names of the changed attributes and the summaries of the diagnostics.
    pub(crate) async fn plan(&self, config: &str) -> (Vec<String>, Vec<String>) {
        let planned = self.planned(config).await;
        let names = planned.state.as_map().unwrap().keys();
        let changed = names
            .filter(|name| planned.state.attribute(name) != self.state.attribute(name))
            .cloned();
        (changed.collect(), summaries(planned.diagnostics))
    }

    /// Plans and applies a configuration, and returns the summaries of the diagnostics.
    pub(crate) async fn apply(&mut self, config: &str) -> Vec<String> {
        let planned = self.planned(config).await;
        let mut summaries = summaries(planned.diagnostics);
        summaries.extend(self.change(planned.state, self.config(config)).await);
        summaries
    }

    /// Destroys the object.
    pub(crate) async fn destroy(&mut self) -> Vec<String> {
        self.change(Value::Null, Value::Null).await
    }

    /// Reads the object.
    pub(crate) async fn refresh(&mut self) -> Vec<String> {
        let (state, private) = (self.state.clone(), self.private.clone());
        let outcome = self.resource.read(self.context(), state, private).await;
        self.store(outcome)
    }

    /// Imports the object and reads it.
    pub(crate) async fn import(&mut self, id: &str) -> Vec<String> {
        self.state = self.resource.import(id).unwrap();
        self.private = PrivateState::imported();
        self.refresh().await
    }

    /// Returns whether the object is in the state.
    pub(crate) fn exists(&self) -> bool {
        !self.state.is_null()
    }

    /// Returns a string in the state. Null counts as empty.
    pub(crate) fn text(&self, name: &str) -> &str {
        text_of(self.state.attribute(name))
    }

    /// Returns a map of strings in the state, in the order of its keys.
    pub(crate) fn map(&self, name: &str) -> Vec<(&str, &str)> {
        let entries = self.state.attribute(name).as_map().unwrap().iter();
        let entry = |(key, value)| (String::as_str(key), text_of(value));
        entries.map(entry).collect()
    }

    fn config(&self, config: &str) -> Value {
        let schema = self.resource.schema().unwrap();
        json::decode(config.as_bytes(), &schema.value_type()).unwrap()
    }

    async fn planned(&self, config: &str) -> Planned {
        let (prior, config) = (self.state.clone(), self.config(config));
        let context = Some(self.context());
        let planned = self.resource.plan(context, prior, config, &self.private);
        let planned = planned.await.unwrap();
        assert_eq!(planned.requires_replace, [], "the change must be in place");
        planned
    }

    async fn change(&mut self, planned: Value, config: Value) -> Vec<String> {
        let change = Change {
            prior: self.state.clone(),
            planned,
            config,
            private: self.private.clone(),
        };
        let outcome = self.resource.apply(self.context(), change).await;
        self.store(outcome)
    }

    fn store(&mut self, outcome: Outcome) -> Vec<String> {
        (self.state, self.private) = (outcome.state, outcome.private);
        summaries(outcome.diagnostics)
    }

    fn context(&self) -> ContextBuilder<C> {
        ContextBuilder::new((self.configure)(), CancellationToken::new())
    }
}

fn summaries(diagnostics: Diagnostics) -> Vec<String> {
    let diagnostics = diagnostics.into_iter();
    diagnostics.map(|diagnostic| diagnostic.summary).collect()
}

fn text_of(value: &Value) -> &str {
    match value {
        Value::Known(Data::String(text)) => text,
        Value::Null => "",
        other => panic!("{other:?} is not a string"),
    }
}
