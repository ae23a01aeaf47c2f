//! What is recorded: configurations of all resources and a change of each, with a value for every attribute.

use serde_json::{Value, json};

use crate::plan::{APP, CLOUD, DATA_CENTER, SELF_HOSTED};

/// A resource that is created, changed and destroyed.
pub(super) struct Scenario {
    /// The name of its file.
    pub(super) name: &'static str,
    /// The resource type.
    pub(super) resource: &'static str,
    /// The first configuration.
    pub(super) config: fn() -> Value,
    /// The changed attributes.
    pub(super) change: fn() -> Value,
}

pub(super) const SCENARIOS: [Scenario; 7] = [
    Scenario {
        name: "hosted",
        resource: CLOUD,
        config: || {
            json!({
                "app_id": "{app}", "owner_ids": ["{alice}"], "display_name": "Wiki", "description": "All spaces",
                "site_domain": "https://acme.atlassian.net/wiki", "username": "svc@acme.example", "api_key": "key-1",
                "connector_version": 2, "skip_personal_spaces": true, "nouns": ["page", "space"], "verbs": ["read"],
                "sync": {"enabled": true, "cron": "30 2 * * mon-fri", "timezone": "Europe/Berlin"},
                "timeouts": {"create": "5m", "read": "1m", "update": "1h", "delete": "90s"},
            })
        },
        change: || json!({"site_domain": "other", "api_key": "key-2", "nouns": ["space"], "verbs": null}),
    },
    Scenario {
        name: "hosted_write_only",
        resource: CLOUD,
        config: || {
            json!({
                "app_id": "{app}", "owner_emails": ["alice@acme.example"], "site_domain": "acme",
                "username": "svc@acme.example", "api_key_wo": "key-1", "api_key_wo_version": 1, "use_rbac": true,
                "check_login": false, "wait_for_sync": false,
            })
        },
        change: || json!({"api_key_wo": "key-2", "api_key_wo_version": 2}),
    },
    Scenario {
        name: "hosted_delegated",
        resource: CLOUD,
        config: || json!({"app_id": "{app}", "owner_ids": ["{alice}"], "display_name": "Wiki"}),
        change: || json!({"display_name": "Company wiki", "sync": {"enabled": false}}),
    },
    Scenario {
        name: "data_center",
        resource: DATA_CENTER,
        config: || {
            json!({
                "app_id": "{app}", "owner_ids": ["{alice}"], "display_name": "Wiki", "description": "All spaces",
                "hostname": "https://confluence.corp.acme.example", "access_token": "pat-1", "provisioning": true,
                "credential_version": 1, "early_rotation_hours": 24, "check_login": false,
                "sync": {"enabled": true, "cron": "0 4 * * *", "timezone": "America/New_York"},
                "timeouts": {"create": "5m", "read": "1m", "update": "1h", "delete": "90s"},
            })
        },
        change: || {
            json!({
                "access_token": null, "username": "svc", "password": "secret-1", "credential_version": 2,
                "owner_ids": null, "owner_emails": ["alice@acme.example"],
            })
        },
    },
    Scenario {
        name: "self_hosted",
        resource: SELF_HOSTED,
        config: || {
            json!({
                "app_id": "{app}", "owner_emails": ["alice@acme.example"], "display_name": "Wiki",
                "description": "All spaces", "site_domain": "acme", "username": "svc@acme.example",
                "api_key": "key-1", "skip_personal_spaces": true, "nouns": ["page", "space"], "verbs": ["read"],
                "use_rbac": false, "provisioning": true, "early_rotation_hours": 24, "check_login": false,
                "sync": {"enabled": true, "cron": "0 4 * * *", "timezone": "UTC"},
                "timeouts": {"create": "5m", "read": "1m", "update": "1h", "delete": "90s"},
            })
        },
        change: || json!({"site_domain": "other", "credential_version": 2}),
    },
    Scenario {
        name: "app",
        resource: APP,
        config: || {
            json!({
                "display_name": "Wiki", "description": "All spaces", "annotations": {"team": "docs"},
                "owner_ids": ["{alice}"],
                "timeouts": {"create": "5m", "read": "1m", "update": "1h", "delete": "90s"},
            })
        },
        change: || json!({"description": "Some spaces", "annotations": {"team": "wiki", "tier": "1"}}),
    },
    Scenario {
        name: "app_promoted",
        resource: APP,
        config: || {
            json!({
                "owner_emails": ["alice@acme.example"],
                "unmanaged_app": {
                    "app_id": "{directory}", "resource_type_id": "application", "resource_id": "{discovered}",
                },
            })
        },
        change: || json!({"display_name": "Wiki"}),
    },
];
