//! Every request of a whole life, against the request schemas of the API's published description.

use std::collections::BTreeSet;
use std::path::Path;

use conductorone_emulator::JournalEntry;
use serde_json::{Value, json};

use crate::scene::{BOTH, CLOUD, DATA_CENTER, Scene, with};
use crate::terraform::skip;

/// The description, which lies beside the repository; not everybody has it.
const DESCRIPTION: &str = "../shared/contracts/conductorone-openapi.json";

fn description() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DESCRIPTION);
    let Ok(text) = std::fs::read_to_string(path) else {
        skip(&format!(
            "there is no {DESCRIPTION} to compare requests with"
        ));
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn every_request_is_one_that_the_api_describes() {
    let Some(description) = description() else {
        return;
    };
    let Some(scene) = Scene::new().await else {
        return;
    };
    live(&scene).await;
    let mut seen = BTreeSet::new();
    for entry in scene.emulator.journal() {
        if entry.path != "/auth/v1/token" {
            seen.insert(check(&description, &entry));
        }
    }
    for operation in [
        "post /api/v1/apps/{app_id}/connectors/create",
        "post /api/v1/apps/{app_id}/connectors",
        "post /api/v1/apps/{app_id}/connectors/{id}",
        "post /api/v1/apps/{connector_app_id}/connectors/{connector_id}/delegated",
        "delete /api/v1/apps/{app_id}/connectors/{id}",
        "post /api/v1/apps/connectors/credentials",
        "put /api/v2/apps/{app_id}/connectors/{connector_id}/owners",
    ] {
        assert!(
            seen.contains(operation),
            "{operation} was not needed: {seen:#?}"
        );
    }
}

/// Creates, changes and destroys both resources.
async fn live(scene: &Scene) {
    let attributes = BOTH.map(|address| scene.attributes(address));
    scene
        .create(&[(CLOUD, &attributes[0]), (DATA_CENTER, &attributes[1])])
        .await;
    let owners = [scene.emulator.user_id("bob")];
    let changes = json!({"display_name": "Wiki", "description": "x", "owner_ids": owners});
    let [cloud, data_center] = attributes.map(|attributes| with(&attributes, &changes));
    let cloud = with(&cloud, &json!({"username": "other@acme.example"}));
    scene
        .create(&[(CLOUD, &cloud), (DATA_CENTER, &data_center)])
        .await;
    scene.workspace.destroy().await.succeeded();
}

/// Checks one request and gives the operation that it is.
fn check(description: &Value, entry: &JournalEntry) -> String {
    let method = entry.method.to_lowercase();
    let (template, operation) = operation(description, &method, &entry.path);
    let name = format!("{method} {template}");
    let known = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for parameter in entry.query.split('&').filter(|it| !it.is_empty()) {
        let key = parameter.split('=').next().unwrap_or_default();
        assert!(
            known.iter().any(|it| it["name"] == key),
            "{name} has no parameter {key}"
        );
    }
    match (&entry.body, body_schema(operation)) {
        (Value::Null, _) => {}
        (body, Value::Null) => panic!("{name} has no body, but {body} was sent"),
        (body, schema) => {
            let mistakes = mistakes(description, schema, body);
            assert_eq!(mistakes, Vec::<String>::new(), "{name}: {body:#}");
        }
    }
    name
}

/// What is wrong with a body.
fn mistakes(description: &Value, schema: &Value, body: &Value) -> Vec<String> {
    let mut schema = schema.clone();
    schema["components"] = closed(&description["components"]);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mistakes = validator.iter_errors(body);
    mistakes.map(|mistake| mistake.to_string()).collect()
}

#[test]
fn a_field_that_the_api_does_not_know_is_a_mistake() {
    let Some(description) = description() else {
        return;
    };
    let path = "/api/v1/apps/a/connectors/c/delegated";
    let (_, operation) = operation(&description, "post", path);
    let schema = body_schema(operation);
    let good = json!({"connector": {"displayName": "Wiki"}, "updateMask": "displayName"});
    assert_eq!(mistakes(&description, schema, &good), Vec::<String>::new());
    for bad in [
        json!({"nonsense": 1}),
        json!({"connector": {"nonsense": 1}}),
        json!({"connector": {"displayName": 1}}),
    ] {
        assert_ne!(
            mistakes(&description, schema, &bad),
            Vec::<String>::new(),
            "{bad}"
        );
    }
}

fn body_schema(operation: &Value) -> &Value {
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

/// The schemas with every object closed that does not say otherwise: the service refuses unknown fields.
fn closed(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(closed).collect(),
        Value::Object(fields) => {
            let mut fields: serde_json::Map<_, _> = fields
                .iter()
                .map(|(name, field)| (name.clone(), closed(field)))
                .collect();
            if fields.get("properties").is_some_and(Value::is_object) && fields.contains_key("type")
            {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            Value::Object(fields)
        }
        other => other.clone(),
    }
}

/// The operation of a path: literal segments win over parameters.
fn operation<'a>(description: &'a Value, method: &str, path: &str) -> (&'a str, &'a Value) {
    let paths = description["paths"].as_object().expect("paths");
    let fits = |template: &str| {
        let (mut expected, mut found) = (template.split('/'), path.split('/'));
        let mut parameters = 0;
        loop {
            match (expected.next(), found.next()) {
                (None, None) => return Some(parameters),
                (Some(part), Some(_)) if part.starts_with('{') => parameters += 1,
                (Some(part), Some(segment)) if part == segment => {}
                _ => return None,
            }
        }
    };
    let candidates = paths.iter().filter_map(|(template, operations)| {
        let operation = operations.get(method)?;
        Some((fits(template)?, template.as_str(), operation))
    });
    let best = candidates.min_by_key(|(parameters, ..)| *parameters);
    let (_, template, operation) = best.unwrap_or_else(|| panic!("the API has no {method} {path}"));
    (template, operation)
}
