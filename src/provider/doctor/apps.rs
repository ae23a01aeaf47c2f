//! Checks of apps and their connectors.

use std::collections::BTreeSet;

use crate::conductorone::{Client, Connector, Error};
use crate::provider::connector::{self, Status, resource_type};

use super::access::no_client;
use super::facts::{AppOutline, Facts};
use super::messages;
use super::outcome::Outcome;
use super::privacy::shown_name;

/// The maximum number of apps to search for a connector, and of directories and resource types to read.
const MAX_APPS: usize = 25;
const MAX_DIRECTORIES: usize = 5;
const MAX_RESOURCE_TYPES: usize = 10;

/// Checks that apps can be read.
pub(super) async fn apps(facts: &mut Facts) -> Outcome {
    let Some(client) = facts.client() else {
        return no_client();
    };
    let outline = |app: crate::conductorone::App| {
        Some(AppOutline {
            id: app.id,
            is_directory: app.is_directory,
        })
    };
    match client.find_apps(outline).await {
        Ok(apps) => {
            let outcome = Outcome::ok(&format!("{} apps", apps.len()));
            facts.apps = apps;
            outcome
        }
        Err(error) => Outcome::from(&error),
    }
}

/// Checks that apps of directories can be read, as for `unmanaged_app`.
pub(super) async fn managed_state(facts: &mut Facts) -> Outcome {
    let Some(client) = facts.client() else {
        return no_client();
    };
    let directories = facts.apps.iter().filter(|app| app.is_directory);
    let mut types = 0;
    for directory in directories.take(MAX_DIRECTORIES) {
        match count_discovered(&client, &directory.id).await {
            Ok(Discovered::Apps(0)) => types += 1,
            Ok(Discovered::Apps(count)) => {
                return Outcome::ok(&format!("a directory shows {count} discovered apps"));
            }
            Ok(Discovered::NoApi) => return messages::no_managed_state().into(),
            Err(error) => return Outcome::from(&error),
        }
    }
    if types == 0 {
        return Outcome::skipped("no app is a directory");
    }
    Outcome::ok("the directories show no discovered apps")
}

/// The apps that a directory discovered.
enum Discovered {
    Apps(usize),
    /// The tenant does not have the API.
    NoApi,
}

async fn count_discovered(client: &Client, app_id: &str) -> Result<Discovered, Error> {
    let types = client.list_resource_types(app_id).await?;
    for resource_type in types.iter().take(MAX_RESOURCE_TYPES) {
        match client
            .count_managed_states(app_id, &resource_type.id)
            .await?
        {
            Some(0) => {}
            Some(count) => return Ok(Discovered::Apps(count)),
            None => return Ok(Discovered::NoApi),
        }
    }
    Ok(Discovered::Apps(0))
}

/// Checks that the app in the arguments exists.
pub(super) async fn app(facts: &mut Facts) -> Vec<Outcome> {
    let (Some(client), Some(id)) = (facts.client(), &facts.app_id) else {
        return Vec::new();
    };
    vec![match client.get_app(id).await {
        Ok(Some(_)) => Outcome::ok("the app exists"),
        Ok(None) => connector::messages::app_not_found(id).into(),
        Err(error) => Outcome::from(&error),
    }]
}

/// Checks the connectors of the app in the arguments.
pub(super) async fn connectors(facts: &mut Facts) -> Vec<Outcome> {
    let (Some(client), Some(id)) = (facts.client(), &facts.app_id) else {
        return Vec::new();
    };
    match client.find_connectors(id, Some).await {
        Ok(found) if found.is_empty() => vec![Outcome::ok("the app has no connectors")],
        Ok(found) => {
            let outcomes = found.iter().map(describe).collect();
            facts.connectors = found;
            outcomes
        }
        Err(error) => vec![Outcome::from(&error)],
    }
}

fn describe(connector: &Connector) -> Outcome {
    let status = Status::from_connector(connector);
    let kind = match resource_type(&connector.catalog_id) {
        Some(name) => format!("It belongs to {name}."),
        None => "It is not a Confluence connector.".to_owned(),
    };
    let outcome: Outcome = match status {
        Status::Connected | Status::Syncing => Outcome::ok(&format!("{}.", status.name())),
        Status::NotConnected => messages::not_connected().into(),
        Status::Disabled => messages::paused().into(),
        Status::Error => messages::sync_failed().into(),
    };
    outcome.adding(&kind).about(&connector.id)
}

/// Checks that the tenant has the API for owners, and which roles owners have. That requires a connector.
pub(super) async fn owners_api(facts: &mut Facts) -> Outcome {
    let Some(client) = facts.client() else {
        return no_client();
    };
    if facts.connectors.is_empty() {
        match find_connector(&client, &facts.apps).await {
            Ok(found) => facts.connectors.extend(found),
            Err(error) => return Outcome::from(&error),
        }
    }
    let Some(connector) = facts.connectors.first() else {
        return Outcome::skipped("no connector was found; -app names an app that has one");
    };
    let (app_id, id) = (&connector.app_id, &connector.id);
    let owners = match client.list_user_owners(app_id, id).await {
        Ok(Some(owners)) => owners,
        Ok(None) => return messages::no_owners_api().into(),
        Err(error) => return Outcome::from(&error),
    };
    let slugs: BTreeSet<_> = owners
        .iter()
        .map(|owner| shown_name(&owner.role_slug))
        .collect();
    let slugs: Vec<_> = slugs.into_iter().collect();
    Outcome::ok(&match slugs.as_slice() {
        [] => "a connector without users as owners".to_owned(),
        slugs => format!(
            "the owners of a connector have the role slugs: {}",
            slugs.join(", ")
        ),
    })
}

/// Returns a connector of the first app that has one.
async fn find_connector(client: &Client, apps: &[AppOutline]) -> Result<Option<Connector>, Error> {
    for app in apps.iter().take(MAX_APPS) {
        let found = client.find_connectors(&app.id, Some).await?;
        if let Some(connector) = found.into_iter().next() {
            return Ok(Some(connector));
        }
    }
    Ok(None)
}
