//! The operations: which requests each of them makes when nothing goes wrong, and which of those meets the fault.

use conductorone_emulator::Emulator;
use serde_json::{Value, json};

use super::leaks::{ACCESS_TOKEN, API_KEY};

/// The resource for Confluence Cloud.
pub(crate) const CLOUD: &str = "confluence_integration";
/// The resource for Confluence Data Center.
pub(crate) const DATA_CENTER: &str = "confluence_datacenter_integration";

/// One request: method and path without `/api`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// For example `GET /v1/apps/{app}/connectors`.
    pub(crate) request: &'static str,
    /// What sending it twice does.
    pub(crate) effect: Effect,
}

/// What sending a request twice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: it changes nothing.
    Read,
    /// The same as sending it once.
    Repeatable,
    /// It removes something, and what is gone already is fine.
    Remove,
    /// It creates a second connector. One that was created can be found.
    Create,
    /// It issues a second credential. The secret of one that was issued can't be found.
    Issue,
}

const fn step(request: &'static str, effect: Effect) -> Step {
    Step { request, effect }
}

/// The connectors of the app: what an interrupted run left behind, or what a lost answer spoke of.
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

impl Step {
    /// The method, and the pattern by which the emulator knows the path. `connector` is empty as long as there is none.
    pub(crate) fn pattern(&self, connector: &str) -> (&'static str, String) {
        let (method, path) = self.request.split_once(' ').expect("a method and a path");
        let connector = if connector.is_empty() { "*" } else { connector };
        let path = path.replace("{connector}", connector);
        let path = path.replace("{app}", "*").replace("{credential}", "*");
        (method, format!("*{path}"))
    }

    /// Whether the request holds the API key, so that an answer may quote it.
    pub(crate) fn holds_api_key(&self) -> bool {
        *self == CREATE || *self == CONFIGURE
    }
}

/// What Terraform is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Apply a new configuration.
    Create,
    /// Apply a configuration in which this attribute has changed.
    Change(&'static str),
    /// Apply after the credential was revoked elsewhere.
    Reissue,
    /// Refresh.
    Read,
    /// Destroy.
    Delete,
}

/// What the request that meets the fault is to the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Without it there is nothing.
    Creation,
    /// It comes after a creation, and others depend on what it makes.
    Completion,
    /// It comes after a creation.
    FollowUp,
    /// It comes after a creation too, when Terraform has saved the state and ends the process.
    LastStep,
    /// It changes what there is.
    Change,
    /// It says whether the connector exists.
    Refresh,
    /// It says whether the credential exists.
    CredentialRefresh,
    /// It removes something.
    Removal,
}

/// One row of the matrix.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The resource type.
    pub(crate) resource: &'static str,
    /// What the page calls it.
    pub(crate) title: &'static str,
    /// What Terraform is asked to do.
    pub(crate) act: Act,
    /// Whether there are settings, or the owners are asked for them.
    delegated: bool,
    /// The request that meets the fault.
    pub(crate) faulted: Step,
    /// What that request is to the operation.
    pub(crate) role: Role,
    /// The requests before it.
    pub(crate) before: &'static [Step],
    /// The requests at the same time, which do not wait for it.
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

/// All operations, in the order of the page.
pub(crate) const OPERATIONS: [Operation; 17] = [
    operation(
        "Create with settings and a display name",
        Act::Create,
        Role::Creation,
        CREATE,
    )
    .before(&[LIST])
    .after(&[GET, OWNERS, RENAME, RENAME]),
    operation(
        "Create: set the display name",
        Act::Create,
        Role::FollowUp,
        RENAME,
    )
    .before(&[LIST, CREATE, GET, OWNERS])
    .after(&[RENAME]),
    operation(
        "Create delegated",
        Act::Create,
        Role::Creation,
        CREATE_DELEGATED,
    )
    .delegated()
    .before(&[LIST])
    .after(&[GET, OWNERS, RENAME]),
    operation(
        "Create delegated: take the mark away",
        Act::Create,
        Role::LastStep,
        RENAME,
    )
    .delegated()
    .before(&[LIST, CREATE_DELEGATED, GET, OWNERS]),
    operation(
        "Update the settings",
        Act::Change("username"),
        Role::Change,
        CONFIGURE,
    )
    .before(&[GET]),
    operation(
        "Update the display name",
        Act::Change("display_name"),
        Role::Change,
        RENAME,
    ),
    operation(
        "Update the owners",
        Act::Change("owner_ids"),
        Role::Change,
        SET_OWNERS,
    )
    .before(&[OWNERS, ENTITLEMENTS])
    .after(&[OWNERS]),
    operation("Read", Act::Read, Role::Refresh, GET).beside(&[OWNERS]),
    operation("Delete", Act::Delete, Role::Removal, DELETE),
    operation("Create", Act::Create, Role::Creation, CREATE_DELEGATED)
        .data_center()
        .before(&[LIST])
        .after(&[ISSUE, GET, OWNERS, RENAME]),
    operation(
        "Create: issue the credential",
        Act::Create,
        Role::Completion,
        ISSUE,
    )
    .data_center()
    .before(&[LIST, CREATE_DELEGATED])
    .after(&[GET, OWNERS, RENAME]),
    operation(
        "Update the display name",
        Act::Change("display_name"),
        Role::Change,
        RENAME,
    )
    .data_center(),
    operation(
        "Issue anew a credential that was revoked",
        Act::Reissue,
        Role::Change,
        ISSUE,
    )
    .data_center(),
    operation("Read", Act::Read, Role::Refresh, GET)
        .data_center()
        .beside(&[OWNERS, GET_CREDENTIAL]),
    operation(
        "Read: the credential",
        Act::Read,
        Role::CredentialRefresh,
        GET_CREDENTIAL,
    )
    .data_center()
    .beside(&[GET, OWNERS]),
    operation(
        "Delete: revoke the credential",
        Act::Delete,
        Role::Removal,
        REVOKE,
    )
    .data_center()
    .after(&[DELETE]),
    operation("Delete", Act::Delete, Role::Removal, DELETE)
        .data_center()
        .before(&[REVOKE]),
];

impl Operation {
    /// The configuration before the operation, or that of a creation.
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
            _ => json!({
                "app_id": app_id, "owner_ids": owners, "access_token": ACCESS_TOKEN,
                "hostname": "https://confluence.corp.acme.example",
            }),
        }
    }

    /// The configuration that the operation applies; null where it destroys.
    pub(crate) fn wanted(&self, emulator: &Emulator) -> Value {
        let mut config = self.config(emulator);
        match self.act {
            Act::Delete => return Value::Null,
            Act::Change("owner_ids") => config["owner_ids"] = json!([emulator.user_id("bob")]),
            Act::Change(attribute) => config[attribute] = json!("other@acme.example"),
            Act::Create | Act::Reissue | Act::Read => {}
        }
        config
    }
}
