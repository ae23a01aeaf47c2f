//! What must not be shown.

use serde_json::Value;

/// Stands where a secret was.
const MASK: &str = "(masked)";

/// Shorter values would blank out half a message, and protect nothing.
const SHORTEST: usize = 4;

/// Whether the value of a member of this name is secret.
///
/// Covers the API's own members (`clientSecret`, `access_token`, `client_assertion`, `subject_token`) and the keys of a
/// connector's configuration (`api-key`, `confluence_apikey`), and errs on the side of hiding: page tokens go too.
pub(super) fn is_secret(key: &str) -> bool {
    let letters: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
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

/// Calls `found` with every string that is, or lies below, the value of a secret member.
fn each_secret(value: &mut Value, below_secret: bool, found: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) if below_secret => found(text),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| each_secret(item, below_secret, found)),
        Value::Object(members) => {
            for (key, member) in members {
                each_secret(member, below_secret || is_secret(key), found);
            }
        }
        _ => {}
    }
}

/// The secrets in a document, to be masked wherever they come back.
pub(super) fn secrets_in(document: &Value) -> Vec<String> {
    let mut secrets = Vec::new();
    each_secret(&mut document.clone(), false, &mut |text| {
        secrets.push(std::mem::take(text));
    });
    secrets
}

/// `text` without the secrets.
pub(super) fn scrub(text: String, secrets: &[String]) -> String {
    secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST)
        .fold(text, |text, secret| text.replace(secret, MASK))
}

/// A body for the log: JSON with its secrets masked, of anything else only the size.
pub(super) fn for_log(body: &[u8], secrets: &[String]) -> String {
    let Ok(mut document) = serde_json::from_slice(body) else {
        return format!("{} bytes that are not JSON", body.len());
    };
    each_secret(&mut document, false, &mut |text| MASK.clone_into(text));
    scrub(document.to_string(), secrets)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{for_log, secrets_in};

    #[test]
    fn secrets_are_masked_wherever_they_lie() {
        let body = json!({
            "clientSecret": "S1", "access_token": "S2", "client_assertion": "S3", "subject_token": "S4",
            "expires_in": 600, "displayName": "wiki", "note": "was S999 before",
            "config": {"configuration": {
                "api-key": {"stringValue": "S5"}, "confluence_apikey": {"stringValue": "S6"},
                "db.Password": {"keyValues": {"items": [{"key": "S7", "value": "S8"}]}},
                "username": {"stringValue": "svc@acme.example"}}}
        });
        let shown = for_log(body.to_string().as_bytes(), &["S999".to_owned()]);
        assert!(
            (1..=9).all(|n| !shown.contains(&format!("S{n}"))),
            "{shown}"
        );
        assert!(
            ["600", "wiki", "svc@acme.example"]
                .iter()
                .all(|word| shown.contains(word)),
            "{shown}"
        );
        assert_eq!(secrets_in(&body).len(), 8);
    }

    #[test]
    fn what_is_not_json_is_not_shown() {
        assert_eq!(
            for_log(b"client_assertion=abc", &[]),
            "20 bytes that are not JSON"
        );
    }
}
