//! What the state contains, what ConductorOne contains, and what messages name.

use std::collections::{BTreeMap, BTreeSet};

use conductorone_emulator::StoredApp;
use serde_json::{Value, json};

use super::wanted::NAME;
use crate::scene::{APP, Scene};

/// How the descriptions of unfinished connectors begin. The next creation in their app finds or reports them.
const MARK: &str = "Being created by Terraform";

/// The attributes of the resources in the state, by address.
pub(super) type State = BTreeMap<String, Value>;

/// Reads the state. None if Terraform was killed while it wrote the file, which is not JSON then.
pub(super) fn read_state(scene: &Scene) -> Option<State> {
    let Ok(text) = std::fs::read(scene.workspace.path("terraform.tfstate")) else {
        return Some(State::new());
    };
    let state: Value = serde_json::from_slice(&text).ok()?;
    let resources = state["resources"].as_array().cloned().unwrap_or_default();
    let resource = |resource: Value| {
        let text = |key: &str| resource[key].as_str().expect("a text").to_owned();
        let address = format!("{}.{}", text("type"), text("name"));
        (address, resource["instances"][0]["attributes"].clone())
    };
    Some(resources.into_iter().map(resource).collect())
}

/// Returns the text of an attribute.
fn text<'a>(attributes: &'a Value, name: &str) -> Option<&'a str> {
    attributes[name].as_str()
}

/// Fails unless the state contains exactly the wanted resources, and ConductorOne has what they want.
pub(super) fn assert_wanted(scene: &Scene, wanted: &BTreeMap<String, Value>, state: &State) {
    let addresses = |of: &BTreeMap<String, Value>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(addresses(state), addresses(wanted));
    let connectors = scene.connectors();
    for (address, attributes) in wanted {
        let id = text(&state[address], "id");
        if address.starts_with(APP.trim_end_matches("it")) {
            let apps = scene.emulator.apps();
            let app = apps.iter().find(|app| Some(app.id.as_str()) == id);
            let app = app.unwrap_or_else(|| panic!("{address} does not exist"));
            assert!(!app.is_deleted(), "{address} is deleted");
            assert_eq!(attributes["display_name"], app.display_name, "{address}");
            continue;
        }
        let connector = connectors.iter().find(|it| Some(it.id.as_str()) == id);
        let connector = connector.unwrap_or_else(|| panic!("{address} does not exist"));
        assert_eq!(
            attributes["display_name"], connector.display_name,
            "{address}"
        );
        assert_eq!(attributes["app_id"], connector.app_id, "{address}");
        assert_eq!(
            attributes["owner_ids"],
            json!(connector.owner_ids()),
            "{address}"
        );
        let is_hosted = address.starts_with("confluence_integration.");
        if let Some(secret) = text(attributes, "api_key").filter(|_| is_hosted) {
            assert!(
                connector.config.values().any(|it| it == secret),
                "{address}: {connector:#?}"
            );
        }
    }
}

/// Fails if a managed connector is marked as unfinished.
pub(super) fn assert_finished(scene: &Scene, state: &State) {
    for connector in scene.connectors() {
        let is_managed = state.values().any(|it| it["id"] == connector.id.as_str());
        assert!(
            !is_managed || connector.description.is_empty(),
            "{connector:#?}"
        );
    }
}

/// Whether an app is marked as unfinished.
fn is_unfinished(app: &StoredApp) -> bool {
    let mark = app.annotations.get("managed_by").and_then(Value::as_str);
    mark.is_some_and(|mark| mark.starts_with("being-created"))
}

/// Objects that no resource manages.
#[derive(Debug, Default)]
pub(super) struct Unmanaged {
    /// Connectors and apps that a message names.
    pub(super) named: BTreeSet<String>,
    /// Connectors and apps that no message names, but whose mark says that they are unfinished.
    pub(super) marked: BTreeSet<String>,
    /// Connectors and apps that neither a message nor a mark shows, with their names.
    pub(super) unknown: BTreeMap<String, String>,
}

impl Unmanaged {
    /// Sorts the objects that are not in the state.
    pub(super) fn find(scene: &Scene, state: &State, messages: &str) -> Self {
        let managed: BTreeSet<_> = state.values().filter_map(|it| text(it, "id")).collect();
        let connectors = scene.connectors().into_iter();
        let connectors =
            connectors.map(|it| (it.id, it.display_name, it.description.starts_with(MARK)));
        let apps = scene.emulator.apps().into_iter();
        let apps = apps.filter(|app| !app.is_deleted() && app.display_name.starts_with(NAME));
        let apps = apps.map(|app| {
            let is_marked = is_unfinished(&app);
            (app.id, app.display_name, is_marked)
        });
        let mut unmanaged = Self::default();
        for (id, name, is_marked) in connectors.chain(apps) {
            if managed.contains(id.as_str()) {
                continue;
            }
            match (messages.contains(&id), is_marked) {
                (true, _) => _ = unmanaged.named.insert(id),
                (false, true) => _ = unmanaged.marked.insert(id),
                (false, false) => _ = unmanaged.unknown.insert(id, name),
            }
        }
        unmanaged
    }
}

/// A valid credential that the state does not contain.
#[derive(Debug)]
pub(super) struct LostCredential {
    pub(super) connector_id: String,
    pub(super) id: String,
    /// Whether a message asks to revoke it.
    pub(super) is_named: bool,
}

/// Returns the valid credentials that the state does not contain. A credential of an unmanaged connector goes with it.
pub(super) fn find_lost_credentials(
    scene: &Scene,
    state: &State,
    messages: &str,
) -> Vec<LostCredential> {
    let mut lost = Vec::new();
    for attributes in state.values() {
        let Some(connector_id) = text(attributes, "id") else {
            continue;
        };
        let known = ["credential_id", "previous_credential_id"].map(|name| text(attributes, name));
        let is_named = messages.contains(&format!("credential for the connector {connector_id}"));
        for credential in scene.emulator.credentials(connector_id) {
            if !credential.revoked && !known.contains(&Some(credential.id.as_str())) {
                lost.push(LostCredential {
                    connector_id: connector_id.to_owned(),
                    id: credential.id,
                    is_named,
                });
            }
        }
    }
    lost
}
