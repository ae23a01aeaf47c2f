//! Connectors.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::owners::users;
use super::schedule::Schedule;
use super::syncs::{self, SyncRun};
use super::{Owner, Owners, Scope, StoredCredential, Tenant};
use crate::catalog::CatalogEntry;
use crate::config::{self, Config};
use crate::fields::{self, Field, Kind};
use crate::problem::{Code, Problem, Result};
use crate::switches::{DeletedAnswer, NewConnectors, Switches};
use crate::time::Time;
use crate::{input, random};

/// The fields of a connector.
pub(crate) const FIELDS: &[Field] = &[
    Field::read_only("id"),
    Field::read_only("appId"),
    Field::read_only("catalogId"),
    Field::writable("displayName", Kind::Text),
    Field::writable("description", Kind::Text),
    Field::writable("userIds", Kind::List),
    Field::writable("config", Kind::Message),
    Field::read_only("configUpdatedAt"),
    Field::read_only("status"),
    Field::read_only("syncDisabledAt"),
    Field::read_only("syncDisabledCategory"),
    Field::read_only("syncDisabledReason"),
    Field::read_only("canResumeSync"),
    Field::writable("disableCheckBadSync", Kind::Flag),
    Field::writable("connectorSyncCronSchedule", Kind::Message),
    Field::writable("syncConfig", Kind::Message),
    Field::writable("profileAllowList", Kind::List),
    Field::writable("profileIgnoreList", Kind::List),
    Field::writable("parallelSyncWorkerCount", Kind::Number),
    Field::read_only("oauthAuthorizedAs"),
    Field::read_only("connectorApiVersion"),
    Field::read_only("downloadUrl"),
    Field::read_only("createdAt"),
    Field::read_only("updatedAt"),
    Field::read_only("deletedAt"),
];

/// The writable fields that are not stored in [`StoredConnector::settings`]. The last one is absent until it is set.
const OWN: &[&str] = &[
    "displayName",
    "description",
    "userIds",
    "config",
    "connectorSyncCronSchedule",
    "parallelSyncWorkerCount",
];

/// A connector as stored, including secrets.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredConnector {
    /// Its id.
    pub id: String,
    /// The app it belongs to.
    pub app_id: String,
    /// Its entry of the catalog.
    pub catalog_id: String,
    /// Its name.
    pub display_name: String,
    /// Its description.
    pub description: String,
    /// Its owners, including removed ones that reads still show. See [`Self::owner_ids`].
    pub owners: Owners,
    /// Its configuration by key, including secrets. Empty if nobody has configured it.
    pub config: Config,
    /// When the configuration was last written.
    pub config_updated_at: Option<Time>,
    /// Its schedule, or none for the tenant's default.
    pub schedule: Option<Schedule>,
    /// When it was paused.
    pub sync_disabled_at: Option<Time>,
    /// The last sync that the data-drop check stopped.
    pub stopped_sync: Option<String>,
    /// Its syncs, oldest first.
    pub syncs: Vec<SyncRun>,
    /// The other writable fields by their JSON names.
    pub settings: Map<String, Value>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When it was deleted.
    pub deleted_at: Option<Time>,
}

/// The data of a new connector.
#[derive(Debug)]
pub(crate) struct NewConnector {
    pub(crate) entry: &'static CatalogEntry,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) user_ids: Vec<String>,
    pub(crate) config: Config,
}

