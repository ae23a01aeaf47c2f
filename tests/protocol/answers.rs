//! Calls every operation of the emulator once. `CheckedEmulator` checks the responses against the API's description
//! when it is dropped.

use std::collections::BTreeMap;

use conductorone_emulator::{BATON, DeletedAnswer, Options, SecretEcho, Switches, V2};
use serde_json::{Value, json};

use crate::checked::send;
use crate::emulator::CheckedEmulator;

/// A tenant, and the IDs of its objects by the names in the paths below.
struct Walk {
    emulator: CheckedEmulator,
    ids: BTreeMap<&'static str, String>,
}

impl Walk {
    /// Sends a request whose path may contain names of IDs, and returns the response, which must be a success.
    async fn step(&self, line: &str, body: &Value) -> Value {
        let filled = self.ids.iter().fold(line.to_owned(), |line, (name, id)| {
            line.replace(&format!("{{{name}}}"), id)
        });
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let answer = send(&self.emulator, &filled, &body).await;
        let answer = answer.expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 "), "{filled}: {answer}");
        serde_json::from_str(body).expect("JSON")
    }

    /// Stores the ID at this place of a response.
    fn note(&mut self, name: &'static str, answer: &Value, pointer: &str) {
        let id = answer.pointer(pointer).and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("{name}: {answer:#}"));
        self.ids.insert(name, id.to_owned());
    }

    async fn steps(&self, steps: &[(&str, Value)]) {
        for (line, body) in steps {
            self.step(line, body).await;
        }
    }

    async fn people(&mut self) {
        let users = self.step("GET /api/v1/users", &Value::Null).await;
        self.note("user", &users, "/list/0/user/id");
        self.steps(&[
            ("GET /api/v1/users/{user}", Value::Null),
            ("GET /api/v1/iam/roles", Value::Null),
            ("GET /api/v1/auth/introspect", Value::Null),
            ("POST /api/v1/users/introspect", json!({})),
            ("POST /api/v1/search/users", json!({"query": "alice"})),
        ])
        .await;
    }

    async fn apps(&mut self) {
        let wiki = json!({"displayName": "Wiki"});
        let app = self.step("POST /api/v1/apps", &wiki).await;
        self.note("app", &app, "/app/id");
        let owners = json!({"userIds": [self.ids["user"]]});
        let change = json!({"app": {"description": "x"}, "updateMask": "description"});
        self.steps(&[
            ("GET /api/v1/apps", Value::Null),
            ("GET /api/v1/apps/{app}", Value::Null),
            ("POST /api/v1/apps/{app}", change),
            ("POST /api/v1/search/apps", json!({"query": "wiki"})),
            ("PUT /api/v1/apps/{app}/owners", owners),
            ("GET /api/v1/apps/{app}/ownerids", Value::Null),
        ])
        .await;
    }

    async fn discovered_apps(&mut self) {
        self.ids
            .insert("directory", self.emulator.directory_app_id());
        let types = self
            .step("GET /api/v1/apps/{directory}/resource_types", &Value::Null)
            .await;
        self.note("type", &types, "/list/0/appResourceType/id");
        let bindings = "/api/v1/apps/{directory}/resource_types/{type}/managed_state_bindings";
        let found = self.step(&format!("GET {bindings}"), &Value::Null).await;
        let row = found["list"][0].to_string();
        let id = row.split("\"resourceId\":\"").nth(1);
        let id = id.and_then(|it| it.split('"').next()).expect("an id");
        self.ids.insert("resource", id.to_owned());
        let (one, promote) = (
            format!("GET {bindings}/{{resource}}"),
            format!("POST {bindings}/{{resource}}/promote"),
        );
        self.steps(&[
            (&one, Value::Null),
            (&promote, json!({})),
            (&one, Value::Null),
        ])
        .await;
    }

    async fn connectors(&mut self) {
        let value = |text: &str| json!({"stringValue": text});
        let config = json!({
            "@type": "type.googleapis.com/c1.api.app.v1.EnvConfig",
            "configuration": {
                "domain-url": value("https://acme.atlassian.net"), "username": value("u"), "api-key": value("k"),
            },
        });
        let new = json!({"catalogId": V2, "config": config});
        let made = self
            .step("POST /api/v1/apps/{app}/connectors/create", &new)
            .await;
        self.note("connector", &made, "/connectorView/connector/id");
        let id = &self.ids["connector"];
        let mut sync = String::new();
        self.emulator.edit_connector(id, |it| sync = it.stop_sync());
        let change = json!({"connector": {"config": config}, "updateMask": "config"});
        let rename = json!({"connector": {"displayName": "n"}, "updateMask": "displayName"});
        let cron = json!({"cron": {"cronSpec": "0 3 * * *", "timezone": "Europe/Berlin"}});
        let one = "/api/v1/apps/{app}/connectors/{connector}";
        let at = |method: &str, rest: &str| format!("{method} {one}{rest}");
        for (line, body) in [
            (at("POST", ""), change),
            (at("POST", "/delegated"), rename),
            (at("POST", "/schedule"), cron),
            (at("POST", "/pause"), json!({})),
            (at("GET", ""), Value::Null),
            (at("POST", "/resume"), json!({})),
            (at("POST", "/force_sync"), json!({})),
            (
                at("POST", &format!("/confirm_sync_valid/{sync}")),
                json!({}),
            ),
            (at("GET", ""), Value::Null),
            ("GET /api/v1/apps/{app}/connectors".to_owned(), Value::Null),
            (
                "POST /api/v1/connectorcatalog".to_owned(),
                json!({"catalogId": V2}),
            ),
        ] {
            self.step(&line, &body).await;
        }
    }

    async fn owners(&self) {
        let all = "/api/v2/apps/{app}/connectors/{connector}/owners";
        let owners = json!({
            "roleSlug": "owner",
            "userRefs": [{"id": self.ids["user"]}],
            "appEntitlementRefs": [{"appId": self.ids["app"], "id": "e"}],
        });
        for (method, rest, body) in [
            ("PUT", "", owners),
            ("GET", "/users", Value::Null),
            ("GET", "/entitlements", Value::Null),
        ] {
            self.step(&format!("{method} {all}{rest}"), &body).await;
        }
    }

    async fn credentials(&mut self) {
        let new = json!({"catalogId": BATON, "displayName": "x"});
        let made = self.step("POST /api/v1/apps/{app}/connectors", &new).await;
        self.note("baton", &made, "/connectorView/connector/id");
        let wanted = json!({"appId": self.ids["app"], "connectorId": self.ids["baton"]});
        let line = "POST /api/v1/apps/connectors/credentials";
        let issued = self.step(line, &wanted).await;
        self.note("credential", &issued, "/credential/id");
        let one = "/api/v1/apps/{app}/connectors/{baton}/credentials/{credential}";
        for (line, body) in [
            (format!("GET {one}"), Value::Null),
            (format!("POST {one}"), json!({})),
            (
                "DELETE /api/v1/apps/{app}/connectors/{baton}".to_owned(),
                Value::Null,
            ),
            ("DELETE /api/v1/apps/{app}".to_owned(), Value::Null),
        ] {
            self.step(&line, &body).await;
        }
        if self.ids.contains_key("deleted stay visible") {
            self.step("GET /api/v1/apps/{app}", &Value::Null).await;
            self.step("GET /api/v1/apps/{app}/connectors/{baton}", &Value::Null)
                .await;
        }
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_api_describes_it() {
    let other = Switches {
        echo_user_ids: true,
        secret_echo: SecretEcho::Masked,
        deleted_answer: DeletedAnswer::DeletedAt,
        credential_lifetime_s: Some(3600),
        sync_error: Some("unreachable".to_owned()),
        sync_duration_ms: 0,
        full_form: true,
        ..Switches::default()
    };
    for switches in [Switches::default(), other] {
        let shows_deleted = switches.deleted_answer == DeletedAnswer::DeletedAt;
        let options = Options {
            switches,
            ..Options::default()
        };
        let mut walk = Walk {
            emulator: CheckedEmulator::start(options).await,
            ids: BTreeMap::new(),
        };
        if shows_deleted {
            walk.ids.insert("deleted stay visible", String::new());
        }
        walk.people().await;
        walk.apps().await;
        walk.discovered_apps().await;
        walk.connectors().await;
        walk.owners().await;
        walk.credentials().await;
    }
}
