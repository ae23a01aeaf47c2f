//! One object of any resource, taken through its life in the order in which Terraform asks.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::{AnyResource, Change, Environment, Outcome, Planned};
use crate::terraform::private::Private;
use crate::terraform::value::{Data, Value, json};

/// An object: its resource, and what Terraform holds of it.
pub(crate) struct Life<C> {
    resource: Box<dyn AnyResource<C>>,
    configure: Box<dyn Fn() -> Arc<C>>,
    state: Value,
    private: Private,
}

impl<C> Life<C> {
    /// Before the object exists. The provider is configured anew for every call, as for every command of Terraform.
    pub(crate) fn new(
        resource: Box<dyn AnyResource<C>>,
        configure: impl Fn() -> Arc<C> + 'static,
    ) -> Self {
        Self {
            resource,
            configure: Box::new(configure),
            state: Value::Null,
            private: Private::default(),
        }
    }

    /// The summaries of what validation says about a configuration, which is JSON.
    pub(crate) fn validate(&self, config: &str) -> Vec<String> {
        summaries(self.resource.validate(self.config(config)))
    }

    /// The names of the attributes that a plan changes, and the summaries of what it says.
    pub(crate) async fn plan(&self, config: &str) -> (Vec<String>, Vec<String>) {
        let planned = self.planned(config).await;
        let names = planned.state.as_map().unwrap().keys();
        let changed = names
            .filter(|name| planned.state.attribute(name) != self.state.attribute(name))
            .cloned();
        (changed.collect(), summaries(planned.diagnostics))
    }

    /// Plans and applies a configuration, and returns the summaries of what was said.
    pub(crate) async fn apply(&mut self, config: &str) -> Vec<String> {
        let planned = self.planned(config).await;
        let mut said = summaries(planned.diagnostics);
        said.extend(self.change(planned.state, self.config(config)).await);
        said
    }

    /// Destroys the object.
    pub(crate) async fn destroy(&mut self) -> Vec<String> {
        self.change(Value::Null, Value::Null).await
    }

    /// Reads the object.
    pub(crate) async fn refresh(&mut self) -> Vec<String> {
        let (state, private) = (self.state.clone(), self.private.clone());
        let outcome = self.resource.read(self.environment(), state, private).await;
        self.settle(outcome)
    }

    /// Imports the object and reads it for the first time.
    pub(crate) async fn import(&mut self, id: &str) -> Vec<String> {
        self.state = self.resource.import(id).unwrap();
        self.private = Private::of_import();
        self.refresh().await
    }

    /// Whether the object is in the state.
    pub(crate) fn exists(&self) -> bool {
        !self.state.is_null()
    }

    /// A text of the state; empty where it is null.
    pub(crate) fn text(&self, name: &str) -> &str {
        text_of(self.state.attribute(name))
    }

    /// A map of texts of the state, in the order of its keys.
    pub(crate) fn map(&self, name: &str) -> Vec<(&str, &str)> {
        let entries = self.state.attribute(name).as_map().unwrap().iter();
        let entry = |(key, value)| (String::as_str(key), text_of(value));
        entries.map(entry).collect()
    }

    fn config(&self, config: &str) -> Value {
        let schema = self.resource.schema().unwrap();
        json::decode(config.as_bytes(), &schema.ty()).unwrap()
    }

    async fn planned(&self, config: &str) -> Planned {
        let (prior, config) = (self.state.clone(), self.config(config));
        let with = Some(self.environment());
        let planned = self.resource.plan(with, prior, config, &self.private);
        let planned = planned.await.unwrap();
        assert_eq!(planned.requires_replace, [], "a change in place is meant");
        planned
    }

    async fn change(&mut self, planned: Value, config: Value) -> Vec<String> {
        let change = Change {
            prior: self.state.clone(),
            planned,
            config,
            private: self.private.clone(),
        };
        let outcome = self.resource.apply(self.environment(), change).await;
        self.settle(outcome)
    }

    fn settle(&mut self, outcome: Outcome) -> Vec<String> {
        (self.state, self.private) = (outcome.state, outcome.private);
        summaries(outcome.diagnostics)
    }

    fn environment(&self) -> Environment<C> {
        Environment {
            client: (self.configure)(),
            cancellation: CancellationToken::new(),
            whole: None,
        }
    }
}

fn summaries(said: Diagnostics) -> Vec<String> {
    said.into_iter().map(|said| said.summary).collect()
}

fn text_of(value: &Value) -> &str {
    match value {
        Value::Known(Data::String(text)) => text,
        Value::Null => "",
        other => panic!("{other:?} is no text"),
    }
}
