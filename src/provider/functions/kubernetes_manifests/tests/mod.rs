//! The function as Terraform calls it, its output read by a YAML parser and by Kubernetes' own types.

mod golden;
mod mistakes;
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

/// What a Data Center connector reads.
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
/// What a self-hosted Cloud connector reads.
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

/// A value as Terraform makes it from a literal.
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

/// Calls the function. The options come as a value of an open type, as on the wire.
fn result(environment: Value, options: Value) -> Result<Value, FunctionError> {
    let options = Value::Known(Data::Dynamic(Type::Dynamic, Box::new(options)));
    KubernetesManifests.call(&[environment, options])
}

/// The manifests.
fn call(environment: &Json, options: &Json) -> Result<String, FunctionError> {
    match result(literal(environment), literal(options))? {
        Value::Known(Data::String(yaml)) => Ok(yaml),
        other => panic!("{other:?} is no string"),
    }
}

/// The variables that a Secret holds.
fn content(secret: Secret) -> BTreeMap<String, String> {
    assert_eq!(secret.string_data, None, "keys of stringData stay for ever");
    let data = secret.data.unwrap_or_default().into_iter();
    data.map(|(name, value)| (name, String::from_utf8(value.0).unwrap()))
        .collect()
}

/// The documents of the stream, read by a YAML parser.
fn documents(yaml: &str) -> Vec<Json> {
    serde_saphyr::from_multiple(yaml).unwrap()
}

/// Reads an object by its Kubernetes type. What that type does not know gets lost, and so fails here.
fn kubernetes<T: DeserializeOwned + Serialize>(document: &Json) -> T {
    let object = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&object).unwrap(), *document);
    object
}

/// Both objects, read by their Kubernetes types.
fn objects(yaml: &str) -> (Secret, Deployment) {
    let documents = documents(yaml);
    assert_eq!(documents.len(), 2, "{yaml}");
    (kubernetes(&documents[0]), kubernetes(&documents[1]))
}
