//! The rules of planning, as a table: prior state, configuration, plan.

use super::sample::{FORMATS, Thing, Things, object};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::{Planned, managed};
use crate::terraform::path::Path;
use crate::terraform::private::Private;
use crate::terraform::schema::Schema;
use crate::terraform::value::Value;

/// Plans without a configured provider: the general rules need none.
async fn plan(prior: Value, config: Value) -> Result<Planned, Diagnostics> {
    managed(Things, FORMATS)
        .plan(None, prior, config, &Private::default())
        .await
}

const EXISTING: &str =
    r#"{"id":"1","name":"n","region":"eu","kind":"fancy","changes":4,"secret":"s"}"#;

#[tokio::test]
async fn what_is_planned() {
    let cases = [
        (
            "a new object",
            "null",
            r#"{"name":"n","region":"eu"}"#,
            r#"{"id":"?","name":"n","region":"eu","kind":"plain","changes":"?"}"#,
        ),
        (
            "unknown stays unknown",
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
            "what is left out stays",
            EXISTING,
            r#"{"name":"n","region":"eu","secret":"s"}"#,
            EXISTING,
        ),
        (
            "another spelling is no change",
            EXISTING,
            r#"{"name":"n","region":"EU","secret":"s"}"#,
            EXISTING,
        ),
        (
            "what cannot be computed goes",
            EXISTING,
            r#"{"name":"n","region":"eu"}"#,
            r#"{"id":"1","name":"n","region":"eu","kind":"fancy","changes":4}"#,
        ),
        (
            "the resource knows more",
            EXISTING,
            r#"{"name":"m","region":"eu","secret":"s"}"#,
            r#"{"id":"1","name":"m","region":"eu","kind":"fancy","changes":"?","secret":"s"}"#,
        ),
        (
            "write-only is never kept",
            EXISTING,
            r#"{"name":"n","region":"eu","secret":"s","passing":"p"}"#,
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
async fn what_cannot_change_in_place_is_replaced() {
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
async fn a_whole_number_is_needed_where_one_is_declared() {
    let config = object(r#"{"name":"n","region":"eu","paint":{"coats":1.5}}"#);
    let error = plan(Value::Null, config).await.unwrap_err();
    let path = error
        .iter()
        .next()
        .map(|diagnostic| diagnostic.attribute.to_string());
    assert_eq!(path.as_deref(), Some("paint.coats"));
}

#[test]
fn a_configuration_says_only_what_must_be_said() {
    let schema = Schema::of::<Thing>(0, FORMATS).unwrap();
    let cases = [
        (
            EXISTING,
            r#"{"name":"n","region":"eu","kind":"fancy","secret":"s"}"#,
        ),
        // Defaults, empty collections and objects that hold nothing else.
        (
            r#"{"id":"1","name":"n","region":"eu","kind":"plain","tags":[],"paint":{"color":"red"}}"#,
            r#"{"name":"n","region":"eu"}"#,
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
