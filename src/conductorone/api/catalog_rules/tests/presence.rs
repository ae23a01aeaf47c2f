//! Required settings, and relationships between settings.

use serde_json::{Value, json};

use super::super::{Setting, Violation};
use super::{expected, form, plain, ruled, secret, violations};

#[test]
fn required_settings_must_be_set() {
    for kind in [
        "stringField",
        "boolField",
        "int64Field",
        "stringSliceField",
        "stringMapField",
        "fileField",
    ] {
        let field = |more: &Value| {
            let mut field =
                json!({"name": "a", "required": true, kind: {"defaultValue": "x", "rules": null}});
            field
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            form(&[field], &[])
        };
        let required = field(&json!({}));
        let missing = Violation {
            fields: vec!["a".to_owned()],
            expectation: "must be set".to_owned(),
        };
        assert_eq!(
            violations(&required, &[("b", plain("x"))]),
            [missing],
            "{kind}"
        );
        assert_eq!(expected(&required, plain("")), ["must be set"], "{kind}");
        assert!(expected(&required, plain("0")).is_empty(), "{kind}");
        assert!(expected(&required, secret("1")).is_empty(), "{kind}");
        assert!(expected(&required, Setting::Unknown).is_empty(), "{kind}");
        for more in [json!({"required": false}), json!({"readOnly": true})] {
            assert!(violations(&field(&more), &[]).is_empty(), "{kind} {more}");
        }
    }
    let map = ruled(
        "stringMapField",
        &json!({"isRequired": true, "validateEmpty": true}),
    );
    assert_eq!(expected(&map, plain("")), ["must be set"]);
    assert!(expected(&map, plain("x")).is_empty());
}

/// Checks settings against fields of every kind in this relationship. Returns the violation.
fn related(relationship: &Value, settings: &[(&str, Setting)]) -> Option<(Vec<String>, String)> {
    let field = |name: &str| json!({"name": name, "stringField": {}});
    let mut fields = vec![field("a"), field("b"), field("c")];
    fields.push(json!({"name": "flag", "boolField": {}}));
    fields.push(json!({"name": "number", "int64Field": {}}));
    fields.push(json!({"name": "sign-in", "oauth2Field": {}}));
    let mut violations = violations(&form(&fields, std::slice::from_ref(relationship)), settings);
    let violation = violations.pop();
    assert!(violations.is_empty());
    violation.map(|it| (it.fields, it.expectation))
}

#[test]
fn relationships_are_checked() {
    let together = json!({"fieldNames": ["a", "b", "c"], "requiredTogether": {}});
    let exclusive =
        json!({"fieldNames": ["a", "b", "c"], "mutuallyExclusive": {}, "atLeastOne": null});
    let any = json!({"fieldNames": ["a", "b"], "atLeastOne": {}});
    let with = json!({"fieldNames": ["a", "b"], "dependentOn": {"dependencyFieldNames": ["c"]}});
    let unknown = || Setting::Unknown;
    let set = || plain("x");
    #[rustfmt::skip]
    let rows = [
        (&together, vec![("a", set()), ("b", set()), ("c", set())], None),
        (&together, vec![], None),
        (&together, vec![("a", set()), ("b", unknown()), ("c", unknown())], None),
        (&together, vec![("a", unknown())], None),
        (&together, vec![("a", set()), ("b", plain(""))], Some((vec!["b", "c"], r#"must be set, because "a" is"#))),
        (&exclusive, vec![("a", secret("x"))], None),
        (&exclusive, vec![("a", set()), ("b", plain(""))], None),
        (&exclusive, vec![("a", set()), ("b", unknown())], None),
        (&exclusive, vec![("a", set()), ("c", secret("x"))], Some((vec!["a", "c"], "must not be set together"))),
        (&any, vec![("b", set())], None),
        (&any, vec![("b", unknown())], None),
        (&any, vec![("c", set())], Some((vec!["a", "b"], "must not all be unset"))),
        (&with, vec![("a", set()), ("c", set())], None),
        (&with, vec![("a", set()), ("c", unknown())], None),
        (&with, vec![("a", unknown())], None),
        (&with, vec![("c", set())], None),
        (&with, vec![("b", set())], Some((vec!["b"], r#"must not be set without "c""#))),
    ];
    for (relationship, settings, expected) in rows {
        let expected = expected.map(|(fields, expectation)| {
            (
                fields.into_iter().map(str::to_owned).collect(),
                expectation.to_owned(),
            )
        });
        assert_eq!(
            related(relationship, &settings),
            expected,
            "{relationship} {settings:?}"
        );
    }
}

#[test]
fn an_unclear_setting_satisfies_every_relationship() {
    for (name, zero, other) in [("flag", "false", "true"), ("number", "0", "7")] {
        let exclusive = json!({"fieldNames": ["a", name], "mutuallyExclusive": {}});
        let any = json!({"fieldNames": [name], "atLeastOne": {}});
        let with = |text| [("a", plain("x")), (name, plain(text))];
        assert_eq!(related(&exclusive, &with(zero)), None);
        assert!(related(&exclusive, &with(other)).is_some());
        assert_eq!(related(&any, &with(zero)), None);
    }
    // A setting cannot have a sign-in kind.
    let any = json!({"fieldNames": ["a", "sign-in"], "atLeastOne": {}});
    assert_eq!(related(&any, &[]), None);
    // A relationship that this version does not know.
    let tomorrow = json!({"fieldNames": ["a", "b"], "exactlyOne": {}});
    assert_eq!(related(&tomorrow, &[]), None);
}
