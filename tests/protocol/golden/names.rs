//! Names for what differs in every run: IDs, times and secrets. Recordings contain the names.

use conductorone_emulator::{Emulator, Time};
use serde_json::Value;

/// A time that has passed, in place of the time of a read.
const EARLIER: &str = "2026-01-01T00:00:00Z";
/// The beginnings of the marks of unfinished objects. The rest differs in every run.
const MARKS: [&str; 2] = ["Being created by Terraform", "being-created-by-terraform"];

/// The names of a tenant at one moment.
pub(super) struct Names(Vec<Name>);

struct Name {
    text: String,
    value: String,
    /// The only key at which the value has this name. Times of several objects may be equal.
    key: Option<&'static str>,
}

impl Names {
    /// Returns the names of the seeded objects, and of the one object that the recorded resource has created.
    pub(super) fn of(emulator: &Emulator) -> Self {
        let mut names = Self(Vec::new());
        names.add("app", emulator.app_id());
        names.add("alice", emulator.user_id("alice"));
        names.add("principal", emulator.user_id("terraform"));
        names.add("directory", emulator.directory_app_id());
        names.add("discovered", emulator.discovered_resource_id());
        // Three apps are seeded.
        if let Some(app) = emulator.apps().get(3) {
            names.add("created", app.id.clone());
            names.add_time("created_at", Some(app.created_at));
        }
        if let Some(connector) = emulator.connectors().first() {
            names.add("created", connector.id.clone());
            names.add_time("created_at", Some(connector.created_at));
            names.add_time("config_updated_at", connector.config_updated_at);
            for (number, credential) in (1..).zip(emulator.credentials(&connector.id)) {
                names.add(&format!("credential {number}"), credential.id);
                names.add(&format!("client {number}"), credential.client_id);
                names.add(&format!("secret {number}"), credential.client_secret);
                names.add_time("credential_expires_at", credential.expires_at);
            }
        }
        names
    }

    fn add(&mut self, name: &str, value: String) {
        let text = format!("{{{name}}}");
        let key = None;
        self.0.push(Name { text, value, key });
    }

    /// Adds a time that has a name only at the key of this name. The latest time counts.
    fn add_time(&mut self, key: &'static str, time: Option<Time>) {
        self.0.retain(|name| name.key != Some(key));
        self.0.extend(time.map(|time| Name {
            text: format!("{{{key}}}"),
            value: time.to_string(),
            key: Some(key),
        }));
    }

    /// Returns a value with names.
    pub(super) fn hide(&self, value: &Value) -> Value {
        map_texts(value, "", &|key, text| self.hide_in(key, text))
    }

    /// Returns a text with names. `key` is the key at which it is.
    pub(super) fn hide_in(&self, key: &str, text: &str) -> String {
        if key == "looked_at" {
            return EARLIER.to_owned();
        }
        if let Some(mark) = MARKS.iter().find(|mark| text.starts_with(*mark)) {
            return (*mark).to_owned();
        }
        self.replace(key, text, |name| (&name.value, &name.text))
    }

    /// Returns a value with this tenant's values in place of names.
    pub(super) fn show(&self, value: &Value) -> Value {
        map_texts(value, "", &|key, text| self.show_in(key, text))
    }

    /// Returns a text with this tenant's values in place of names.
    pub(super) fn show_in(&self, key: &str, text: &str) -> String {
        self.replace(key, text, |name| (&name.text, &name.value))
    }

    fn replace(&self, key: &str, text: &str, pair: impl Fn(&Name) -> (&String, &String)) -> String {
        let here = self.0.iter();
        let here = here.filter(|name| name.key.is_none_or(|only| only == key));
        here.fold(text.to_owned(), |text, name| {
            let (from, to) = pair(name);
            text.replace(from, to)
        })
    }
}

/// Changes all texts in a value. `change` gets the key of the object that contains the text.
fn map_texts(value: &Value, key: &str, change: &impl Fn(&str, &str) -> String) -> Value {
    match value {
        Value::String(text) => change(key, text).into(),
        Value::Array(items) => items.iter().map(|it| map_texts(it, key, change)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| (key.clone(), map_texts(field, key, change)))
            .collect(),
        other => other.clone(),
    }
}
