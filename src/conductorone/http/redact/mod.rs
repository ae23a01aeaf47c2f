//! Keeps secrets out of what people read: messages, logs, and texts of ConductorOne that go to the state.
//!
//! Two rules find a secret in a text: the process has seen it before ([`known_secrets`]), or it looks like one ([`credential_formats`]).

mod credential_formats;
mod decoded_text;
mod known_secrets;

use std::ops::Range;

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

pub use known_secrets::remember;

/// Replaces a secret.
const MASK: &str = "(masked)";

/// Members in which connectors quote what they were refused with. A log does not show them, because the process may not
/// have seen that secret yet.
const QUOTING: [&str; 2] = ["lastError", "syncDisabledReason"];

/// Returns whether a member of this name has a secret as its value.
///
/// Covers the API's own members (`clientSecret`, `access_token`, `client_assertion`, `subject_token`) and the keys of a
/// connector's configuration (`api-key`, `confluence_apikey`). It also covers page tokens, which the log does not need.
pub(super) fn is_secret(key: &str) -> bool {
    let letters = letters(key);
    [
        "secret",
        "password",
        "token",
        "apikey",
        "assertion",
        "authorization",
    ]
    .iter()
    .any(|word| letters.contains(word))
}

fn letters(key: &str) -> String {
    key.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Remembers the secrets in the body of a request.
pub(super) fn remember_secrets_in(document: &Value) {
    for_each_secret(document, false, &mut remember);
}

/// Calls `found` with every string that is the value of a secret member, or lies below one.
fn for_each_secret(value: &Value, below_secret: bool, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) if below_secret => found(text),
        Value::Array(items) => items
            .iter()
            .for_each(|item| for_each_secret(item, below_secret, found)),
        Value::Object(members) => {
            for (key, member) in members {
                let secret = is_secret(key) && !letters(key).ends_with("pagetoken");
                for_each_secret(member, below_secret || secret, found);
            }
        }
        _ => {}
    }
}

/// Returns `text` with its secrets masked.
pub(super) fn scrub(text: &str) -> String {
    mask(text, secrets_in(text), text.len())
}

/// Returns the beginning of `text`, `end` bytes long, with its secrets masked. One that begins before `end` is masked as a
/// whole.
pub(super) fn scrub_beginning(text: &str, end: usize) -> String {
    mask(text, secrets_in(text), end)
}

fn secrets_in(text: &str) -> Vec<Range<usize>> {
    let mut secrets = known_secrets::find(text);
    secrets.extend(credential_formats::find(text));
    secrets
}

/// Decodes a text that may quote a secret, and masks it. `null` is an empty text.
pub(crate) fn scrubbed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.map(|text| scrub(&text)).unwrap_or_default())
}

/// Returns a body for the log: JSON with its secrets masked. Of anything else, it gives only the size.
pub(super) fn for_log(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(document) => mask_secrets(document).to_string(),
        Err(_) => format!("{} bytes that are not JSON", body.len()),
    }
}

/// Masks the values, not the JSON text, in which quotation marks and backslashes of a secret are escaped.
fn mask_secrets(value: Value) -> Value {
    match value {
        Value::String(text) => scrub(&text).into(),
        // A secret of digits may come back as a number.
        Value::Number(number) => match scrub(&number.to_string()) {
            text if text == MASK => text.into(),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(mask_secrets).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, member)| {
                let quotes = member != "" && QUOTING.contains(&key.as_str());
                let shown = if quotes || is_secret(&key) {
                    mask_all(member)
                } else {
                    mask_secrets(member)
                };
                (scrub(&key), shown)
            })
            .collect(),
        value => value,
    }
}

/// Masks every string below a secret member.
fn mask_all(value: Value) -> Value {
    match value {
        Value::String(_) => MASK.into(),
        Value::Array(items) => items.into_iter().map(mask_all).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, member)| (scrub(&key), mask_all(member)))
            .collect(),
        value => mask_secrets(value),
    }
}

/// Replaces these ranges, which may overlap, in the first `length` bytes of a text.
fn mask(text: &str, mut secrets: Vec<Range<usize>>, length: usize) -> String {
    secrets.sort_by_key(|range| range.start);
    let (mut shown, mut end) = (String::new(), 0);
    for secret in secrets.into_iter().filter(|it| it.start < length) {
        if secret.start >= end {
            shown.push_str(text.get(end..secret.start).unwrap_or_default());
            shown.push_str(MASK);
        }
        end = end.max(secret.end);
    }
    shown.push_str(text.get(end..length).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{for_log, remember, remember_secrets_in, scrub};

    #[test]
    fn secrets_are_masked_wherever_they_lie() {
        remember("S999-seen-before");
        let body = json!({
            "clientSecret": "S1", "access_token": "S2", "client_assertion": "S3", "subject_token": "S4",
            "expires_in": 600, "displayName": "wiki", "lastError": "S0", "syncDisabledReason": "", "note": "was S999-seen-before before",
            "config": {"configuration": {
                "api-key": {"stringValue": "S5"}, "confluence_apikey": {"stringValue": "S6"},
                "db.Password": {"keyValues": {"items": [{"key": "S7", "value": "S8"}]}},
                "username": {"stringValue": "svc@acme.example"}}}
        });
        let shown = for_log(body.to_string().as_bytes());
        assert!(
            (0..=9).all(|n| !shown.contains(&format!("S{n}"))),
            "{shown}"
        );
        assert!(
            [
                "600",
                "wiki",
                "svc@acme.example",
                "\"syncDisabledReason\":\"\""
            ]
            .iter()
            .all(|word| shown.contains(word)),
            "{shown}"
        );
    }

    #[test]
    fn what_json_escapes_is_masked_before_it_is_escaped() {
        let secret = "q\"uote\\d-\u{7}-7431";
        remember_secrets_in(&json!({ "api-key": secret }));
        let body =
            json!({ "note": format!("<{secret}>"), secret: 1, "list": [secret] }).to_string();
        let shown = serde_json::from_str(&for_log(body.as_bytes())).ok();
        let expected: Value = json!({ "note": "<(masked)>", "(masked)": 1, "list": ["(masked)"] });
        assert_eq!(shown, Some(expected));
    }

    #[test]
    fn a_secret_of_digits_is_masked_as_a_number() {
        remember("90817263545");
        let body = br#"{"echo": 90817263545, "count": 90817263546}"#;
        assert_eq!(for_log(body), r#"{"count":90817263546,"echo":"(masked)"}"#);
    }

    #[test]
    fn what_is_not_json_is_not_shown() {
        assert_eq!(
            for_log(b"client_assertion=abc"),
            "20 bytes that are not JSON"
        );
    }

    #[test]
    fn page_tokens_are_not_remembered() {
        remember_secrets_in(&json!({ "pageToken": "next-of-page-one", "page_token": "page-two" }));
        let text = "next-of-page-one page-two";
        assert_eq!(scrub(text), text);
    }
}
