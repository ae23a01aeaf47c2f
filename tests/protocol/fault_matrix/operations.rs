//! The operations: the requests that each of them makes without a fault, and the request that meets the fault.

use conductorone_emulator::Emulator;
use serde_json::{Value, json};

use super::leaks::{ACCESS_TOKEN, API_KEY};
use crate::actions::{self, CONFIRM, FORCE};
use crate::plan::{CLOUD, DATA_CENTER, SELF_HOSTED};

/// One request: method and path without `/api`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// For example `GET /v1/apps/{app}/connectors`.
    pub(crate) request: &'static str,
    /// The effect of sending it twice.
    pub(crate) effect: Effect,
}

/// The effect of sending a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// None, because the request changes nothing.
    Read,
    /// The same as sending it once.
    Repeatable,
    /// Removes something. If it no longer exists, the request still succeeds.
    Remove,
    /// Creates a second connector. The provider can find the first one.
    Create,
    /// Issues a second credential. The provider cannot read the secret of the first one.
    Issue,
    /// Issues a second access token. The provider needs only one.
    Token,
}

const fn step(request: &'static str, effect: Effect) -> Step {
    Step { request, effect }
}

/// Lists the connectors of the app, to find what an interrupted run or a lost response left behind.
pub(crate) const LIST: Step = step("GET /v1/apps/{app}/connectors", Effect::Read);
const CREATE: Step = step("POST /v1/apps/{app}/connectors/create", Effect::Create);
const CREATE_DELEGATED: Step = step("POST /v1/apps/{app}/connectors", Effect::Create);
const GET: Step = step("GET /v1/apps/{app}/connectors/{connector}", Effect::Read);
pub(crate) const CONFIGURE: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}",
    Effect::Repeatable,
);
const RENAME: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/delegated",
    Effect::Repeatable,
);
/// The deletion of the connector.
pub(crate) const DELETE: Step = step(
    "DELETE /v1/apps/{app}/connectors/{connector}",
    Effect::Remove,
);
const OWNERS: Step = step(
    "GET /v2/apps/{app}/connectors/{connector}/owners/users",
    Effect::Read,
);
const ENTITLEMENTS: Step = step(
    "GET /v2/apps/{app}/connectors/{connector}/owners/entitlements",
    Effect::Read,
);
const SET_OWNERS: Step = step(
    "PUT /v2/apps/{app}/connectors/{connector}/owners",
    Effect::Repeatable,
);
const ISSUE: Step = step("POST /v1/apps/connectors/credentials", Effect::Issue);
const GET_CREDENTIAL: Step = step(
    "GET /v1/apps/{app}/connectors/{connector}/credentials/{credential}",
    Effect::Read,
);
const REVOKE: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/credentials/{credential}",
    Effect::Remove,
);

const FORCE_SYNC: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/force_sync",
    Effect::Repeatable,
);
const PAUSE: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/pause",
    Effect::Repeatable,
);
const RESUME: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/resume",
    Effect::Repeatable,
);
const CONFIRM_SYNC: Step = step(
    "POST /v1/apps/{app}/connectors/{connector}/confirm_sync_valid/{sync}",
    Effect::Repeatable,
);
/// The request for an access token.
pub(crate) const TOKEN: Step = step("POST /auth/v1/token", Effect::Token);

impl Step {
    /// Returns the method and the emulator's pattern for the path. `connector` is empty before the connector exists.
    pub(crate) fn pattern(&self, connector: &str) -> (&'static str, String) {
        let (method, path) = self.request.split_once(' ').expect("a method and a path");
        let connector = if connector.is_empty() { "*" } else { connector };
        let path = path.replace("{connector}", connector);
        let path = path.replace("{app}", "*").replace("{credential}", "*");
        let path = path.replace("{sync}", "*");
        (method, format!("*{path}"))
    }

    /// Returns the request as the golden file shows it.
    pub(crate) fn shown(&self) -> String {
        match self.request.split_once(" /v") {
            Some((method, path)) => format!("{method} /api/v{path}"),
            None => self.request.to_owned(),
        }
    }

    /// Returns whether the request contains the API key, so that a response may quote it.
    pub(crate) fn holds_api_key(&self) -> bool {
        *self == CREATE || *self == CONFIGURE
    }
}

