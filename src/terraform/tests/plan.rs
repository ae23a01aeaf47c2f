//! The rules of planning, as a table: prior state, configuration, plan.

use super::sample::{FORMATS, Things, object};
use crate::terraform::managed::{AnyResource, managed};
use crate::terraform::path::Path;
use crate::terraform::value::Value;

fn things() -> Box<dyn AnyResource<()>> {
    managed(Things, FORMATS)
}

const EXISTING: &str =
    r#"{"id":"1","name":"n","region":"eu","kind":"fancy","changes":4,"secret":"s"}"#;

#[test]
fn what_is_planned() {
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
        let planned = things().plan(prior, object(config)).unwrap();
        assert!(
            planned.state == object(expected),
            "{what}: {:?}",
            planned.state
        );
        assert_eq!(planned.requires_replace, [], "{what}");
    }
}

#[test]
fn what_cannot_change_in_place_is_replaced() {
    let planned = things()
        .plan(object(EXISTING), object(r#"{"name":"n","region":"us"}"#))
        .unwrap();
    assert_eq!(planned.requires_replace, [Path::attribute("region")]);
    let unknown = things()
        .plan(object(EXISTING), object(r#"{"name":"n","region":"?"}"#))
        .unwrap();
    assert_eq!(unknown.requires_replace, [Path::attribute("region")]);
}

#[test]
fn a_whole_number_is_needed_where_one_is_declared() {
    let config = object(r#"{"name":"n","region":"eu","paint":{"coats":1.5}}"#);
    let error = things().plan(Value::Null, config).unwrap_err();
    let path = error
        .iter()
        .next()
        .map(|diagnostic| diagnostic.attribute.to_string());
    assert_eq!(path.as_deref(), Some("paint.coats"));
}
