//! Masks secrets in messages, in logs, and in texts of ConductorOne that are stored in the state.
//!
//! Two rules find a secret in a text: the process knows the secret ([`known_secrets`]), or the text has the format of
//! a credential ([`credential_formats`]).

mod credential_formats;
mod decoded_text;
mod known_secrets;

use std::ops::Range;

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

pub use known_secrets::remember;

/// The replacement for a secret.
const MASK: &str = "(masked)";

/// JSON members in which connectors quote rejected requests. The log does not show them, because the process may not
/// know these secrets.
const QUOTING: [&str; 2] = ["lastError", "syncDisabledReason"];

/// Returns whether the value of a JSON member with this name is a secret.
///
/// Covers the API's members (`clientSecret`, `access_token`, `client_assertion`, `subject_token`) and the keys of a
/// connector's configuration (`api-key`, `confluence_apikey`). It also covers page tokens, which the log does not
/// need.
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

/// Calls `found` with each string in a secret member.
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

/// Returns the first `end` bytes of `text` with their secrets masked. Masks the whole of a secret that begins before
/// `end`.
pub(super) fn scrub_beginning(text: &str, end: usize) -> String {
    mask(text, secrets_in(text), end)
}

fn secrets_in(text: &str) -> Vec<Range<usize>> {
    // Most connectors have no error to search.
    if text.is_empty() {
        return Vec::new();
    }
    let mut secrets = known_secrets::find(text);
    secrets.extend(credential_formats::find(text));
    secrets
}

/// Decodes a text that may quote a secret, and masks it. `null` is an empty text.
pub(crate) fn scrubbed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.map(|text| scrub(&text)).unwrap_or_default())
}

/// Returns a body for the log: JSON with its secrets masked, or only the size of other content.
pub(super) fn for_log(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(document) => mask_secrets(document, false).to_string(),
        Err(_) => format!("{} bytes that are not JSON", body.len()),
    }
}

/// Masks secrets in values instead of in JSON text, which escapes quotation marks and backslashes of a secret. Masks every
/// string below a secret member.
fn mask_secrets(value: Value, below_secret: bool) -> Value {
    match value {
        Value::String(_) if below_secret => MASK.into(),
        Value::String(text) => scrub(&text).into(),
        // A secret that has only digits may be repeated as a number.
        Value::Number(number) => match scrub(&number.to_string()) {
            text if text == MASK => text.into(),
            _ => Value::Number(number),
        },
        Value::Array(items) => items
            .into_iter()
            .map(|item| mask_secrets(item, below_secret))
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, member)| {
                let quotes = member != "" && QUOTING.contains(&key.as_str());
                let hidden = below_secret || quotes || is_secret(&key);
                (scrub(&key), mask_secrets(member, hidden))
            })
            .collect(),
        value => value,
    }
}

/// Masks these ranges, which may overlap, in the first `length` bytes of a text.
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

    use super::{for_log, remember, remember_secrets_in, scrub, scrub_beginning};

    #[test]
    fn secrets_are_masked_everywhere() {
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
    fn a_secret_is_masked_before_json_escapes_it() {
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
    fn content_other_than_json_is_not_shown() {
        assert_eq!(
            for_log(b"client_assertion=abc"),
            "20 bytes that are not JSON"
        );
    }

    #[test]
    fn secrets_in_lists_are_remembered() {
        remember_secrets_in(&json!({ "tokens": ["first-of-5518", { "value": "second-of-5518" }] }));
        assert_eq!(scrub("first-of-5518 second-of-5518"), "(masked) (masked)");
    }

    #[test]
    fn a_beginning_masks_only_secrets_that_begin_in_it() {
        remember("behind-6620");
        let text = "see behind-6620";
        assert_eq!(scrub_beginning(text, 4), "see ");
        assert_eq!(scrub_beginning(text, 5), "see (masked)");
    }

    #[test]
    fn page_tokens_are_not_remembered() {
        remember_secrets_in(&json!({ "pageToken": "next-of-page-one", "page_token": "page-two" }));
        let text = "next-of-page-one page-two";
        assert_eq!(scrub(text), text);
    }
}
