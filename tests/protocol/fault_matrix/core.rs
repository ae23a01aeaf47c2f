//! As much of Terraform as a fault needs to meet: refresh, plan and apply of one resource, and the state in between.

use serde_json::Value;

use crate::provider::{Finding, Plan, Provider, State, errors};
use crate::value::{complete, encode};

/// One resource of a state.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    resource: &'static str,
    held: Option<State>,
    /// Its creation failed, so that the next apply replaces it.
    tainted: bool,
}

/// What a plan means to do.
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

    /// The object in the state; null without one.
    pub(crate) fn object(&self) -> &Value {
        self.held.as_ref().map_or(&Value::Null, |held| &held.value)
    }

    /// Reads what the state holds. An error keeps it.
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

    /// Plans this configuration; null destroys.
    pub(crate) async fn plan(&self, provider: &Provider, config: &Value) -> (Action, Plan) {
        let private = self.held.as_ref().map_or(&[][..], |held| &held.private);
        // What is tainted is planned as if it did not exist.
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

    /// Applies what was planned from `config`, and saves what Terraform would save.
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
        // An error without a new state means that nothing has changed.
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

    /// The object's bytes, as the state file has them.
    pub(crate) fn bytes(&self, provider: &Provider) -> Vec<u8> {
        match &self.held {
            Some(held) => held.bytes.clone(),
            None => encode(&Value::Null, &provider.resource_type(self.resource)),
        }
    }
}
