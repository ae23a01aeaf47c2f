//! What connectors have brought: accounts, entitlements and resources. A successful sync brings the same objects each time.

use serde_json::{Value, json};

use super::{ResourceType, StoredConnector, Tenant};
use crate::time::Time;

/// The kinds of resources that a connector for Confluence brings, with the entitlement that each resource has.
const KINDS: [(&str, &str, &str); 2] = [("group", "Group", "member"), ("space", "Space", "read")];

/// The objects of one kind that a connector brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synced {
    Accounts,
    Entitlements,
}

impl Tenant {
    /// Returns the accounts or entitlements of an app, as views. If the switch says so, one more of each is deleted.
    pub(crate) fn synced(&self, app_id: &str, what: Synced) -> Vec<Value> {
        let sources = self.sources(app_id);
        let views = sources.flat_map(|(connector, at)| {
            let account =
                move |(number, deleted): (u64, bool)| account(connector, number, at, deleted);
            match what {
                Synced::Accounts => self
                    .numbers(self.switches.synced_accounts)
                    .map(account)
                    .collect(),
                Synced::Entitlements => self.entitlements(connector, at),
            }
        });
        views.collect()
    }

    /// Returns the kinds of resources that the connectors of an app have brought.
    pub(crate) fn synced_types(&self, app_id: &str) -> Vec<ResourceType> {
        let Some((_, created_at)) = self.sources(app_id).next() else {
            return Vec::new();
        };
        let kind = |(id, display_name, _): (&str, &str, _)| ResourceType {
            app_id: app_id.to_owned(),
            id: id.to_owned(),
            display_name: display_name.to_owned(),
            created_at,
        };
        KINDS.into_iter().map(kind).collect()
    }

    /// Returns the resources of a kind, as views.
    pub(crate) fn synced_resources(&self, app_id: &str, kind: &str) -> Vec<Value> {
        let sources = self.sources(app_id);
        let views = sources.flat_map(|(connector, at)| {
            let view = move |(number, deleted)| resource(connector, kind, number, at, deleted);
            self.numbers(self.size(kind)).map(view)
        });
        views.collect()
    }

    /// Returns the connectors of an app that have synced, and when they first did.
    fn sources(&self, app_id: &str) -> impl Iterator<Item = (&StoredConnector, Time)> {
        let now = Time::now();
        self.connectors.iter().filter_map(move |connector| {
            let mut syncs = connector.syncs.iter();
            let sync = syncs.find(|sync| sync.completed_at <= now && sync.error.is_none())?;
            let is_there = connector.app_id == app_id && !connector.is_deleted();
            is_there.then_some((connector, sync.completed_at))
        })
    }

    fn entitlements(&self, connector: &StoredConnector, at: Time) -> Vec<Value> {
        let of_kind = |(kind, _, slug): (&'static str, _, &'static str)| {
            let view =
                move |(number, deleted)| entitlement(connector, kind, slug, number, at, deleted);
            self.numbers(self.size(kind)).map(view)
        };
        KINDS.into_iter().flat_map(of_kind).collect()
    }

    /// Returns how many resources of a kind a connector brings.
    fn size(&self, kind: &str) -> u64 {
        match kind {
            "group" => self.switches.synced_groups,
            "space" => self.switches.synced_spaces,
            _ => 0,
        }
    }

    /// Returns the numbers of the objects of one kind, and whether each is deleted.
    fn numbers(&self, count: u64) -> impl Iterator<Item = (u64, bool)> + use<> {
        let deleted = u64::from(self.switches.synced_deleted && count > 0);
        (0..count + deleted).map(move |number| (number, number == count))
    }
}

fn account(connector: &StoredConnector, number: u64, at: Time, deleted: bool) -> Value {
    let email = format!("person-{number}@acme.example");
    json!({"appPath": "", "identityUserPath": "", "lastUsagePath": "", "appUser": {
        "id": format!("{}-account-{number}", connector.id), "appId": connector.app_id,
        "displayName": format!("Person {number}"), "email": email, "emails": [email], "username": email,
        "appUserType": "APP_USER_TYPE_USER", "status": {"status": "STATUS_ENABLED", "details": ""}, "profile": {},
        "createdAt": at, "updatedAt": at, "deletedAt": deleted.then_some(at),
    }})
}

fn entitlement(
    connector: &StoredConnector,
    kind: &str,
    slug: &str,
    number: u64,
    at: Time,
    deleted: bool,
) -> Value {
    let resource_id = resource_id(connector, kind, number);
    json!({
        "appPath": "", "appResourcePath": "", "appResourceTypePath": "", "objectPermissions": null,
        "appEntitlement": {
            "id": format!("{resource_id}-{slug}"), "appId": connector.app_id, "displayName": format!("{kind} {number} {slug}"),
            "slug": slug, "appResourceTypeId": kind, "appResourceId": resource_id,
            "sourceConnectorIds": {&connector.id: resource_id}, "grantCount": "1",
            "createdAt": at, "updatedAt": at, "deletedAt": deleted.then_some(at),
        },
    })
}

fn resource(
    connector: &StoredConnector,
    kind: &str,
    number: u64,
    at: Time,
    deleted: bool,
) -> Value {
    json!({
        "appPath": "", "parentResourcePath": "", "parentResourceTypePath": "", "resourceTypePath": "",
        "objectPermissions": null,
        "appResource": {
            "id": resource_id(connector, kind, number), "appId": connector.app_id, "appResourceTypeId": kind,
            "displayName": format!("{kind} {number}"), "description": "", "grantCount": "1",
            "createdAt": at, "updatedAt": at, "deletedAt": deleted.then_some(at),
        },
    })
}

fn resource_id(connector: &StoredConnector, kind: &str, number: u64) -> String {
    format!("{}-{kind}-{number}", connector.id)
}
