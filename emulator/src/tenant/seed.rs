//! What a new tenant contains.

use std::collections::HashMap;

use super::people::{CONNECTOR_ADMINISTRATOR, Role, SUPER_ADMINISTRATOR, StoredUser};
use super::{Authentication, Binding, ResourceType, StoredApp, Tenant};
use crate::random;
use crate::switches::Switches;
use crate::time::Time;

const ROLES: [(&str, &str); 5] = [
    ("system:owner", SUPER_ADMINISTRATOR),
    ("system:viewer", "Read-Only Super Administrator"),
    ("system:user", "Basic User"),
    // The internal names of these two are not public.
    ("system:connector-administrator", CONNECTOR_ADMINISTRATOR),
    ("system:app-administrator", "Application Administrator"),
];

const PEOPLE: [(&str, &str); 4] = [
    ("Alice Adams", CONNECTOR_ADMINISTRATOR),
    ("Bob Brown", SUPER_ADMINISTRATOR),
    ("Carol Clark", "Basic User"),
    ("Dave Davis", "Basic User"),
];

/// The type that the directory uses for the apps it discovers.
const APPLICATION: &str = "application";

impl Tenant {
    /// Returns a tenant with roles, users, two apps, and a directory that discovered two more.
    pub(crate) fn seeded(host: &str, authentication: Authentication, switches: Switches) -> Self {
        let now = Time::now();
        let role = |(name, display_name)| Role {
            id: random::id(),
            name,
            display_name,
            created_at: now,
        };
        let mut tenant = Self {
            switches,
            id: random::id(),
            host: host.to_owned(),
            authentication,
            roles: ROLES.into_iter().map(role).collect(),
            users: Vec::new(),
            caller: String::new(),
            apps: Vec::new(),
            resource_types: Vec::new(),
            bindings: Vec::new(),
            connectors: Vec::new(),
            credentials: Vec::new(),
            turns: HashMap::new(),
        };
        tenant.seed_people();
        for name in ["Confluence", "Jira"] {
            tenant.create_app(StoredApp::new(name), &[]);
        }
        tenant.seed_directory(now);
        tenant
    }

    fn seed_people(&mut self) {
        for (name, role) in PEOPLE {
            let email = format!("{}@acme.example", first_name(name));
            self.users.push(StoredUser::new(
                name,
                &email,
                self.role_id(role).into_iter().collect(),
            ));
        }
        if let Some(dave) = self.users.last_mut() {
            "DISABLED".clone_into(&mut dave.status);
        }
        let roles = self.role_id(SUPER_ADMINISTRATOR).into_iter().collect();
        let mut caller = StoredUser::new("Terraform service principal", "", roles);
        "USER_TYPE_SERVICE".clone_into(&mut caller.user_type);
        self.caller.clone_from(&caller.id);
        self.users.push(caller);
    }

    fn seed_directory(&mut self, now: Time) {
        let directory = StoredApp {
            is_directory: true,
            ..StoredApp::new("Okta")
        };
        let app_id = self.create_app(directory, &[]);
        self.resource_types.push(ResourceType {
            app_id: app_id.clone(),
            id: APPLICATION.to_owned(),
            display_name: "Application".to_owned(),
            created_at: now,
        });
        for name in ["Confluence Cloud", "Salesforce"] {
            self.bindings.push(Binding {
                app_id: app_id.clone(),
                resource_type_id: APPLICATION.to_owned(),
                resource_id: random::id(),
                display_name: name.to_owned(),
                managed_app_id: None,
                created_at: now,
                updated_at: now,
            });
        }
    }

    /// Returns the user with this first name in lower case.
    pub(crate) fn user_named(&self, name: &str) -> Option<&StoredUser> {
        self.users
            .iter()
            .find(|user| first_name(&user.display_name) == name)
    }
}

fn first_name(display_name: &str) -> String {
    display_name
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_lowercase()
}
