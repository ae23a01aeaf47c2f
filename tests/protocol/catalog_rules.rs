//! The client's names for the rules of the catalog. `CheckedEmulator` checks the response against the API's description.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use conductorone_emulator::{Options, V2};
use secrecy::SecretString;
use serde_json::{Value, json};
use terraform_provider_confluence::conductorone::{
    BaseUrl, Client, ClientSettings, ConfigValue, Credentials, Error, Setting,
};

use crate::emulator::CheckedEmulator;

async fn start() -> (CheckedEmulator, Client) {
    let emulator = CheckedEmulator::start(Options::default()).await;
    let settings = ClientSettings {
        base_url: BaseUrl::from_server_url(emulator.url()).expect("a URL"),
        credentials: Credentials::AccessToken(SecretString::from(emulator.access_token())),
        user_agent: "tests".to_owned(),
        max_retries: 0,
        request_timeout: Duration::from_secs(30),
        max_concurrent_requests: Some(2),
        proxy: None,
    };
    (emulator, Client::new(settings).expect("a client"))
}

/// A value that violates every rule, so that the client finds each rule only under its name in the description.
#[tokio::test]
async fn a_catalog_entry_has_rules_for_its_settings() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let rules = json!([
        {"const": "x"}, {"in": ["x"]}, {"notIn": ["a b"]}, {"len": "1"}, {"minLen": "9"}, {"maxLen": "1"},
        {"lenBytes": "1"}, {"minBytes": "9"}, {"maxBytes": "1"}, {"pattern": "^x"}, {"prefix": "x"}, {"suffix": "x"},
        {"contains": "x"}, {"notContains": "a"}, {"email": true}, {"hostname": true}, {"ip": true}, {"ipv4": true},
        {"ipv6": true}, {"uri": true}, {"address": true}, {"uuid": true},
        {"wellKnownRegex": "HTTP_HEADER_NAME", "strict": true},
    ]);
    let field = |(index, rules): (usize, &Value)| json!({"name": index.to_string(), "stringField": {"rules": rules}});
    let rules = rules.as_array().expect("a list").iter();
    let form: Vec<_> = rules.enumerate().map(field).collect();
    let settings: BTreeMap<_, _> = (0..form.len())
        .map(|index| {
            let value = ConfigValue::Plain("a b".to_owned());
            (index.to_string(), Setting::Known(value))
        })
        .collect();
    let answer = json!({"schema": null, "formSchema": {"fields": form}});
    emulator.switch(|it| {
        it.configuration_schemas.insert(V2.to_owned(), answer);
    });
    let schema = client.connector_catalog(V2).await?.expect("the entry");
    let found = schema.violations(&settings).into_iter();
    let found: BTreeSet<_> = found.flat_map(|it| it.fields).collect();
    assert!(found.iter().eq(settings.keys()), "{found:?}");
    Ok(())
}