/// What Terraform does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Applies a new configuration.
    Create,
    /// Applies a configuration in which this attribute has changed.
    Change(&'static str),
    /// Applies after somebody revoked the credential outside Terraform.
    Reissue,
    /// Refreshes.
    Read,
    /// Destroys.
    Delete,
    /// Runs this action on the connector.
    Invoke(&'static str),
    /// Opens the ephemeral resource.
    Open,
}

/// The role of the request that meets the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Creates the connector.
    Creation,
    /// Follows a creation, and other resources depend on its result.
    Completion,
    /// Follows a creation.
    FollowUp,
    /// Follows a creation, after Terraform has saved the state and while the provider shuts down.
    LastStep,
    /// Changes an existing object.
    Change,
    /// Reads whether the connector exists.
    Refresh,
    /// Reads whether the credential exists.
    CredentialRefresh,
    /// Removes something.
    Removal,
    /// Runs an action or opens an ephemeral resource, which have no state.
    Stateless,
}

/// One row of the matrix.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The resource type.
    pub(crate) resource: &'static str,
    /// The name in the golden file.
    pub(crate) title: &'static str,
    /// What Terraform does.
    pub(crate) act: Act,
    /// Whether ConductorOne asks the owners for the settings.
    delegated: bool,
    /// The request that meets the fault.
    pub(crate) faulted: Step,
    /// The role of that request.
    pub(crate) role: Role,
    /// The requests before it.
    pub(crate) before: &'static [Step],
    /// The requests that run at the same time.
    pub(crate) beside: &'static [Step],
    /// The requests after it.
    pub(crate) after: &'static [Step],
}

const fn operation(title: &'static str, act: Act, role: Role, faulted: Step) -> Operation {
    Operation {
        resource: CLOUD,
        title,
        act,
        delegated: false,
        faulted,
        role,
        before: &[],
        beside: &[],
        after: &[],
    }
}

impl Operation {
    const fn data_center(self) -> Self {
        Self {
            resource: DATA_CENTER,
            ..self
        }
    }

    const fn self_hosted(self) -> Self {
        Self {
            resource: SELF_HOSTED,
            ..self
        }
    }

    const fn delegated(self) -> Self {
        Self {
            delegated: true,
            ..self
        }
    }

    const fn before(self, before: &'static [Step]) -> Self {
        Self { before, ..self }
    }

    const fn beside(self, beside: &'static [Step]) -> Self {
        Self { beside, ..self }
    }

    const fn after(self, after: &'static [Step]) -> Self {
        Self { after, ..self }
    }
}

