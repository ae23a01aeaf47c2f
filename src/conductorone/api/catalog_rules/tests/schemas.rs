//! Unset and unknown rules, the older description, and the texts of violations.

use serde_json::json;

use super::super::Violation;
use super::{expected, form, plain, ruled, schema, secret, violations};

#[test]
fn unset_and_unknown_rules_are_ignored() {
    let texts = json!({
        "const": "", "in": [], "notIn": null, "len": "0", "minLen": "0", "maxLen": "0", "lenBytes": "0",
        "minBytes": 0, "maxBytes": null, "pattern": "", "prefix": "", "suffix": "", "contains": "", "notContains": "",
        "ignoreEmpty": false, "strict": false, "email": false, "hostname": null, "ip": false, "ipv4": false,
        "ipv6": false, "uri": false, "uriRef": false, "address": false, "uuid": false, "wellKnownRegex": "UNKNOWN",
    });
    let numbers = json!({
        "const": "0", "lt": "0", "lte": "0", "gt": "0", "gte": 0, "in": [], "notIn": null, "ignoreEmpty": false,
    });
    let lists = json!({
        "minItems": "0", "maxItems": "0", "unique": false, "ignoreEmpty": false,
        "items": {"string": texts, "bool": null, "int64": null},
    });
    let no_rules = [
        ("stringField", texts.clone()),
        (
            "stringField",
            json!({"wellKnownRegex": "HTTP_TRAILER_OF_TOMORROW", "ofTomorrow": {"x": 1}}),
        ),
        // Other dialects give this a different meaning than RE2.
        ("stringField", json!({"pattern": "^[[a]$"})),
        ("stringField", json!({"pattern": "^[a&&b]$"})),
        ("stringField", json!({"pattern": "^a{,5}$"})),
        ("stringField", json!({"pattern": r"^\Q(\E$"})),
        // Look-ahead, which RE2 does not support either, and classes that this version leaves to the service.
        ("stringField", json!({"pattern": "(?=x)"})),
        ("stringField", json!({"pattern": r"^\p{Greek}+$"})),
        (
            "stringField",
            json!({"pattern": "^((((a{99}){99}){99}){99})$"}),
        ),
        (
            "stringField",
            json!({"minLen": "many", "maxLen": "-1", "len": {}}),
        ),
        ("stringField", json!({"minLen": "5", "prefix": 7})),
        ("stringField", json!("x")),
        ("boolField", json!({"const": false})),
        ("int64Field", numbers),
        ("int64Field", json!({"gte": "many", "in": ["x"]})),
        ("stringSliceField", lists),
        (
            "stringSliceField",
            json!({"items": {"duration": {"required": true}, "int64": 7}}),
        ),
        (
            "stringMapField",
            json!({"isRequired": false, "validateEmpty": false}),
        ),
        ("fieldOfTomorrow", json!({"const": "x"})),
    ];
    for (kind, rules) in no_rules {
        let schema = ruled(kind, &rules);
        for text in ["", "0", "1"] {
            assert!(
                expected(&schema, plain(text)).is_empty(),
                "{kind} {rules} {text:?}"
            );
        }
        assert!(violations(&schema, &[]).is_empty(), "{kind} {rules}");
    }
    let tomorrow = form(
        &[json!({"name": "a", "required": true, "fieldOfTomorrow": {}})],
        &[],
    );
    assert!(violations(&tomorrow, &[]).is_empty());
}

#[test]
fn no_value_is_quoted() {
    let value = "hunter2-hunter2";
    let rules = json!({
        "const": "x", "in": ["x"], "notIn": [value], "len": "1", "pattern": "^x", "prefix": "x", "suffix": "x",
        "contains": "x", "notContains": "hunter2", "uuid": true,
    });
    let field = json!({"name": "a", "stringField": {"rules": rules, "passwordField": {}}});
    let hidden = form(&[field], &[]);
    let shown = ruled("stringField", &rules);
    let list = ruled("stringSliceField", &json!({"items": {"string": rules}}));
    let number = ruled("int64Field", &json!({"notIn": ["7"]}));
    for (schema, setting, count) in [
        (&hidden, plain(value), 10),
        (&shown, secret(value), 10),
        (&list, secret(value), 10),
        (&number, secret("7"), 1),
        (&number, secret(value), 1),
    ] {
        let sentences = expected(schema, setting);
        assert_eq!(sentences.len(), count, "{sentences:?}");
        let text = sentences.join("\n");
        assert!(!text.contains("hunter2") && !text.contains('7'), "{text}");
    }
}

#[test]
fn catalog_text_is_made_safe_to_show() {
    let schema = ruled(
        "stringField",
        &json!({"pattern": format!("^\u{1b}\n{}$", "x".repeat(1000))}),
    );
    let [sentence] = expected(&schema, plain("a")).try_into().unwrap();
    assert!(
        sentence.chars().count() < 600 && !sentence.contains(char::is_control),
        "{sentence}"
    );
}