impl StoredConnector {
    fn new(app_id: &str, entry: &CatalogEntry) -> Self {
        let now = Time::now();
        Self {
            id: random::id(),
            app_id: app_id.to_owned(),
            catalog_id: entry.id.to_owned(),
            display_name: entry.display_name.to_owned(),
            description: String::new(),
            owners: Owners::default(),
            config: Config::new(),
            config_updated_at: None,
            schedule: None,
            sync_disabled_at: None,
            stopped_sync: None,
            syncs: Vec::new(),
            settings: fields::zeros(FIELDS, OWN),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// The ids of the users who own it, as last written.
    pub fn owner_ids(&self) -> Vec<String> {
        self.owners.user_ids()
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Stops a sync and disables syncs, as the data-drop check does. Returns the ID of the sync.
    pub fn stop_sync(&mut self) -> String {
        let id = random::id();
        self.stopped_sync = Some(id.clone());
        self.sync_disabled_at = Some(Time::now());
        id
    }

    /// Changes some settings, as a user does in the web interface.
    pub fn reconfigure(&mut self, settings: impl IntoIterator<Item = (String, String)>) {
        self.config.extend(settings);
        self.config_updated_at = Some(Time::now());
    }

    /// Sets what a request to create a connector leaves open, unlike the catalog.
    fn preset(&mut self) {
        self.display_name.push_str(" of this tenant");
        self.schedule = Schedule::new("0 3 * * *", "UTC").ok();
        self.sync_disabled_at = Some(Time::now());
    }

    /// Returns whether reads already show the object.
    pub(crate) fn shows(&self, switches: &Switches) -> bool {
        self.created_at.is_past_ms(switches.connector_delay_ms)
    }

    pub(crate) fn entry(&self) -> Result<&'static CatalogEntry> {
        CatalogEntry::find(&self.catalog_id)
            .ok_or_else(|| Problem::invalid("unknown catalog entry"))
    }

    /// Stores a configuration and starts a sync with it, like the service.
    fn configure(&mut self, entry: &CatalogEntry, config: Config, switches: &Switches) {
        self.config = config;
        self.config_updated_at = Some(Time::now());
        if self.sync_disabled_at.is_none() && !self.config.is_empty() {
            self.start_sync(entry, switches);
        }
    }

    pub(crate) fn start_sync(&mut self, entry: &CatalogEntry, switches: &Switches) {
        self.syncs.push(SyncRun::plan(
            switches,
            config::sync_error(entry, &self.config),
        ));
    }

    pub(crate) fn delete(&mut self) {
        let now = Time::now();
        self.deleted_at = Some(now);
        self.updated_at = now;
    }

    fn set(&mut self, name: &str, value: Value, switches: &Switches) -> Result<()> {
        match name {
            "displayName" => self.display_name = text(value),
            "description" => self.description = text(value),
            "userIds" => {
                let owners = users(&input::decode::<Vec<String>>(value)?);
                self.owners.replace(
                    Scope::Users,
                    &switches.owner_role_slug,
                    &owners,
                    switches.owner_delay_ms,
                );
            }
            "config" => {
                let entry = self.entry()?;
                let given = config::read(entry, value)?;
                let config = config::update(entry, &self.config, given, switches.config_mode)?;
                self.configure(entry, config, switches);
            }
            "connectorSyncCronSchedule" => self.schedule = Schedule::read(&value)?,
            _ => {
                self.settings.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn view(&self, entry: &CatalogEntry, user_ids: &[String], switches: &Switches) -> Value {
        let secret = switches.secret_echo.text();
        let configured = self.config_updated_at.is_some() || !self.config.is_empty();
        let paused = self.sync_disabled_at.is_some();
        let mut connector = self.settings.clone();
        let fields = json!({
            "id": self.id, "appId": self.app_id, "catalogId": self.catalog_id,
            "displayName": self.display_name, "description": self.description, "userIds": user_ids,
            "config": configured.then(|| entry.env_config(&self.config, secret)),
            "configUpdatedAt": self.config_updated_at,
            "status": syncs::status(&self.syncs, self.sync_disabled_at),
            "syncDisabledAt": self.sync_disabled_at,
            "syncDisabledCategory": if paused { "PAUSED" } else { "" },
            "syncDisabledReason": if paused { "paused by a user" } else { "" },
            "canResumeSync": paused,
            "connectorSyncCronSchedule": self.schedule,
            "oauthAuthorizedAs": null, "connectorApiVersion": entry.api_version, "downloadUrl": "",
            "createdAt": self.created_at, "updatedAt": self.updated_at, "deletedAt": self.deleted_at,
        });
        connector.extend(fields.as_object().cloned().unwrap_or_default());
        json!({"connector": connector, "appPath": "", "usersPath": "", "capabilitiesPath": ""})
    }
}

fn text(value: Value) -> String {
    if let Value::String(text) = value {
        text
    } else {
        String::new()
    }
}

impl Tenant {
    /// Returns the connector if it exists and is not deleted.
    pub(crate) fn connector(&mut self, app_id: &str, id: &str) -> Result<&mut StoredConnector> {
        self.app(app_id)?;
        let is_it =
            |it: &&mut StoredConnector| it.id == id && it.app_id == app_id && !it.is_deleted();
        self.connectors
            .iter_mut()
            .find(is_it)
            .ok_or_else(|| Problem::not_found("connector", id))
    }

    /// Returns `{connectorView}` of a connector, which may be deleted.
    pub(crate) fn connector_answer(&mut self, app_id: &str, id: &str) -> Result<Value> {
        let shows_deleted = self.switches.deleted_answer == DeletedAnswer::DeletedAt;
        let is_it = |it: &&StoredConnector| {
            it.id == id && it.app_id == app_id && (shows_deleted || !it.is_deleted())
        };
        let connector = self.connectors.iter().find(is_it).cloned();
        let connector = connector.ok_or_else(|| Problem::not_found("connector", id))?;
        Ok(json!({"connectorView": self.connector_view(&connector)?, "expanded": []}))
    }

    pub(crate) fn connector_view(&mut self, connector: &StoredConnector) -> Result<Value> {
        let user_ids = if self.switches.echo_user_ids {
            connector.owner_ids()
        } else {
            Vec::new()
        };
        let user_ids = self.arrange(&format!("userIds of {}", connector.id), user_ids);
        Ok(connector.view(connector.entry()?, &user_ids, &self.switches))
    }

    /// Creates a connector and returns its ID. Without owners, the caller becomes its owner.
    pub(crate) fn create_connector(&mut self, app_id: &str, new: NewConnector) -> Result<String> {
        self.app(app_id)?;
        self.check_users(&new.user_ids, Code::InvalidArgument)?;
        let switches = &self.switches;
        let owners = if new.user_ids.is_empty() {
            vec![self.caller.clone()]
        } else {
            new.user_ids
        };
        let mut connector = StoredConnector::new(app_id, new.entry);
        if switches.new_connectors == NewConnectors::Preset {
            connector.preset();
        }
        if !new.display_name.is_empty() {
            connector.display_name = new.display_name;
        }
        connector.description = new.description;
        for id in owners {
            connector.owners.add(
                &switches.owner_role_slug,
                Owner::User(id),
                switches.owner_delay_ms,
            );
        }
        if !new.config.is_empty() {
            connector.configure(new.entry, new.config, switches);
        }
        let id = connector.id.clone();
        self.connectors.push(connector);
        Ok(id)
    }

    /// Applies a complete update or nothing.
    pub(crate) fn update_connector(
        &mut self,
        app_id: &str,
        id: &str,
        message: Map<String, Value>,
        mask: Option<&str>,
    ) -> Result<()> {
        let switches = self.switches.clone();
        let mut updated = self.connector(app_id, id)?.clone();
        for (name, stored) in [
            ("id", id),
            ("appId", app_id),
            ("catalogId", updated.catalog_id.as_str()),
        ] {
            let given = message
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !given.is_empty() && given != stored {
                return Err(Problem::invalid(format!("{name} cannot be changed")));
            }
        }
        for (name, value) in fields::patch(FIELDS, message, mask)? {
            if name == "userIds" {
                self.check_users(
                    &input::decode::<Vec<String>>(value.clone())?,
                    Code::InvalidArgument,
                )?;
            }
            updated.set(name, value, &switches)?;
        }
        updated.updated_at = Time::now();
        *self.connector(app_id, id)? = updated;
        Ok(())
    }

    /// Starts a sync as the connector's process does. `error` is its result, if it fails.
    pub(crate) fn sync_connector(&mut self, id: &str, error: Option<String>) -> Result<()> {
        let run = SyncRun::plan(&self.switches, error);
        let connector = self.connectors.iter_mut().find(|it| it.id == id);
        let connector = connector.ok_or_else(|| Problem::not_found("connector", id))?;
        connector.syncs.push(run);
        Ok(())
    }

    /// Deletes a connector and revokes its credentials.
    pub(crate) fn delete_connector(&mut self, id: &str) {
        let mut connectors = self.connectors.iter_mut();
        if let Some(connector) = connectors.find(|it| it.id == id && !it.is_deleted()) {
            connector.delete();
        }
        let credentials = self.credentials.iter_mut();
        credentials
            .filter(|it| it.connector_id == id)
            .for_each(StoredCredential::revoke);
    }
}