/// All operations, in the order of the golden file.
#[rustfmt::skip]
pub(crate) const OPERATIONS: [Operation; 26] = [
    operation("Create with settings and a display name", Act::Create, Role::Creation, CREATE)
        .before(&[LIST])
        .after(&[GET, OWNERS, RENAME, RENAME]),
    operation("Create: set the display name", Act::Create, Role::FollowUp, RENAME)
        .before(&[LIST, CREATE])
        .beside(&[GET, OWNERS])
        .after(&[RENAME]),
    operation("Create delegated", Act::Create, Role::Creation, CREATE_DELEGATED)
        .delegated()
        .before(&[LIST])
        .after(&[GET, OWNERS, RENAME]),
    operation("Create delegated: remove the mark", Act::Create, Role::LastStep, RENAME)
        .delegated()
        .before(&[LIST, CREATE_DELEGATED, GET, OWNERS]),
    operation("Update the settings", Act::Change("username"), Role::Change, CONFIGURE)
        .before(&[GET]),
    operation("Update the display name", Act::Change("display_name"), Role::Change, RENAME),
    operation("Update the owners", Act::Change("owner_ids"), Role::Change, SET_OWNERS)
        .before(&[OWNERS, ENTITLEMENTS])
        .after(&[OWNERS]),
    operation("Read", Act::Read, Role::Refresh, GET).beside(&[OWNERS]),
    operation("Delete", Act::Delete, Role::Removal, DELETE),
    operation("Run confluence_force_sync", Act::Invoke(FORCE), Role::Stateless, FORCE_SYNC)
        .before(&[GET]),
    operation("Run confluence_pause_sync", Act::Invoke(actions::PAUSE), Role::Stateless, PAUSE)
        .before(&[GET]),
    operation("Run confluence_resume_sync", Act::Invoke(actions::RESUME), Role::Stateless, RESUME)
        .before(&[GET]),
    operation("Run confluence_confirm_sync", Act::Invoke(CONFIRM), Role::Stateless, CONFIRM_SYNC)
        .before(&[GET]),
    operation("Open confluence_access_token", Act::Open, Role::Stateless, TOKEN),
    operation("Create", Act::Create, Role::Creation, CREATE_DELEGATED)
        .data_center()
        .before(&[LIST])
        .after(&[ISSUE, GET, OWNERS, RENAME]),
    operation("Create: issue the credential", Act::Create, Role::Completion, ISSUE)
        .data_center()
        .before(&[LIST, CREATE_DELEGATED])
        .after(&[GET, OWNERS, RENAME]),
    operation("Update the display name", Act::Change("display_name"), Role::Change, RENAME)
        .data_center(),
    operation("Issue a new credential after a revocation", Act::Reissue, Role::Change, ISSUE)
        .data_center(),
    operation("Read", Act::Read, Role::Refresh, GET)
        .data_center()
        .beside(&[OWNERS, GET_CREDENTIAL]),
    operation("Read: the credential", Act::Read, Role::CredentialRefresh, GET_CREDENTIAL)
        .data_center()
        .beside(&[GET, OWNERS]),
    operation("Delete: revoke the credential", Act::Delete, Role::Removal, REVOKE)
        .data_center()
        .after(&[DELETE]),
    operation("Delete", Act::Delete, Role::Removal, DELETE)
        .data_center()
        .before(&[REVOKE]),
    operation("Create", Act::Create, Role::Creation, CREATE_DELEGATED)
        .self_hosted()
        .before(&[LIST])
        .after(&[ISSUE, GET, OWNERS, RENAME]),
    operation("Create: issue the credential", Act::Create, Role::Completion, ISSUE)
        .self_hosted()
        .before(&[LIST, CREATE_DELEGATED])
        .after(&[GET, OWNERS, RENAME]),
    operation("Read", Act::Read, Role::Refresh, GET)
        .self_hosted()
        .beside(&[OWNERS, GET_CREDENTIAL]),
    operation("Delete", Act::Delete, Role::Removal, DELETE)
        .self_hosted()
        .before(&[REVOKE]),
];

impl Operation {
    /// Returns whether users run the connector, with a credential.
    pub(crate) fn is_self_hosted(&self) -> bool {
        self.resource != CLOUD
    }

    /// Returns the configuration before the operation, or the configuration to create.
    pub(crate) fn config(&self, emulator: &Emulator) -> Value {
        let (app_id, owners) = (emulator.app_id(), json!([emulator.user_id("alice")]));
        match (self.resource, self.delegated) {
            (CLOUD, false) => json!({
                "app_id": app_id, "owner_ids": owners, "display_name": "Wiki", "site_domain": "acme",
                "username": "svc@acme.example", "api_key": API_KEY,
            }),
            (CLOUD, true) => json!({
                "app_id": app_id, "owner_ids": owners, "display_name": "Wiki",
            }),
            (SELF_HOSTED, _) => json!({
                "app_id": app_id, "owner_ids": owners, "site_domain": "acme", "username": "svc@acme.example",
                "api_key": API_KEY,
            }),
            _ => json!({
                "app_id": app_id, "owner_ids": owners, "access_token": ACCESS_TOKEN,
                "hostname": "https://confluence.corp.acme.example",
            }),
        }
    }

    /// Returns the configuration that the operation applies, or null if it destroys.
    pub(crate) fn wanted(&self, emulator: &Emulator) -> Value {
        let mut config = self.config(emulator);
        match self.act {
            Act::Delete => return Value::Null,
            Act::Change("owner_ids") => config["owner_ids"] = json!([emulator.user_id("bob")]),
            Act::Change(attribute) => config[attribute] = json!("other@acme.example"),
            Act::Create | Act::Reissue | Act::Read | Act::Invoke(_) | Act::Open => {}
        }
        config
    }
}
