//! The connector catalog.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, status};
use crate::conductorone::{Cause, ConfigValue, Setting};

/// The catalog entry of Confluence v2 without its texts.
const SAMPLE: &str = r#"{"schema": null, "formSchema": {"id": "k1", "displayName": "Confluence v2", "description": "",
    "fieldGroups": [], "fieldRelationships": [], "fields": [
    {"name": "domain-url", "displayName": "Confluence site domain", "required": true, "readOnly": false,
        "stringField": {"defaultValue": "", "rules": null, "textField": {"multiline": false}}},
    {"name": "username", "displayName": "Username", "required": true, "readOnly": false,
        "stringField": {"defaultValue": "", "rules": null, "textField": {"multiline": false}}},
    {"name": "api-key", "displayName": "API key", "required": true, "readOnly": false,
        "stringField": {"defaultValue": "", "rules": null, "passwordField": {}}},
    {"name": "skip-personal-spaces", "displayName": "Skip", "required": false, "readOnly": false,
        "boolField": {"defaultValue": true, "rules": null, "checkboxField": {}}}]}}"#;

#[tokio::test]
async fn settings_are_checked_against_the_catalog() {
    // The read may be retried, although it is a `POST`.
    let server = TestServer::start(|_, before| match before {
        0 => Reply::Drop,
        _ => json_reply(SAMPLE),
    })
    .await;
    let schema = server.client().connector_catalog("k1").await;
    let schema = schema.unwrap().unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.line, "POST /api/v1/connectorcatalog");
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(body, json!({"catalogId": "k1"}));
    assert_eq!(schema.display_name("api-key"), Some("API key"));

    let plain = |text: &str| Setting::Known(ConfigValue::Plain(text.to_owned()));
    let mut settings = BTreeMap::from([
        ("domain-url".to_owned(), plain("https://acme.atlassian.net")),
        ("api-key".to_owned(), Setting::Unknown),
        ("noun".to_owned(), plain("space")),
        ("skip-personal-spaces".to_owned(), plain("yes")),
    ]);
    let violations = schema.violations(&settings);
    let found: Vec<_> = violations
        .iter()
        .map(|it| (it.fields.join(","), it.expectation.as_str()))
        .collect();
    let expected = [
        ("username".to_owned(), "must be set"),
        ("skip-personal-spaces".to_owned(), "must be true or false"),
    ];
    assert_eq!(found, expected);
    settings.insert("username".to_owned(), plain("svc@acme.example"));
    settings.insert("skip-personal-spaces".to_owned(), plain("true"));
    assert_eq!(schema.violations(&settings), []);
}

#[tokio::test]
async fn a_missing_entry_or_catalog_is_none() {
    let not_found = r#"{"code":5,"message":"catalog entry not found"}"#;
    for code in [404, 501] {
        for body in [not_found, "<html>"] {
            let server =
                TestServer::start(move |_, _| Reply::Send(code, "", body.to_owned())).await;
            let found = server.client().connector_catalog("k1").await;
            assert!(found.unwrap().is_none(), "{code} {body}");
        }
    }
    let server = TestServer::start(|_, _| status(403)).await;
    let error = server.client().connector_catalog("k1").await.unwrap_err();
    assert_eq!(error.status(), Some(403));
}

#[tokio::test]
async fn a_malformed_catalog_is_an_error() {
    let useless = [
        json!({"formSchema": 7}),
        json!({"schema": {"fields": {"name": "a"}}}),
        json!({"formSchema": {"fields": ["a"]}}),
        json!({"formSchema": {"fields": [{"name": 7}]}}),
        json!({"formSchema": {"fieldRelationships": [{"fieldNames": "a"}]}}),
        json!(7),
    ];
    let bodies = useless.clone();
    let server = TestServer::start(move |_, before| json_reply(&bodies[before].to_string())).await;
    let client = server.client();
    for body in useless {
        let error = client.connector_catalog("k1").await.unwrap_err();
        let unexpected = matches!(error.cause(), Some(Cause::Unexpected { .. }));
        assert!(unexpected && !error.is_ambiguous(), "{body}: {error}");
    }
}
