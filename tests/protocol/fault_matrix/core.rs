//! The part of Terraform that the fault matrix requires: refresh, plan and apply of one resource, and its state.

use serde_json::Value;

use crate::provider::{Finding, Plan, Provider, State, errors};
use crate::value::{complete, encode};

/// One resource of a state.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    resource: &'static str,
    held: Option<State>,
    /// Whether the creation failed, so that the next apply replaces the resource.
    tainted: bool,
}

/// What a plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    Nothing,
    /// A creation.
    Create,
    /// A change in place.
    Update,
    /// A deletion and a creation.
    Replace,
    /// A deletion.
    Delete,
}

impl Core {
    /// An empty state.
    pub(crate) fn new(resource: &'static str) -> Self {
        Self {
            resource,
            held: None,
            tainted: false,
        }
    }

    /// Returns the object in the state, or null if there is none.
    pub(crate) fn object(&self) -> &Value {
        self.held.as_ref().map_or(&Value::Null, |held| &held.value)
    }

    /// Refreshes the state. An error leaves it unchanged.
    pub(crate) async fn refresh(&mut self, provider: &Provider) -> Vec<Finding> {
        let Some(held) = &self.held else {
            return Vec::new();
        };
        let read = provider.read(self.resource, held).await;
        let findings = read.findings.clone();
        if errors(&findings).is_empty() {
            self.hold(read);
        }
        findings
    }

    /// Plans this configuration. Null destroys the resource.
    pub(crate) async fn plan(&self, provider: &Provider, config: &Value) -> (Action, Plan) {
        let private = self.held.as_ref().map_or(&[][..], |held| &held.private);
        // Terraform plans a tainted resource as if it did not exist.
        let prior = match (self.tainted, config.is_null()) {
            (true, false) => &Value::Null,
            _ => self.object(),
        };
        let plan = provider.plan(self.resource, prior, config, private).await;
        let action = match (self.object().is_null(), plan.state.is_null()) {
            (true, true) => Action::Nothing,
            (true, false) => Action::Create,
            (false, true) => Action::Delete,
            (false, false) if self.tainted || !plan.replace.is_empty() => Action::Replace,
            (false, false) if plan.state == *self.object() => Action::Nothing,
            (false, false) => Action::Update,
        };
        (action, plan)
    }

    /// Applies the plan of `config` and saves what Terraform would save.
    pub(crate) async fn apply(
        &mut self,
        provider: &Provider,
        config: &Value,
        (action, plan): (Action, Plan),
    ) -> Vec<Finding> {
        if action == Action::Nothing {
            return Vec::new();
        }
        if action == Action::Replace {
            return self.replace(provider, config).await;
        }
        let ty = provider.resource_type(self.resource);
        let prior = complete(self.object(), &ty);
        let config = complete(config, &ty);
        let state = provider.apply(self.resource, &prior, &config, &plan).await;
        let findings = state.findings.clone();
        let failed = !errors(&findings).is_empty();
        assert!(
            !state.value.to_string().contains("$unknown"),
            "Terraform refuses unknown values in a state: {:#}",
            state.value
        );
        // After an error without a new state, nothing has changed.
        if !(failed && state.value.is_null()) {
            self.tainted = failed && action == Action::Create;
            self.hold(state);
        }
        findings
    }

    /// Destroys, then creates.
    async fn replace(&mut self, provider: &Provider, config: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        for config in [&Value::Null, config] {
            let planned = self.plan(provider, config).await;
            findings.extend(Box::pin(self.apply(provider, config, planned)).await);
            self.tainted = false;
        }
        findings
    }

    fn hold(&mut self, state: State) {
        self.held = (!state.value.is_null()).then_some(state);
    }

    /// Returns the object's bytes as in the state file.
    pub(crate) fn bytes(&self, provider: &Provider) -> Vec<u8> {
        match &self.held {
            Some(held) => held.bytes.clone(),
            None => encode(&Value::Null, &provider.resource_type(self.resource)),
        }
    }
}
