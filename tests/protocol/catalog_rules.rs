//! The client's calls against the emulator, without the plugin. `CheckedEmulator` checks requests and responses against
//! the API's description.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use conductorone_emulator::{DeletedAnswer, Options, Time};
use secrecy::SecretString;
use serde_json::{Value, json};
use terraform_provider_confluence::conductorone::{
    AppUpdate, BaseUrl, Client, ClientSettings, ConfigValue, Credentials, DiscoveredApp, Error,
    ManagedState, NewApp, NewDelegatedConnector, Setting, SyncStatus, UserStatus,
};

use crate::emulator::CheckedEmulator;

/// The catalog entry of self-hosted connectors.
const SELF_HOSTED: &str = "2HErg7BRmNdHgX8sTCWVq4E1fyh";

/// The catalog entry of Confluence Cloud.
const CLOUD: &str = "2jbvUoyvbdzgkgdZfGR7VFhS0SU";

async fn start() -> (CheckedEmulator, Client) {
    let emulator = CheckedEmulator::start(Options::default()).await;
    let settings = ClientSettings {
        base_url: BaseUrl::from_server_url(emulator.url()).expect("a URL"),
        credentials: Credentials::AccessToken(SecretString::from(emulator.access_token())),
        user_agent: "tests".to_owned(),
        max_retries: 0,
        request_timeout: Duration::from_secs(30),
        max_concurrent_requests: 2,
        proxy: None,
    };
    (emulator, Client::new(settings).expect("a client"))
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn an_app_lives() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let [alice, bob] = ["alice", "bob"].map(|name| emulator.user_id(name));
    let new = NewApp {
        display_name: "Wiki".to_owned(),
        description: Some("x".to_owned()),
        annotations: pairs(&[("a", "1"), ("b", "2")]),
        owners: vec![alice.clone()],
    };
    let created = client.create_app(&new).await?;
    assert_eq!(created.annotations, new.annotations);
    assert_eq!(client.list_app_owners(&created.id).await?, [alice]);
    client
        .set_app_owners(&created.id, std::slice::from_ref(&bob))
        .await?;
    assert_eq!(client.list_app_owners(&created.id).await?, [bob]);

    let update = AppUpdate {
        annotations: Some(pairs(&[("a", ""), ("c", "3")])),
        ..AppUpdate::default()
    };
    client.update_app(&created.id, &update).await?;
    let read = client.get_app(&created.id).await?.expect("the app");
    assert_eq!(read.annotations, pairs(&[("b", "2"), ("c", "3")]));
    assert_eq!(
        (read.display_name.as_str(), read.description.as_str()),
        ("Wiki", "x")
    );
    for number in 0..120 {
        emulator.add_app(&format!("Wiki {number}"));
    }
    assert_eq!(client.search_apps("wIKI").await?.len(), 121);
    assert_eq!(client.find_apps(Some).await?.len(), 124);

    client.delete_app(&created.id).await?;
    client.delete_app(&created.id).await?;
    assert!(client.get_app(&created.id).await?.is_none());
    emulator.switch(|it| it.deleted_answer = DeletedAnswer::DeletedAt);
    assert!(client.get_app(&created.id).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_discovered_app_becomes_a_managed_one() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let alice = emulator.user_id("alice");
    let mut discovered = DiscoveredApp {
        app_id: emulator.directory_app_id(),
        resource_type_id: "application".to_owned(),
        resource_id: emulator.discovered_resource_id(),
    };
    let found = client.get_managed_state(&discovered).await?;
    let found = found.expect("the discovered app");
    assert_eq!(
        (found.display_name.as_str(), found.state),
        ("Confluence Cloud", ManagedState::Unmanaged)
    );
    let promoted = client
        .promote_app(&discovered, std::slice::from_ref(&alice))
        .await?;
    let app_id = promoted.expect("it was not managed before");
    assert_eq!(client.list_app_owners(&app_id).await?, [alice]);
    assert_eq!(client.promote_app(&discovered, &[]).await?, None);
    let found = client.get_managed_state(&discovered).await?;
    assert_eq!(
        found.map(|it| it.state),
        Some(ManagedState::Managed { app_id })
    );
    discovered.resource_id = emulator.unused_id();
    assert_eq!(client.get_managed_state(&discovered).await?, None);
    Ok(())
}

#[tokio::test]
async fn people_are_found() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let [alice, bob, dave] = ["alice", "bob", "dave"].map(|name| emulator.user_id(name));
    let read = client.get_user(&dave).await?.expect("the user");
    assert_eq!(read.email.as_deref(), Some("dave@acme.example"));
    assert_eq!(read.status, UserStatus::Disabled);
    let roles = client.list_roles().await?;
    let held: Vec<_> = roles
        .iter()
        .filter(|role| read.role_ids.contains(&role.id))
        .map(|role| role.display_name.as_str())
        .collect();
    assert_eq!(held, ["Basic User"]);

    let found = client.search_users_by_email("ALICE@acme.example").await?;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, alice);
    let ids = [alice.clone(), bob.clone(), emulator.unused_id()];
    assert_eq!(client.search_users_by_id(&ids).await?.len(), 2);
    emulator.edit_user(&alice, |user| user.deleted_at = Some(Time::now()));
    assert!(client.get_user(&alice).await?.is_none());
    let found = client.search_users_by_id(&ids).await?;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, bob);
    let found = client.search_users_by_email("alice@acme.example").await?;
    assert!(found.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_connector_is_paused_and_scheduled() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let app = emulator.app_id();
    let alice = emulator.user_id("alice");
    let new = NewDelegatedConnector {
        catalog_id: SELF_HOSTED.to_owned(),
        display_name: "Wiki".to_owned(),
        description: None,
        user_ids: vec![alice],
    };
    let id = client.create_delegated_connector(&app, &new).await?.id;
    let owners = client.list_user_owners(&app, &id).await?;
    let owners = owners.expect("the owners API");
    assert_eq!(owners.len(), 1);
    assert_eq!(owners[0].user.email.as_deref(), Some("alice@acme.example"));

    let read = || async {
        let found = client.get_connector(&app, &id).await?;
        Ok::<_, Error>(found.expect("the connector"))
    };
    client.pause_connector(&app, &id).await?;
    client.pause_connector(&app, &id).await?;
    let status = read().await?.status.map(|status| status.status);
    assert_eq!(status, Some(SyncStatus::Disabled));
    client.resume_connector(&app, &id).await?;
    assert_eq!(read().await?.sync_disabled_at, None);
    client.rotate_credential(&app, &id).await?;
    client.force_sync(&app, &id).await?;
    assert_eq!(emulator.connectors()[0].syncs.len(), 1);
    client
        .schedule_connector(&app, &id, "0 4 * * *", "Europe/Berlin")
        .await?;
    let schedule = read().await?.connector_sync_cron_schedule;
    let schedule = schedule.expect("a schedule");
    assert_eq!(
        (schedule.cron_spec.as_str(), schedule.timezone.as_str()),
        ("0 4 * * *", "Europe/Berlin")
    );
    Ok(())
}

#[tokio::test]
async fn a_catalog_entry_describes_its_settings() -> Result<(), Error> {
    let (_emulator, client) = start().await;
    let schema = client.connector_catalog(CLOUD).await?.expect("the entry");
    assert_eq!(schema.display_name("api-key"), Some("API key"));
    let missing = schema.violations(&BTreeMap::new()).into_iter();
    let missing: Vec<_> = missing.flat_map(|it| it.fields).collect();
    assert_eq!(missing, ["domain-url", "username", "api-key"]);
    assert!(client.connector_catalog("nonsense").await?.is_none());
    Ok(())
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
        it.configuration_schemas.insert(CLOUD.to_owned(), answer);
    });
    let schema = client.connector_catalog(CLOUD).await?.expect("the entry");
    let found = schema.violations(&settings).into_iter();
    let found: BTreeSet<_> = found.flat_map(|it| it.fields).collect();
    assert!(found.iter().eq(settings.keys()), "{found:?}");
    Ok(())
}
