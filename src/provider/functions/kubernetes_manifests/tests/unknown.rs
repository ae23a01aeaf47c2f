//! Arguments of a plan that contain unknown values.

use serde_json::{Value as Json, json};

use super::{CLOUD, DATA_CENTER, environment, literal, result};
use crate::terraform::value::{Data, Value};

fn complete() -> Value {
    literal(&json!(environment(DATA_CENTER)))
}

/// Adds an unknown entry to an object or a map.
fn with_unknown(object: &Json, name: &str) -> Value {
    let Value::Known(Data::Map(mut entries)) = literal(object) else {
        panic!("{object} is not an object");
    };
    entries.insert(name.to_owned(), Value::Unknown);
    Value::Known(Data::Map(entries))
}

#[test]
fn manifests_are_unknown_until_everything_is_known() {
    let partly = with_unknown(&json!(environment(DATA_CENTER)), "BATON_PASSWORD");
    let none = || literal(&json!({}));
    let namespace = || with_unknown(&json!({"name": "wiki"}), "namespace");
    for (environment, options, expected) in [
        (Value::Unknown, none(), Value::Unknown),
        (Value::Unknown, Value::Unknown, Value::Unknown),
        (partly, none(), Value::Unknown),
        (complete(), namespace(), Value::Unknown),
        (complete(), Value::Unknown, Value::Unknown),
        (Value::Null, none(), Value::Null),
        (Value::Null, namespace(), Value::Unknown),
    ] {
        let shown = format!("{environment:?}, {options:?}");
        assert_eq!(result(environment, options), Ok(expected), "{shown}");
    }
}

#[test]
fn options_are_checked_without_an_environment() {
    for environment in [Value::Unknown, Value::Null] {
        for (options, part) in [
            (literal(&json!({"replica": 2})), "did you mean replicas?"),
            (literal(&json!({"name": "Wiki"})), "name: expected"),
            (
                with_unknown(&json!({"replica": 2}), "namespace"),
                "did you mean replicas?",
            ),
            (
                with_unknown(&json!({}), "nmespace"),
                "did you mean namespace?",
            ),
            (
                literal(&json!({"tolerations": [{"operator": "Equal"}]})),
                "tolerations[0]: a toleration without key",
            ),
        ] {
            let error = result(environment.clone(), options).expect_err(part);
            assert_eq!(error.argument, Some(1), "{}", error.text);
            assert!(error.text.contains(part), "{part:?} in {}", error.text);
        }
    }
}

/// An unknown value may satisfy the rule later.
#[test]
fn rules_between_options_wait_for_unknown_ones() {
    let unknown_key = with_unknown(&json!({"operator": "Equal"}), "key");
    let tolerations = Value::Known(Data::List(vec![unknown_key, Value::Unknown]));
    let root = with_unknown(&json!({"run_as_user": 0}), "run_as_non_root");
    let profile = with_unknown(&json!({"type": "Localhost"}), "localhost_profile");
    let profile = Value::Known(Data::Map([("seccomp_profile".to_owned(), profile)].into()));
    for (name, value) in [
        ("tolerations", tolerations),
        ("security_context", root),
        ("security_context", profile),
        ("replicas", Value::Unknown),
        (
            "image_pull_secrets",
            Value::Known(Data::List(vec![Value::Unknown])),
        ),
    ] {
        let options = Value::Known(Data::Map([(name.to_owned(), value)].into()));
        assert_eq!(result(complete(), options), Ok(Value::Unknown), "{name}");
    }
}

#[test]
fn an_environment_is_checked_where_it_is_known() {
    let mut incomplete = environment(CLOUD);
    incomplete.remove("BATON_CLIENT_ID");
    let host_id = with_unknown(&json!(environment(CLOUD)), "BATON_HOST_ID");
    for (environment, options, part) in [
        (
            with_unknown(&json!(incomplete), "BATON_CLIENT_SECRET"),
            json!({}),
            "BATON_CLIENT_ID is missing",
        ),
        (
            with_unknown(&json!({}), "A-B"),
            json!({}),
            "\"A-B\" is not a variable name",
        ),
        (host_id, json!({"replicas": 2}), "BATON_HOST_ID is the same"),
    ] {
        let error = result(environment, literal(&options)).expect_err(part);
        assert_eq!(error.argument, Some(0), "{}", error.text);
        assert!(error.text.contains(part), "{part:?} in {}", error.text);
    }
}
