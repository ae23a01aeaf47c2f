//! Tests of rules as the catalog writes them.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod presence;
mod schemas;
mod values;

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::{CatalogSchema, Setting, Violation};
use crate::conductorone::ConfigValue;
use crate::conductorone::api::connector_catalog::SchemaResponse;

/// A rule as the catalog writes it, a value that satisfies it, a value that does not, and the expectation.
type Row = (Value, &'static str, &'static str, &'static str);

fn schema(answer: Value) -> CatalogSchema {
    let answer: SchemaResponse = serde_json::from_value(answer).unwrap();
    answer.into_schema().unwrap()
}

fn form(fields: &[Value], relationships: &[Value]) -> CatalogSchema {
    let form = json!({"fields": fields, "fieldRelationships": relationships});
    schema(json!({"schema": null, "formSchema": form}))
}

/// Returns a form with one field, `a`, of a kind with rules.
fn ruled(kind: &str, rules: &Value) -> CatalogSchema {
    form(&[json!({"name": "a", kind: {"rules": rules}})], &[])
}

fn plain(text: &str) -> Setting {
    Setting::Known(ConfigValue::Plain(text.to_owned()))
}

fn secret(text: &str) -> Setting {
    Setting::Known(ConfigValue::Secret(SecretString::from(text)))
}

fn violations(schema: &CatalogSchema, settings: &[(&str, Setting)]) -> Vec<Violation> {
    let settings: BTreeMap<_, _> = settings
        .iter()
        .map(|(key, setting)| ((*key).to_owned(), setting.clone()))
        .collect();
    schema.violations(&settings)
}

/// Returns the expectations of `a`, the only setting.
fn expected(schema: &CatalogSchema, setting: Setting) -> Vec<String> {
    let violations = violations(schema, &[("a", setting)]);
    assert!(violations.iter().all(|it| it.fields == ["a"]));
    violations.into_iter().map(|it| it.expectation).collect()
}

fn check(schema: &CatalogSchema, (rule, good, bad, expectation): &Row) {
    assert!(expected(schema, plain(good)).is_empty(), "{rule}: {good:?}");
    assert_eq!(
        expected(schema, plain(bad)),
        [*expectation],
        "{rule}: {bad:?}"
    );
    assert!(expected(schema, Setting::Unknown).is_empty(), "{rule}");
    assert!(violations(schema, &[]).is_empty(), "{rule}");
}
