//! A tenant and its client.

use conductorone_emulator::{Emulator, Options, Switches};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    client: reqwest::Client,
}

impl Tenant {
    pub(crate) async fn start() -> Self {
        Self {
            emulator: Emulator::start(Options::default()).await.unwrap(),
            client: client(),
        }
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.emulator.switch(change);
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.emulator.url());
        let mut request = self
            .client
            .request(method.parse().unwrap(), url)
            .bearer_auth(self.emulator.access_token());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, None).await
    }

    /// Sends a POST with this body.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send("POST", path, Some(body)).await
    }

    /// Sends a POST to a path below the connectors of the app.
    pub(crate) async fn act(&self, path: &str, body: Value) -> (u16, Value) {
        let app_id = self.emulator.app_id();
        let path = format!("/api/v1/apps/{app_id}/connectors{path}");
        self.post(&path, body).await
    }

    pub(crate) async fn create(&self, catalog_id: &str, config: Value) -> Value {
        let body = json!({"catalogId": catalog_id, "config": config});
        let (status, mut answer) = self.act("/create", body).await;
        assert_eq!(status, 200, "{answer}");
        answer["connectorView"]["connector"].take()
    }

    pub(crate) async fn create_id(&self, catalog_id: &str, config: Value) -> String {
        let connector = self.create(catalog_id, config).await;
        connector["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn connector(&self, id: &str) -> Value {
        let path = format!("/api/v1/apps/{}/connectors/{id}", self.emulator.app_id());
        self.get(&path).await.1["connectorView"]["connector"].take()
    }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub(crate) fn config(pairs: &[(&str, &str)]) -> Value {
    let values = pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), json!({"stringValue": value})));
    json!({"@type": "type.googleapis.com/c1.api.app.v1.EnvConfig", "configuration": values.collect::<Map<_, _>>()})
}

pub(crate) fn full_config() -> Value {
    config(&[
        ("domain-url", "https://acme.atlassian.net"),
        ("username", "u"),
        ("api-key", "k"),
    ])
}

/// Requests a token.
pub(crate) async fn token(emulator: &Emulator, form: &impl Serialize) -> (u16, Value) {
    let response = client()
        .post(format!("{}/auth/v1/token", emulator.url()))
        .form(form)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Returns the status of a request with this token.
pub(crate) async fn status(emulator: &Emulator, token: &str) -> u16 {
    let request = client()
        .get(format!("{}/api/v1/apps", emulator.url()))
        .bearer_auth(token);
    request.send().await.unwrap().status().as_u16()
}
