//! Settings for behavior that differs between tenants or that the public description leaves open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rate_limit::RateLimit;

/// The settings of the emulator that can change while it runs. In JSON, every field is optional.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Switches {
    /// The delay of every request.
    pub latency_ms: u64,
    /// The rate of requests that the tenant accepts, or none if it accepts any rate.
    pub rate_limit: Option<RateLimit>,
    /// The number of seconds that the tenant's clock is ahead of this machine's. It affects the `Date` of responses and
    /// the check of assertions.
    pub clock_ahead_s: i64,
    /// The order of every list in an answer.
    pub list_order: ListOrder,
    /// Whether a connector's `userIds` contains its owners. Otherwise it is always empty, as on current tenants.
    pub echo_user_ids: bool,
    /// Whether the tenant has the v2 owner endpoints.
    pub owners_api: OwnersApi,
    /// What new connectors have if a request leaves it open.
    pub new_connectors: NewConnectors,
    /// The time until reads and lists show a new connector. The emulator accepts writes to it.
    pub connector_delay_ms: u64,
    /// The time until reads and lists show a new app. The emulator accepts writes below it.
    pub app_delay_ms: u64,
    /// The time until reads show a change of owners.
    pub owner_delay_ms: u64,
    /// The role slug of owners in a request without a role.
    pub owner_role_slug: String,
    /// The time from a request for a sync until the sync starts.
    pub sync_queue_ms: u64,
    /// The duration of a sync.
    pub sync_duration_ms: u64,
    /// The error of syncs that start from now on.
    pub sync_error: Option<String>,
    /// The number of accounts that each connector has brought after a successful sync.
    pub synced_accounts: u64,
    /// The number of groups that each connector has brought. Each group has one entitlement.
    pub synced_groups: u64,
    /// The number of spaces that each connector has brought. Each space has one entitlement.
    pub synced_spaces: u64,
    /// Whether lists of what connectors have brought contain one deleted object of each kind.
    pub synced_deleted: bool,
    /// Lifetime of the tokens issued from now on.
    pub token_lifetime_s: u64,
    /// The `token_type` of the tokens issued from now on.
    pub token_type: String,
    /// The effect of an update of the configuration on omitted keys.
    pub config_mode: ConfigMode,
    /// The value in responses instead of a stored secret.
    pub secret_echo: SecretEcho,
    /// The response to a read of a deleted connector, app or user.
    pub deleted_answer: DeletedAnswer,
    /// Lifetime of the connector credentials issued from now on, or none if they do not expire.
    pub credential_lifetime_s: Option<u64>,
    /// Whether the form of the Confluence v2 entry also lists `noun`, `verb` and `use-rbac`, which it always accepts.
    pub full_form: bool,
    /// Overrides the catalog's configuration schema of an entry: `{schema, formSchema}` by catalog ID. It does not
    /// change the settings that the entry accepts.
    pub configuration_schemas: BTreeMap<String, Value>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            rate_limit: None,
            clock_ahead_s: 0,
            list_order: ListOrder::default(),
            echo_user_ids: false,
            owners_api: OwnersApi::default(),
            new_connectors: NewConnectors::default(),
            connector_delay_ms: 0,
            app_delay_ms: 0,
            owner_delay_ms: 0,
            owner_role_slug: "owner".to_owned(),
            sync_queue_ms: 0,
            sync_duration_ms: 200,
            sync_error: None,
            synced_accounts: 4,
            synced_groups: 2,
            synced_spaces: 3,
            synced_deleted: false,
            token_lifetime_s: 3600,
            token_type: "Bearer".to_owned(),
            config_mode: ConfigMode::default(),
            secret_echo: SecretEcho::default(),
            deleted_answer: DeletedAnswer::default(),
            credential_lifetime_s: None,
            full_form: false,
            configuration_schemas: BTreeMap::new(),
        }
    }
}

/// The order of lists within a page. Reading all pages still returns every item once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOrder {
    /// In the order of creation.
    #[default]
    Stored,
    /// In reverse order.
    Reversed,
    /// Starting with a different item in every response.
    Rotated,
}

impl ListOrder {
    /// Arranges the list of one response. `turn` counts the responses with this list.
    pub(crate) fn arrange<T>(self, items: &mut [T], turn: usize) {
        match self {
            Self::Stored => {}
            Self::Reversed => items.reverse(),
            Self::Rotated => {
                if let Some(by) = turn.checked_rem(items.len()) {
                    items.rotate_left(by);
                }
            }
        }
    }
}

/// Which owner endpoints of connectors there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnersApi {
    /// `/api/v2/.../owners`.
    #[default]
    V2,
    /// None, as on an old tenant, which only has a connector's `userIds`.
    Absent,
}

/// What new connectors have if a request leaves it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewConnectors {
    /// The name of their catalog entry, and no schedule. They sync.
    #[default]
    Plain,
    /// Another name, a schedule and a pause.
    Preset,
}

/// The effect of an update of the configuration on omitted keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigMode {
    /// Keeps omitted keys.
    #[default]
    Merge,
    /// Deletes omitted keys, including secrets.
    Replace,
}

/// The value in responses instead of a stored secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretEcho {
    /// Omits the key.
    #[default]
    Absent,
    /// Returns the key with `""`.
    Empty,
    /// Returns the key with asterisks.
    Masked,
}

impl SecretEcho {
    pub(crate) fn text(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Empty => Some(""),
            Self::Masked => Some("********"),
        }
    }
}

/// The response to a read of a deleted object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletedAnswer {
    /// 404.
    #[default]
    NotFound,
    /// 200 with `deletedAt`.
    DeletedAt,
}
