//! Each rule for a value, with a value that satisfies it and one that does not.

use serde_json::json;

use super::{Row, check, expected, form, plain, ruled};

fn check_all(kind: &str, rows: &[Row]) {
    for row in rows {
        check(&ruled(kind, &row.0), row);
    }
}

#[test]
fn string_rules_are_checked() {
    #[rustfmt::skip]
    let rows = [
        (json!({"const": "x"}), "x", "y", r#"must be "x""#),
        (json!({"in": ["x", "y"]}), "y", "z", r#"must be one of "x", "y""#),
        (json!({"notIn": ["x", "y"]}), "z", "y", "must have a different value"),
        (json!({"len": "2"}), "éé", "ééé", "must have exactly 2 characters"),
        (json!({"len": 2}), "ab", "a", "must have exactly 2 characters"),
        (json!({"minLen": "3"}), "ééé", "éé", "must have at least 3 characters"),
        (json!({"minLen": "1"}), "a", "", "must have at least 1 character"),
        (json!({"maxLen": "2"}), "éé", "ééé", "must have at most 2 characters"),
        (json!({"lenBytes": "2"}), "é", "e", "must have exactly 2 bytes"),
        (json!({"minBytes": "2"}), "é", "e", "must have at least 2 bytes"),
        (json!({"maxBytes": "1"}), "e", "é", "must have at most 1 byte"),
        (json!({"pattern": "^[a-z]+$"}), "abc", "aBc", "must match the pattern ^[a-z]+$"),
        (json!({"pattern": "b"}), "abc", "ac", "must match the pattern b"),
        (json!({"pattern": r"^\d$"}), "7", "٧", r"must match the pattern ^\d$"),
        (json!({"pattern": "^(?i)https?://[[:alnum:]]+/?$"}), "HTTPS://x", "x",
            "must match the pattern ^(?i)https?://[[:alnum:]]+/?$"),
        (json!({"prefix": "ab"}), "abc", "bc", r#"must begin with "ab""#),
        (json!({"suffix": "bc"}), "abc", "ab", r#"must end with "bc""#),
        (json!({"contains": "b"}), "abc", "ac", r#"must contain "b""#),
        (json!({"notContains": "b"}), "ac", "abc", r#"must not contain "b""#),
        (json!({"minLen": "2", "ignoreEmpty": true}), "", "a", "must have at least 2 characters"),
    ];
    check_all("stringField", &rows);
}

#[test]
fn string_formats_are_checked() {
    #[rustfmt::skip]
    let rows = [
        (json!({"email": true}), "a.b+c@d-e.example", "a b@d.example", "must be an email address"),
        (json!({"email": true}), "A B <a@d.example>", "a@", "must be an email address"),
        (json!({"email": true}), "\"a b\"@d.example", "d.example", "must be an email address"),
        (json!({"hostname": true}), "A-b.example.", "-a.example", "must be a host name"),
        (json!({"hostname": true}), "localhost", "a..b", "must be a host name"),
        (json!({"ip": true}), "::1", "1.2.3", "must be an IP address"),
        (json!({"ipv4": true}), "1.2.3.4", "::1", "must be an IPv4 address"),
        (json!({"ipv6": true}), "::1", "1.2.3.4", "must be an IPv6 address"),
        (json!({"uri": true}), "https://a.example/b c?%#d", "a.example/b",
            "must be a URI with a scheme, such as https://example.com"),
        (json!({"uri": true}), "mailto:a@b", "https://a b/",
            "must be a URI with a scheme, such as https://example.com"),
        (json!({"uriRef": true}), "/a/b:c", "1:b", "must be a URI or a path"),
        (json!({"uriRef": true}), "a%20b", "a%2", "must be a URI or a path"),
        (json!({"uriRef": true}), "//a/b", "a\tb", "must be a URI or a path"),
        (json!({"address": true}), "::1", "a b", "must be a host name or an IP address"),
        (json!({"address": true}), "a.example", "a_b", "must be a host name or an IP address"),
        (json!({"uuid": true}), "01234567-89ab-cdef-0123-456789ABCDEF", "01234567-89ab-cdef-0123-456789abcdeg",
            "must be a UUID"),
        (json!({"uuid": true}), "01234567-89ab-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef",
            "must be a UUID"),
        (json!({"wellKnownRegex": "HTTP_HEADER_NAME", "strict": true}), ":x-a", "x a",
            "must be the name of an HTTP header"),
        (json!({"wellKnownRegex": "HTTP_HEADER_NAME"}), "x a", "x\na", "must be the name of an HTTP header"),
        (json!({"wellKnownRegex": "HTTP_HEADER_VALUE", "strict": true}), "a\tb", "a\u{1}b",
            "must be the value of an HTTP header"),
        (json!({"wellKnownRegex": "HTTP_HEADER_VALUE", "strict": false}), "a\u{1}b", "a\rb",
            "must be the value of an HTTP header"),
    ];
    check_all("stringField", &rows);
}

#[test]
fn boolean_rules_are_checked() {
    #[rustfmt::skip]
    let rows = [
        (json!(null), "F", "yes", "must be true or false"),
        (json!({"const": true}), "1", "false", "must be true"),
        (json!({"const": false}), "true", "2", "must be true or false"),
    ];
    check_all("boolField", &rows);
}

#[test]
fn number_rules_are_checked() {
    #[rustfmt::skip]
    let rows = [
        (json!(null), "-7", "7.0", "must be a whole number"),
        (json!({"const": "7"}), "7", "8", "must be 7"),
        (json!({"lt": "7"}), "6", "7", "must be less than 7"),
        (json!({"lte": 7}), "7", "8", "must be at most 7"),
        (json!({"gt": "7"}), "8", "7", "must be greater than 7"),
        (json!({"gte": "-7"}), "-7", "-8", "must be at least -7"),
        (json!({"gte": "3", "lt": "7"}), "6", "7", "must be at least 3 and less than 7"),
        (json!({"gte": "7", "lte": "7"}), "7", "6", "must be at least 7 and at most 7"),
        (json!({"gt": "7", "lt": "3"}), "2", "3", "must be greater than 7 or less than 3"),
        (json!({"gte": "7", "lte": "3"}), "7", "4", "must be at least 7 or at most 3"),
        (json!({"gt": "9223372036854775807"}), "", "1", "must be greater than 9223372036854775807"),
        (json!({"in": ["1", 2]}), "2", "3", "must be one of 1, 2"),
        (json!({"notIn": ["1", 2]}), "3", "2", "must have a different value"),
        (json!({"gte": "7", "ignoreEmpty": true}), "0", "1", "must be at least 7"),
        (json!({"gte": "7"}), "7", "0", "must be at least 7"),
    ];
    check_all("int64Field", &rows);
}

#[test]
fn list_rules_are_checked() {
    #[rustfmt::skip]
    let rows = [
        (json!({"minItems": "2"}), "a,b", "a", "must have at least 2 items"),
        (json!({"minItems": "1"}), "a", "", "must have at least 1 item"),
        (json!({"minItems": "2", "ignoreEmpty": true}), "", "a", "must have at least 2 items"),
        (json!({"maxItems": "1"}), "a", "a,b", "must have at most 1 item"),
        (json!({"unique": true}), "a,b", "a,b,a", "must not contain duplicates"),
        (json!({"items": {"string": {"in": ["a", "b"]}}}), "a,b", "c,a,d",
            r#"each item must be one of "a", "b""#),
        (json!({"items": {"bool": {"const": true}}}), "true", "true,false", "each item must be true"),
        (json!({"items": {"int64": {"gt": "1"}}}), "2,3", "2,1", "each item must be greater than 1"),
    ];
    check_all("stringSliceField", &rows);
}

#[test]
fn only_the_options_are_accepted() {
    let expectation = r#"must be one of "x", "y""#;
    let field = json!({"name": "a", "stringField": {"selectField": {"options": [{"value": "x"}, {"value": "y"}]}}});
    check(
        &form(std::slice::from_ref(&field), &[]),
        &(field, "x", "z", expectation),
    );
    let field = json!({"name": "a", "stringField": {"selectField": {"options": []}}});
    assert!(expected(&form(&[field], &[]), plain("z")).is_empty());
}
