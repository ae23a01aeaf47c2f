//! The configuration that a life wants.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::scene::{APP, CLOUD, DATA_CENTER, Scene, config};

/// The resources by address. Resources that are not wanted have no settings.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    resources: BTreeMap<String, Option<Settings>>,
}

/// The settings of one resource.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Its number among all resources.
    number: usize,
    /// A part of its name and of its secret.
    version: u32,
    credential_version: u32,
    revokes_previous: bool,
    owner: &'static str,
    is_in_other_app: bool,
}

impl Wanted {
    /// Wants none of these resources: numbers by address of the type.
    pub(super) fn nothing(counts: &[(&str, usize)]) -> Self {
        let addresses = counts.iter().flat_map(|(address, count)| {
            let (kind, _) = address.split_once('.').expect("an address");
            (0..*count).map(move |place| format!("{kind}.r{place}"))
        });
        Self {
            resources: addresses.map(|address| (address, None)).collect(),
        }
    }

    /// Wants all resources if it wanted none. Otherwise changes some, or wants none.
    pub(super) fn change(&mut self, rng: &mut Rng) {
        if self.resources.values().all(Option::is_none) {
            self.want_all();
        } else if rng.u8(..10) == 0 {
            self.want_nothing();
        } else {
            self.change_some(rng);
        }
    }

    pub(super) fn want_all(&mut self) {
        for (number, settings) in self.resources.values_mut().enumerate() {
            settings.get_or_insert_with(|| Settings::new(number));
        }
    }

    pub(super) fn want_nothing(&mut self) {
        for settings in self.resources.values_mut() {
            *settings = None;
        }
    }

    /// Changes about a third of the resources.
    pub(super) fn change_some(&mut self, rng: &mut Rng) {
        for (number, settings) in self.resources.values_mut().enumerate() {
            if rng.u8(..3) == 0 {
                *settings = match settings.take() {
                    None => Some(Settings::new(number)),
                    Some(settings) => settings.changed(rng),
                };
            }
        }
    }

    /// Returns the wanted resources with their attributes in the configuration.
    pub(super) fn attributes(&self, scene: &Scene) -> BTreeMap<String, Value> {
        let wanted = self.resources.iter();
        let wanted = wanted.filter_map(|(address, settings)| Some((address, settings.as_ref()?)));
        wanted
            .map(|(address, settings)| (address.clone(), settings.attributes(scene, address)))
            .collect()
    }

    /// Adds an app, and a connector in each app that has some.
    pub(super) fn add_last(&mut self) {
        let last = [(CLOUD, false), (CLOUD, true), (APP, false)];
        for (place, (address, is_in_other_app)) in last.into_iter().enumerate() {
            let (kind, _) = address.split_once('.').expect("an address");
            let settings = Settings {
                is_in_other_app,
                ..Settings::new(self.resources.len())
            };
            self.resources
                .insert(format!("{kind}.last{place}"), Some(settings));
        }
    }

    /// Writes the configuration.
    pub(super) fn write(&self, scene: &Scene) {
        let attributes = self.attributes(scene);
        let resources = attributes.iter();
        let resources: Vec<_> = resources.map(|(it, value)| (it.as_str(), value)).collect();
        // Terraform refuses an object without resources.
        let config = match resources.as_slice() {
            [] => json!({}),
            resources => config(resources),
        };
        scene.workspace.write(&config);
    }
}

impl Settings {
    fn new(number: usize) -> Self {
        Self {
            number,
            version: 1,
            credential_version: 1,
            revokes_previous: false,
            owner: "alice",
            is_in_other_app: false,
        }
    }

    /// Returns the settings with one change, or none if the resource is not wanted any more.
    fn changed(mut self, rng: &mut Rng) -> Option<Self> {
        match rng.u8(..6) {
            0 => return None,
            1 => self.version += 1,
            2 => self.credential_version += 1,
            3 => self.revokes_previous = !self.revokes_previous,
            4 => {
                self.owner = if self.owner == "alice" {
                    "bob"
                } else {
                    "alice"
                }
            }
            _ => self.is_in_other_app = !self.is_in_other_app,
        }
        Some(self)
    }

    fn attributes(&self, scene: &Scene, address: &str) -> Value {
        let (kind, _) = address.split_once('.').expect("an address");
        let number = self.number;
        let name = format!("{NAME} {number} {}", self.version);
        if APP.starts_with(kind) {
            return json!({"display_name": name});
        }
        let app_id = if self.is_in_other_app {
            scene.emulator.other_app_id()
        } else {
            scene.emulator.app_id()
        };
        let secret = format!("secret-{}", self.version);
        let common = json!({
            "app_id": app_id, "display_name": name, "owner_ids": [scene.emulator.user_id(self.owner)],
        });
        let credential = json!({
            "credential_version": self.credential_version, "revoke_previous_credential": self.revokes_previous,
        });
        let login = if DATA_CENTER.starts_with(kind) {
            json!({"hostname": format!("https://wiki{number}.corp.example"), "access_token": secret})
        } else {
            json!({"site_domain": format!("acme{number}"), "api_key": secret, "username": "svc@acme.example"})
        };
        let is_hosted = CLOUD
            .split_once('.')
            .is_some_and(|(hosted, _)| hosted == kind);
        merged([
            common,
            login,
            if is_hosted { json!({}) } else { credential },
        ])
    }
}

/// The beginning of each name.
pub(super) const NAME: &str = "Slot";

/// Returns an object with the members of all of these.
fn merged<const N: usize>(objects: [Value; N]) -> Value {
    let members = objects.into_iter().filter_map(|object| match object {
        Value::Object(members) => Some(members),
        _ => None,
    });
    members.flatten().collect()
}
