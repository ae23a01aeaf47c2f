//! Invalid input at `terraform validate`: one diagnostic per error, on the attribute at fault. Unknown values are
//! valid.

use serde_json::{Value, json};

use crate::plan::{ALL, APP, CLOUD, DATA_CENTER, SELF_HOSTED};
use crate::provider::{Provider, errors};
use crate::value::unknown;

/// An error: the change of a valid configuration, the attributes that the diagnostic may name, and a part of the text
/// about the expected value.
type InvalidConfig = (&'static str, &'static [&'static str], &'static str);

const INVALID_CLOUD: &[InvalidConfig] = &[
    (r#"{"api_key": ""}"#, &["api_key"], ""),
    (r#"{"api_key": " \t "}"#, &["api_key"], ""),
    (
        r#"{"username": null, "api_key": null}"#,
        &["site_domain", "username"],
        "username",
    ),
    (
        r#"{"site_domain": null, "api_key": null}"#,
        &["site_domain", "username"],
        "site_domain",
    ),
    (
        r#"{"site_domain": null, "username": null}"#,
        &["api_key"],
        "site_domain",
    ),
    (
        r#"{"connector_version": 1, "skip_personal_spaces": true}"#,
        &["skip_personal_spaces"],
        "version",
    ),
    (r#"{"connector_version": 3}"#, &["connector_version"], ""),
    (r#"{"connector_version": 1.5}"#, &["connector_version"], ""),
    (
        r#"{"connector_version": "18446744073709551618"}"#,
        &["connector_version"],
        "",
    ),
    (r#"{"owner_ids": ["", "alice"]}"#, &["owner_ids"], ""),
    (r#"{"app_id": ""}"#, &["app_id"], ""),
    (
        r#"{"api_key_wo": "key-2"}"#,
        &["api_key", "api_key_wo"],
        "api_key_wo",
    ),
    (
        r#"{"api_key_wo_version": 1}"#,
        &["api_key_wo_version", "api_key_wo"],
        "api_key_wo",
    ),
    (
        r#"{"api_key": null, "api_key_wo": "two words"}"#,
        &["api_key_wo"],
        "",
    ),
    (
        r#"{"api_key": null, "api_key_wo": "key-2", "site_domain": null, "username": null}"#,
        &["api_key_wo"],
        "site_domain",
    ),
    (
        r#"{"site_domain": null, "username": null, "api_key": null, "wait_for_sync": true}"#,
        &["wait_for_sync"],
        "site_domain",
    ),
];

/// Errors in attributes that both connectors have.
const INVALID_CONNECTOR: &[InvalidConfig] = &[
    (r#"{"owner_ids": []}"#, &["owner_ids"], ""),
    (r#"{"owner_emails": []}"#, &["owner_emails"], ""),
    (
        r#"{"owner_emails": ["alice"]}"#,
        &["owner_emails"],
        "email address",
    ),
    (
        r#"{"owner_ids": ["alice"], "owner_emails": ["alice@acme.example"]}"#,
        &["owner_emails"],
        "owner_ids",
    ),
    (
        r#"{"timeouts": {"create": "soon"}}"#,
        &["timeouts"],
        "such as 30s",
    ),
    (
        r#"{"timeouts": {"delete": "0s"}}"#,
        &["timeouts"],
        "such as 30s",
    ),
    (r#"{"sync": {"cron": "@hourly"}}"#, &["sync"], "five fields"),
    (r#"{"sync": {"cron": "0 25 * * *"}}"#, &["sync"], "0 to 23"),
    (
        r#"{"sync": {"cron": "0 4 * * *", "timezone": "Europe/Bonn"}}"#,
        &["sync"],
        "IANA",
    ),
    (
        r#"{"sync": {"cron": "0 4 * * *", "timezone": "europe/berlin"}}"#,
        &["sync"],
        "Europe/Berlin",
    ),
    (
        r#"{"sync": {"timezone": "Europe/Berlin"}}"#,
        &["sync"],
        "cron",
    ),
];

const INVALID_DATA_CENTER: &[InvalidConfig] = &[
    (
        r#"{"password": "secret"}"#,
        &["password", "username"],
        "username",
    ),
    (
        r#"{"username": "svc"}"#,
        &["password", "username"],
        "password",
    ),
    (r#"{"owner_ids": [""]}"#, &["owner_ids"], ""),
    (r#"{"app_id": ""}"#, &["app_id"], ""),
];

const INVALID_SELF_HOSTED: &[InvalidConfig] = &[
    (r#"{"site_domain": null}"#, &["site_domain"], "such as acme"),
    (r#"{"username": null}"#, &["username"], "email address"),
    (r#"{"username": "svc"}"#, &["username"], "email address"),
    (r#"{"api_key": "two words"}"#, &["api_key"], ""),
];

/// Errors in attributes that all connectors for Confluence Cloud have.
const INVALID_CONTENT: &[InvalidConfig] = &[
    (r#"{"nouns": []}"#, &["nouns"], ""),
    (r#"{"nouns": ["spaces"]}"#, &["nouns"], "space"),
    (r#"{"verbs": []}"#, &["verbs"], ""),
    (r#"{"verbs": ["write"]}"#, &["verbs"], "update"),
    (
        r#"{"use_rbac": true, "nouns": ["space"]}"#,
        &["nouns"],
        "use_rbac",
    ),
    (
        r#"{"use_rbac": true, "verbs": ["read"]}"#,
        &["verbs"],
        "use_rbac",
    ),
];

const INVALID_APP: &[InvalidConfig] = &[
    (
        r#"{"display_name": null}"#,
        &["display_name"],
        "unmanaged_app",
    ),
    (r#"{"display_name": " "}"#, &["display_name"], ""),
    (r#"{"owner_ids": [""]}"#, &["owner_ids"], ""),
    (r#"{"owner_ids": []}"#, &["owner_ids"], ""),
    (r#"{"owner_emails": []}"#, &["owner_emails"], ""),
    (
        r#"{"owner_emails": ["alice"]}"#,
        &["owner_emails"],
        "email address",
    ),
    (
        r#"{"owner_ids": ["alice"], "owner_emails": ["alice@acme.example"]}"#,
        &["owner_emails"],
        "owner_ids",
    ),
    (
        r#"{"annotations": {"1st": "x"}}"#,
        &["annotations[\"1st\"]"],
        "letter",
    ),
    (
        r#"{"annotations": {"a": "b c"}}"#,
        &["annotations[\"a\"]"],
        "URL",
    ),
    (
        r#"{"annotations": {"c1/a": "x"}}"#,
        &["annotations[\"c1/a\"]"],
        "reserves",
    ),
    (
        r#"{"annotations": {"a b": "x"}}"#,
        &["annotations[\"a b\"]"],
        "letter",
    ),
    (
        r#"{"annotations": {"a": ""}}"#,
        &["annotations[\"a\"]"],
        "remove the key",
    ),
    (
        r#"{"annotations": {"a": "ä"}}"#,
        &["annotations[\"a\"]"],
        "URL",
    ),
    (
        r#"{"annotations": {"a": null}}"#,
        &["annotations[\"a\"]"],
        "null",
    ),
    (
        r#"{"unmanaged_app": {"app_id": "a", "resource_type_id": "b"}}"#,
        &["unmanaged_app"],
        "required",
    ),
    (
        r#"{"unmanaged_app": {"app_id": "a/b", "resource_type_id": "b", "resource_id": "c"}}"#,
        &["unmanaged_app"],
        "",
    ),
];

const NO_SITES: [&str; 10] = [
    "",
    " ",
    "not a site",
    "ftp://acme.atlassian.net",
    "https://",
    "acme/evil",
    "-acme",
    "a_b",
    "https://user:password@acme.atlassian.net",
    "acme..atlassian.net",
];

const NO_HOSTS: [&str; 6] = [
    "",
    "confluence.corp.acme.com",
    "http:confluence.corp.acme.com",
    "https://",
    "ftp://confluence.corp.acme.com",
    "https://not a host",
];

/// Returns every error with its resource.
fn mistakes() -> Vec<(&'static str, Value, &'static [&'static str], &'static str)> {
    let tables = [
        (CLOUD, INVALID_CLOUD),
        (DATA_CENTER, INVALID_DATA_CENTER),
        (APP, INVALID_APP),
        (SELF_HOSTED, INVALID_SELF_HOSTED),
        (CLOUD, INVALID_CONNECTOR),
        (DATA_CENTER, INVALID_CONNECTOR),
        (SELF_HOSTED, INVALID_CONNECTOR),
        (CLOUD, INVALID_CONTENT),
        (SELF_HOSTED, INVALID_CONTENT),
    ];
    let listed = tables.into_iter().flat_map(|(name, table)| {
        table.iter().map(move |(changes, attributes, part)| {
            let changes = serde_json::from_str(changes).expect("JSON");
            (name, changes, *attributes, *part)
        })
    });
    let sites = [CLOUD, SELF_HOSTED].into_iter().flat_map(|name| {
        NO_SITES.map(|site| {
            let changes = json!({ "site_domain": site });
            (name, changes, &["site_domain"][..], "atlassian.net")
        })
    });
    let long = json!({"annotations": {"a": "x".repeat(257)}});
    let long = (APP, long, &["annotations[\"a\"]"][..], "256");
    let hosts = NO_HOSTS.map(|host| {
        let changes = json!({ "hostname": host });
        (DATA_CENTER, changes, &["hostname"][..], "https://")
    });
    listed.chain(sites).chain(hosts).chain([long]).collect()
}

fn good(name: &str) -> Value {
    match name {
        APP => json!({"display_name": "Wiki"}),
        CLOUD | SELF_HOSTED => json!({
            "app_id": "app", "site_domain": "acme", "username": "svc@acme.example", "api_key": "key",
        }),
        _ => json!({
            "app_id": "app", "hostname": "https://confluence.corp.acme.com", "access_token": "pat",
        }),
    }
}

fn with(mut config: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().expect("attributes") {
        config[name] = value.clone();
    }
    config
}

#[tokio::test]
async fn every_mistake_is_one_error_on_its_attribute_that_says_what_was_expected() {
    let (_plugin, provider) = Provider::launched().await;
    let mut wrong = Vec::new();
    for (name, changes, attributes, part) in mistakes() {
        let found = provider.validate(name, &with(good(name), &changes)).await;
        let errors = errors(&found);
        let right = errors.len() == 1
            && attributes
                .iter()
                .any(|attribute| errors[0].attribute.starts_with(attribute))
            && !errors[0].detail.trim().is_empty()
            && errors[0].detail.contains(part);
        if !right {
            wrong.push(format!(
                "{name} {changes} should be about {attributes:?} and {part:?}: {found:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn several_mistakes_are_reported_at_once() {
    let (_plugin, provider) = Provider::launched().await;
    let changes = json!({"site_domain": "not a site", "api_key": "", "owner_ids": [""]});
    let found = provider.validate(CLOUD, &with(good(CLOUD), &changes)).await;
    let mut named: Vec<_> = errors(&found)
        .iter()
        .map(|error| error.attribute.clone())
        .collect();
    named.sort();
    assert_eq!(named, ["api_key", "owner_ids", "site_domain"], "{found:#?}");
}

const SITES: [&str; 7] = [
    "acme",
    "ACME",
    "acme.atlassian.net",
    "https://acme.atlassian.net",
    "https://acme.atlassian.net/",
    "https://acme.atlassian.net/wiki",
    "wiki.acme.example",
];

#[tokio::test]
async fn valid_configurations_are_accepted_silently() {
    let (_plugin, provider) = Provider::launched().await;
    let version_2 = json!({"skip_personal_spaces": true, "connector_version": 2});
    let owners = json!({"owner_ids": ["alice", "bob"]});
    let promoted = json!({"app_id": "a", "resource_type_id": "b", "resource_id": "c"});
    let login = json!({"access_token": null, "username": "a", "password": "b"});
    let content = json!({"nouns": ["space"], "verbs": ["read"], "use_rbac": false});
    let sync = json!({"sync": {"enabled": false, "cron": "0 4 * * 1-5", "timezone": "UTC"}});
    let wait = json!({"wait_for_sync": true});
    let no_wait = json!({"app_id": "app", "wait_for_sync": false});
    let sites = [CLOUD, SELF_HOSTED].into_iter().flat_map(|name| {
        SITES.map(|site| (name, with(good(name), &json!({ "site_domain": site }))))
    });
    let others = [
        (CLOUD, json!({"app_id": "app"})),
        (CLOUD, with(good(CLOUD), &version_2)),
        (CLOUD, with(good(CLOUD), &owners)),
        (CLOUD, with(good(CLOUD), &sync)),
        (CLOUD, with(good(CLOUD), &wait)),
        (CLOUD, no_wait),
        (DATA_CENTER, with(good(DATA_CENTER), &sync)),
        (DATA_CENTER, with(good(DATA_CENTER), &owners)),
        (APP, with(good(APP), &owners)),
        (APP, json!({"unmanaged_app": promoted})),
        (
            APP,
            with(good(APP), &json!({"annotations": {"cost-center": "a%20b"}})),
        ),
        (DATA_CENTER, with(good(DATA_CENTER), &login)),
        (SELF_HOSTED, with(good(SELF_HOSTED), &content)),
        (
            SELF_HOSTED,
            with(
                good(SELF_HOSTED),
                &json!({"api_key": null, "use_rbac": true}),
            ),
        ),
    ];
    for (name, config) in sites.into_iter().chain(others) {
        assert_eq!(
            provider.validate(name, &config).await,
            [],
            "{name} {config}"
        );
    }
}

#[tokio::test]
async fn an_unknown_value_is_never_an_error() {
    let (_plugin, provider) = Provider::launched().await;
    let mut wrong = Vec::new();
    for name in ALL {
        for config in with_unknowns(&provider, name) {
            let found = provider.validate(name, &config).await;
            if !errors(&found).is_empty() {
                wrong.push(format!("{name} {config}: {found:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns configurations with unknown values: every attribute in a minimal and in a complete configuration, and all
/// attributes together. An unknown value may become null, so it violates no rule between attributes.
fn with_unknowns(provider: &Provider, name: &str) -> Vec<Value> {
    let minimal = match name {
        CLOUD => json!({"app_id": "app"}),
        SELF_HOSTED => {
            json!({"app_id": "app", "site_domain": "acme", "username": "svc@acme.example"})
        }
        APP => json!({"annotations": {"a": unknown()}, "display_name": unknown()}),
        _ => json!({"app_id": "app", "hostname": "https://confluence.corp.acme.com"}),
    };
    let mut configs = vec![
        with(good(name), &json!({"owner_ids": ["alice", unknown()]})),
        with(good(name), &json!({"owner_ids": [unknown()]})),
    ];
    let mut everything = json!({});
    for attribute in provider.attributes(name) {
        if attribute.required || attribute.optional {
            everything[&attribute.name] = unknown();
            let change = json!({ &attribute.name: unknown() });
            configs.extend([minimal.clone(), good(name)].map(|base| with(base, &change)));
        }
    }
    configs.push(everything);
    configs
}

#[tokio::test]
async fn refined_unknown_values_are_unknown_values() {
    let (_plugin, provider) = Provider::launched().await;
    let config = with(good(CLOUD), &json!({"site_domain": "HERE"}));
    let bytes = crate::value::encode(&config, &provider.resource_type(CLOUD));
    let place = bytes
        .windows(5)
        .position(|window| window == b"\xa4HERE")
        .expect("the place");
    // Not null, and the text starts with "not a site".
    let body = b"\x82\x01\xc2\x02\xaanot a site";
    let mut refined = vec![0xc7, u8::try_from(body.len()).expect("a short body"), 0x0c];
    refined.extend(body);
    let bytes = [&bytes[..place], &refined, &bytes[place + 5..]].concat();
    let found = provider
        .validate_bytes(CLOUD, bytes)
        .await
        .expect("an answer");
    assert_eq!(errors(&found).len(), 0, "{found:#?}");
}

#[tokio::test]
async fn mistakes_in_the_provider_block_are_errors_on_their_attributes() {
    let (_plugin, provider) = Provider::launched().await;
    let mistakes = [
        (json!({"server_url": "not a url"}), "server_url"),
        (
            json!({"server_url": "ftp://acme.conductor.one"}),
            "server_url",
        ),
        (
            json!({"server_url": "http://acme.conductor.one"}),
            "server_url",
        ),
        (
            json!({"server_url": "https://acme.conductor.one/path"}),
            "server_url",
        ),
        (json!({"tenant_domain": "not a tenant"}), "tenant_domain"),
    ];
    for (config, attribute) in mistakes {
        let found = provider.validate_provider(&config).await;
        let errors = errors(&found);
        assert_eq!(errors.len(), 1, "{config}: {found:#?}");
        assert_eq!(errors[0].attribute, attribute, "{config}: {found:#?}");
        assert!(!errors[0].detail.is_empty(), "{config}: {found:#?}");
    }
    for config in [
        json!({}),
        json!({"server_url": unknown(), "client_secret": unknown()}),
    ] {
        assert_eq!(provider.validate_provider(&config).await, [], "{config}");
    }
}

#[tokio::test]
async fn an_oidc_token_is_not_for_another_host_than_that_of_the_client_id() {
    let (_plugin, provider) = Provider::launched().await;
    let config = |client_id: &str, attribute: &str, host: &str| json!({attribute: host, "client_id": client_id, "oidc_token": "hunter2"});
    let (acme, url) = ("ci@acme.conductor.one/wfe", "https://evil.example");
    for (attribute, host) in [("server_url", url), ("tenant_domain", "evil.example")] {
        let findings = provider.configure(&config(acme, attribute, host)).await;
        let [finding] = &errors(&findings)[..] else {
            panic!("{findings:?}");
        };
        assert_eq!(finding.attribute, attribute, "{finding:?}");
        for part in [attribute, url, acme] {
            assert!(finding.detail.contains(part), "{part}: {finding:?}");
        }
        assert!(!finding.detail.contains("hunter2"), "{finding:?}");
    }
    let own = config("ci@evil.example/wfe", "server_url", url);
    assert_eq!(provider.configure(&own).await, []);
}
