//! What a tenant does differently from the next one, or may do: everything the public description leaves open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The settings of the emulator that may change while it runs. As JSON, every field may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
pub struct Switches {
    /// Every request waits this long before anything happens.
    pub latency_ms: u64,
    /// How far the tenant's clock is ahead of this machine's, in seconds: for the `Date` of its answers and for the time in
    /// assertions.
    pub clock_ahead_s: i64,
    /// The order of every list in an answer.
    pub list_order: ListOrder,
    /// Whether a connector's `userIds` hold its owners; otherwise they are always empty, as on today's tenants.
    pub echo_user_ids: bool,
    /// Whether the tenant knows the v2 owner endpoints.
    pub owners_api: OwnersApi,
    /// How long a new connector stays invisible to reads and lists of connectors; writes to it are accepted.
    pub connector_delay_ms: u64,
    /// How long a new app stays invisible to reads and lists of apps; writes below it are accepted.
    pub app_delay_ms: u64,
    /// How long an accepted change of owners stays invisible to reads of owners.
    pub owner_delay_ms: u64,
    /// The role slug of owners that a request names without a role.
    pub owner_role_slug: String,
    /// How long a sync is queued before it starts.
    pub sync_queue_ms: u64,
    /// How long a sync runs.
    pub sync_duration_ms: u64,
    /// What syncs started from now on fail with.
    pub sync_error: Option<String>,
    /// Lifetime of the tokens issued from now on.
    pub token_lifetime_s: u64,
    /// The `token_type` of the tokens issued from now on.
    pub token_type: String,
    /// What an update of the configuration does to keys it leaves out.
    pub config_mode: ConfigMode,
    /// What stands in the place of a stored secret.
    pub secret_echo: SecretEcho,
    /// What a read of a deleted connector, app or user answers.
    pub deleted_answer: DeletedAnswer,
    /// Lifetime of the connector credentials issued from now on; none: they do not expire.
    pub credential_lifetime_s: Option<u64>,
    /// Whether the form of the Confluence v2 entry also lists `noun`, `verb` and `use-rbac`, which it takes in any case.
    pub full_form: bool,
    /// What the catalog answers about an entry instead of its own configuration schema: `{schema, formSchema}` by catalog
    /// id. It changes nothing about what the entry takes.
    pub configuration_schemas: BTreeMap<String, Value>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            clock_ahead_s: 0,
            list_order: ListOrder::default(),
            echo_user_ids: false,
            owners_api: OwnersApi::default(),
            connector_delay_ms: 0,
            app_delay_ms: 0,
            owner_delay_ms: 0,
            owner_role_slug: "owner".to_owned(),
            sync_queue_ms: 0,
            sync_duration_ms: 200,
            sync_error: None,
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

/// The order of lists. It applies within a page, so that reading all pages still finds everything once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOrder {
    /// As created.
    #[default]
    Stored,
    /// The other way round.
    Reversed,
    /// Starting somewhere else in every answer.
    Rotated,
}

impl ListOrder {
    /// Arranges the list of one answer; `turn` counts the answers with this list.
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
    /// None: an old tenant, where a connector's `userIds` are all there is.
    Absent,
}

/// What an update of the configuration does to keys it leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigMode {
    /// Keeps them.
    #[default]
    Merge,
    /// Drops them, secrets too.
    Replace,
}

/// What stands in the place of a stored secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretEcho {
    /// Nothing: the key is left out.
    #[default]
    Absent,
    /// The key with `""`.
    Empty,
    /// The key with a row of asterisks.
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

/// What a read of a deleted object answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletedAnswer {
    /// 404.
    #[default]
    NotFound,
    /// 200 with `deletedAt`.
    DeletedAt,
}
