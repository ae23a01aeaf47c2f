//! The connectors that the calls are about.

use serde_json::{Value, json};

use crate::provider::Provider;
use crate::value::{block_type, decode, encode, unknown};

/// A connector with its objects as Terraform sends them.
#[derive(Debug)]
pub(crate) struct Connector {
    /// The type of the resource.
    pub(crate) name: &'static str,
    /// The type of its objects, in JSON.
    pub(crate) ty: Value,
    /// The encoded configuration.
    pub(crate) config: Vec<u8>,
    /// The encoded state. The plan of `config` does not change it.
    pub(crate) state: Vec<u8>,
}

/// Returns a connector that ConductorOne hosts, and a self-hosted one.
pub(crate) fn all() -> [Connector; 2] {
    [
        connector("confluence_integration", &json!({}), &json!({})),
        connector(
            "confluence_self_hosted_integration",
            &json!({
                "provisioning": true,
                "nouns": ["space"],
                "verbs": ["administer", "create", "delete", "export", "read"],
            }),
            &json!({
                "credential_id": "2xKpCrCrCrCrCrCrCrCrCrCrCrC",
                "previous_credential_id": null,
                "client_id": "wise-otter-12345@acme.conductor.one/ccc",
                "client_secret": "secret-token:conductorone.com:v1:MC4CAQAwBQYDK2VwBCIEIA",
                "credential_expires_at": null,
                "environment": {
                    "BATON_API_KEY": "an-api-token",
                    "BATON_CLIENT_ID": "wise-otter-12345@acme.conductor.one/ccc",
                    "BATON_CLIENT_SECRET": "secret-token:conductorone.com:v1:MC4CAQAwBQYDK2VwBCIEIA",
                    "BATON_DOMAIN_URL": "https://acme.atlassian.net",
                    "BATON_NOUN": "space",
                    "BATON_PROVISIONING": "true",
                    "BATON_SKIP_PERSONAL_SPACES": "true",
                    "BATON_USERNAME": "svc-c1@acme.com",
                    "BATON_VERB": "administer,create,delete,export,read",
                },
            }),
        ),
    ]
}

/// Returns a connector with these attributes besides those of every connector. `computed` are those that only an apply
/// knows.
fn connector(name: &'static str, own: &Value, computed: &Value) -> Connector {
    let mut provider = Provider::new();
    let schema = provider.schema().resource_schemas.remove(name);
    let block = schema.and_then(|it| it.block).expect("a resource");
    let ty = block_type(&block);
    let config = json!({
        "app_id": "2xKpPzZz9y8x7w6v5u4t3s2r1q0",
        "owner_ids": ["2xKpAbCdEfGhIjKlMnOpQrStUvW", "2xKpXyXyXyXyXyXyXyXyXyXyXyX"],
        "display_name": "Company wiki",
        "site_domain": "acme.atlassian.net",
        "username": "svc-c1@acme.com",
        "api_key": "an-api-token",
        "skip_personal_spaces": true,
        "timeouts": {"create": "1h"},
    });
    let config = encode(&with(config, own), &ty);
    let null = encode(&Value::Null, &ty);
    let planned = decode(&provider.plan(name, &null, &config));
    let computed = with(
        json!({
            "id": "2xKpIdIdIdIdIdIdIdIdIdIdIdI",
            "description": "",
            "sync": {"enabled": true, "cron": null, "timezone": null},
            "created_at": "2026-01-01T00:00:00Z",
        }),
        computed,
    );
    let state = encode(&known(planned, &computed), &ty);
    let again = provider.plan(name, &state, &config);
    assert_eq!(decode(&again), decode(&state), "{name}: a change");
    Connector {
        name,
        ty,
        config,
        state,
    }
}

/// Returns an object with more attributes.
fn with(mut object: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        object[name] = value.clone();
    }
    object
}

/// Replaces the unknown attributes of an object.
fn known(mut object: Value, computed: &Value) -> Value {
    for (name, value) in object.as_object_mut().expect("an object") {
        if *value == unknown() {
            let known = computed.get(name);
            *value = known
                .unwrap_or_else(|| panic!("no value of {name}"))
                .clone();
        }
    }
    object
}
