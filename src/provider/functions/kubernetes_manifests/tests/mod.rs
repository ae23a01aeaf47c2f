//! Calls the function as Terraform does. A YAML parser and the Kubernetes types read its output.

mod golden;
mod invalid_input;
mod options;
mod output;
mod unknown;

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Secret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::KubernetesManifests;
use crate::terraform::function::{Function, FunctionError};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Number, Value};

/// The environment of a Data Center connector.
const DATA_CENTER: &[(&str, &str)] = &[
    ("BATON_ACCESS_TOKEN", "pat-1"),
    ("BATON_CLIENT_ID", "green-fox-12345@acme.conductor.one/ccc"),
    (
        "BATON_CLIENT_SECRET",
        "secret-token:conductorone.com:v1:e30",
    ),
    ("BATON_HOSTNAME", "https://confluence.corp.acme.example"),
    ("BATON_PROVISIONING", "true"),
];
/// The environment of a self-hosted Cloud connector.
const CLOUD: &[(&str, &str)] = &[
    ("BATON_API_KEY", "key-1"),
    ("BATON_CLIENT_ID", "green-fox-12345@acme.conductor.one/ccc"),
    (
        "BATON_CLIENT_SECRET",
        "secret-token:conductorone.com:v1:e30",
    ),
    ("BATON_DOMAIN_URL", "https://acme.atlassian.net"),
    ("BATON_SKIP_PERSONAL_SPACES", "true"),
    ("BATON_USERNAME", "svc@acme.example"),
];

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    let variables = variables.iter();
    variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Converts a literal to a value as Terraform does.
fn literal(json: &Json) -> Value {
    Value::Known(match json {
        Json::Null => return Value::Null,
        Json::Bool(value) => Data::Bool(*value),
        Json::Number(number) => Data::Number(Number::parse(&number.to_string()).unwrap()),
        Json::String(text) => Data::String(text.clone()),
        Json::Array(items) => Data::List(items.iter().map(literal).collect()),
        Json::Object(fields) => {
            let fields = fields.iter();
            Data::Map(
                fields
                    .map(|(name, value)| (name.clone(), literal(value)))
                    .collect(),
            )
        }
    })
}

/// Calls the function. The options have the dynamic type, as in the protocol.
fn result(environment: Value, options: Value) -> Result<Value, FunctionError> {
    let options = Value::Known(Data::Dynamic(Type::Dynamic, Box::new(options)));
    KubernetesManifests.call(&[environment, options])
}

/// Returns the manifests.
fn call(environment: &Json, options: &Json) -> Result<String, FunctionError> {
    match result(literal(environment), literal(options))? {
        Value::Known(Data::String(yaml)) => Ok(yaml),
        other => panic!("{other:?} is not a string"),
    }
}

/// Returns the variables in a Secret.
fn content(secret: Secret) -> BTreeMap<String, String> {
    assert_eq!(
        secret.string_data, None,
        "keys of stringData are never removed"
    );
    let data = secret.data.unwrap_or_default().into_iter();
    data.map(|(name, value)| (name, String::from_utf8(value.0).unwrap()))
        .collect()
}

/// Returns the documents of the stream, as a YAML parser reads them.
fn documents(yaml: &str) -> Vec<Json> {
    serde_saphyr::from_multiple(yaml).unwrap()
}

/// Reads an object as its Kubernetes type. Fails if that type drops a field.
fn kubernetes<T: DeserializeOwned + Serialize>(document: &Json) -> T {
    let object = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&object).unwrap(), *document);
    object
}

/// Returns both objects as their Kubernetes types.
fn objects(yaml: &str) -> (Secret, Deployment) {
    let documents = documents(yaml);
    assert_eq!(documents.len(), 2, "{yaml}");
    (kubernetes(&documents[0]), kubernetes(&documents[1]))
}