#[test]
fn the_older_description_is_supported() {
    let rules = json!({"minLen": "2", "maxLen": "0"});
    let fields = json!([
        {"name": "str", "displayName": "A text", "str": {"secret": false, "valueValidator": rules}},
        {"name": "text", "text": {"secret": true, "valueValidator": {"notContains": "x", "minLen": "2"}}},
        {"name": "import", "import": {"valueValidator": rules}},
        {"name": "strList", "strList": {"valueValidator": rules}},
        {"name": "select", "select": {"items": [{"displayName": "X", "value": "x1"}]}},
        {"name": "checkbox", "checkbox": {"checked": false}},
        {"name": "keyValue", "keyValue": {"secret": true}},
        {"name": "stringMap", "stringMap": {"optional": false}, "dependsOnFields": ["str", "random"]},
        {"name": "random", "random": {"length": 7}, "dependsOnFields": []},
        {"name": "secret", "secret": {}, "dependsOnFields": null},
    ]);
    let schema = schema(json!({"schema": {"fields": fields}, "formSchema": null}));
    assert_eq!(schema.display_name("str"), Some("A text"));
    assert_eq!(schema.display_name("other"), None);
    assert!(violations(&schema, &[]).is_empty());
    let too_short = "must have at least 2 characters";
    for (name, good, bad, expectation) in [
        ("str", "ab", "a", too_short),
        ("text", "ab", "b", too_short),
        (
            "text",
            "ab",
            "axb",
            "must not contain the text that the catalog excludes",
        ),
        ("import", "ab", "a", too_short),
        (
            "strList",
            "ab,cd",
            "ab,c",
            "each item must have at least 2 characters",
        ),
        ("select", "x1", "x2", r#"must be one of "x1""#),
        ("checkbox", "t", "on", "must be true or false"),
    ] {
        assert!(
            violations(&schema, &[(name, plain(good))]).is_empty(),
            "{name}"
        );
        let found = violations(&schema, &[(name, plain(bad))]);
        let violation = Violation {
            fields: vec![name.to_owned()],
            expectation: expectation.to_owned(),
        };
        assert_eq!(found, [violation], "{name}");
    }
    for name in ["keyValue", "random", "secret", "other"] {
        assert!(
            violations(&schema, &[(name, plain("x"))]).is_empty(),
            "{name}"
        );
    }
    let [violation] = violations(&schema, &[("stringMap", plain("x"))])
        .try_into()
        .unwrap();
    assert_eq!(violation.expectation, r#"must not be set without "str""#);
}

#[test]
fn the_newer_description_wins() {
    let older = json!({"fields": [{"name": "a", "str": {"valueValidator": {"const": "older"}}}]});
    let rules = json!({"const": "newer"});
    let field = json!({"name": "a", "displayName": null, "stringField": {"rules": rules}});
    let newer = json!({"fields": [null, field]});
    let both = schema(json!({"schema": older, "formSchema": newer}));
    assert_eq!(expected(&both, plain("x")), [r#"must be "newer""#]);
    let empty = schema(json!({"schema": older, "formSchema": {"fields": null}}));
    assert!(expected(&empty, plain("x")).is_empty());
    for neither in [json!({}), json!({"schema": null, "formSchema": null})] {
        assert!(expected(&schema(neither), plain("x")).is_empty());
    }
}

#[test]
fn an_oversized_entry_is_an_error() {
    let field = |pattern: &str| {
        let field = json!({"stringField": {"rules": {"pattern": pattern}}});
        let list =
            json!({"stringSliceField": {"rules": {"items": {"string": {"pattern": pattern}}}}});
        [field, list]
    };
    let relationship = json!({"fieldNames": ["a"], "atLeastOne": {}});
    let plain = json!({"name": "a", "boolField": {}});
    let long = "a".repeat(1001);
    let [text, list] = field("^a$");
    let cases = [
        (
            vec![plain.clone(); 200],
            vec![relationship.clone(); 200],
            "",
        ),
        (vec![plain; 201], vec![], "200 fields"),
        (vec![], vec![relationship; 201], "200 fields"),
        (vec![text.clone(); 50], vec![], ""),
        (vec![text; 51], vec![], "50 patterns"),
        (vec![list; 51], vec![], "50 patterns"),
        (field(&long[1..]).to_vec(), vec![], ""),
        (field(&long).to_vec(), vec![], "1000 bytes in a pattern"),
    ];
    for (fields, relationships, expected) in cases {
        let refused = form(&fields, &relationships).with_checked_size().err();
        let said = refused.map(|cause| cause.to_string()).unwrap_or_default();
        assert!(
            said.contains(expected) && said.is_empty() == expected.is_empty(),
            "{expected}: {said}"
        );
    }
}
