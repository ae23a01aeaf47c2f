//! The planning rules as a table of prior states, configurations and plans.

use super::sample::{FORMATS, Thing, Things, object};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::{Planned, managed};
use crate::terraform::path::Path;
use crate::terraform::private_state::PrivateState;
use crate::terraform::schema::{AttributeFlag, Schema};
use crate::terraform::value::Value;

/// Plans without a configured provider, which the general rules do not require.
async fn plan(prior: Value, config: Value) -> Result<Planned, Diagnostics> {
    managed(Things, FORMATS)
        .plan(None, prior, config, &PrivateState::default())
        .await
}

const EXISTING: &str =
    r#"{"id":"1","name":"n","region":"eu","kind":"fancy","changes":4,"secret":"s"}"#;

#[tokio::test]
async fn plans_follow_the_rules() {
    let cases = [
        (
            "a new object",
            "null",
            r#"{"name":"n","region":"eu"}"#,
            r#"{"id":"?","name":"n","region":"eu","kind":"plain","changes":"?"}"#,
        ),
        (
            "unknown values stay unknown",
            "null",
            r#"{"name":"?","region":"eu","kind":"?"}"#,
            r#"{"id":"?","name":"?","region":"eu","kind":"?","changes":"?"}"#,
        ),
        (
            "nothing changed",
            EXISTING,
            r#"{"name":"n","region":"eu","kind":"fancy","secret":"s"}"#,
            EXISTING,
        ),
        (
            "a computed attribute that is not configured keeps its value",
            EXISTING,
            r#"{"name":"n","region":"eu","secret":"s"}"#,
            EXISTING,
        ),
        (
            "a semantically equal value is not a change",
            EXISTING,
            r#"{"name":"n","region":"EU","secret":"s"}"#,
            EXISTING,
        ),
        (
            "an attribute that is not computed is removed",
            EXISTING,
            r#"{"name":"n","region":"eu"}"#,
            r#"{"id":"1","name":"n","region":"eu","kind":"fancy","changes":4}"#,
        ),
        (
            "the resource modifies the plan",
            EXISTING,
            r#"{"name":"m","region":"eu","secret":"s"}"#,
            r#"{"id":"1","name":"m","region":"eu","kind":"fancy","changes":"?","secret":"s"}"#,
        ),
        (
            "a write-only value is not planned",
            EXISTING,
            r#"{"name":"n","region":"eu","secret":"s","write_only":"p"}"#,
            EXISTING,
        ),
        (
            "nested defaults",
            "null",
            r#"{"name":"n","region":"eu","paint":{"coats":2}}"#,
            r#"{"id":"?","name":"n","region":"eu","kind":"plain","changes":"?","paint":{"coats":2,"color":"red"}}"#,
        ),
    ];
    for (what, prior, config, expected) in cases {
        let prior = if prior == "null" {
            Value::Null
        } else {
            object(prior)
        };
        let planned = plan(prior, object(config)).await.unwrap();
        assert!(
            planned.state == object(expected),
            "{what}: {:?}",
            planned.state
        );
        assert_eq!(planned.requires_replace, [], "{what}");
    }
}

#[tokio::test]
async fn a_change_of_a_fixed_attribute_requires_a_replacement() {
    let planned = plan(object(EXISTING), object(r#"{"name":"n","region":"us"}"#))
        .await
        .unwrap();
    assert_eq!(planned.requires_replace, [Path::attribute("region")]);
    let unknown = plan(object(EXISTING), object(r#"{"name":"n","region":"?"}"#))
        .await
        .unwrap();
    assert_eq!(unknown.requires_replace, [Path::attribute("region")]);
}

#[tokio::test]
async fn a_fraction_is_an_error_for_a_whole_number() {
    let config = object(r#"{"name":"n","region":"eu","paint":{"coats":1.5}}"#);
    let error = plan(Value::Null, config).await.unwrap_err();
    let path = error
        .iter()
        .next()
        .map(|diagnostic| diagnostic.attribute.to_string());
    assert_eq!(path.as_deref(), Some("paint.coats"));
}

#[test]
fn a_generated_configuration_has_no_redundant_attributes() {
    let schema = Schema::from_declaration::<Thing>(0, FORMATS).unwrap();
    let cases = [
        (
            EXISTING,
            r#"{"name":"n","region":"eu","kind":"fancy","secret":"s"}"#,
        ),
        // Defaults and empty collections are left out. Without the nested object, the plan would remove it.
        (
            r#"{"id":"1","name":"n","region":"eu","kind":"plain","tags":[],"paint":{"color":"red"}}"#,
            r#"{"name":"n","region":"eu","paint":{}}"#,
        ),
        (
            r#"{"name":"n","paint":{"color":"red","coats":2}}"#,
            r#"{"name":"n","paint":{"coats":2}}"#,
        ),
    ];
    for (state, configuration) in cases {
        assert!(
            schema.configuration(&object(state)) == object(configuration),
            "{state}"
        );
    }
}

#[test]
fn a_generated_configuration_has_a_computed_object_only_if_it_sets_something() {
    let mut schema = Schema::from_declaration::<Thing>(0, FORMATS).unwrap();
    let paint = schema.attributes.iter_mut().find(|it| it.name == "paint");
    paint.unwrap().flags.push(AttributeFlag::Computed);
    let cases = [
        (
            r#"{"name":"n","paint":{"color":"red","coats":2}}"#,
            r#"{"name":"n","paint":{"coats":2}}"#,
        ),
        (r#"{"name":"n","paint":{"color":"red"}}"#, r#"{"name":"n"}"#),
    ];
    for (state, configuration) in cases {
        assert!(
            schema.configuration(&object(state)) == object(configuration),
            "{state}"
        );
    }
}

#[test]
fn a_state_has_no_unknown_values() {
    let schema = Schema::from_declaration::<Thing>(0, FORMATS).unwrap();
    let planned = object(r#"{"id":"?","name":"n","changes":"?"}"#);
    let actual = object(r#"{"id":"1","name":"n","changes":"?"}"#);
    let state = schema.complete(&planned, &actual);
    assert!(state == object(r#"{"id":"1","name":"n"}"#), "{state:?}");
}
