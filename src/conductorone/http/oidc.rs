//! The claims of an OIDC token, without verification.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Claims {
    exp: Value,
}

/// Returns the expiry in a token, which is not verified. Returns `None` if the token is not a JSON Web Token or has no
/// expiry.
pub(super) fn expiry(token: &str) -> Option<Timestamp> {
    let mut parts = token.trim().split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let Claims { exp } = serde_json::from_slice(&claims).ok()?;
    // The expiry may have a fraction of a second, which is ignored.
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let seconds = exp.as_i64().or_else(|| Some(exp.as_f64()? as i64))?;
    Timestamp::from_second(seconds).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};

    use super::expiry;

    fn token(claims: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn the_expiry_of_a_token_is_read() {
        let cases = [
            (token(r#"{"exp": 1767225600}"#), Some(1_767_225_600)),
            (token(r#"{"exp": 1767225600.9}"#), Some(1_767_225_600)),
            (
                format!("e30.{}.", URL_SAFE.encode(r#"{"exp": 0 }"#)),
                Some(0),
            ),
            (token(r#"{"exp": "1767225600"}"#), None),
            (token(r#"{"exp": 1e300}"#), None),
            (token(r#"{"exp": null}"#), None),
            (token("{}"), None),
            (token("[]"), None),
            (token("nonsense"), None),
            ("e30.!!!.e30".to_owned(), None),
            (format!("{}.more", token(r#"{"exp": 1}"#)), None),
            ("opaque-token".to_owned(), None),
            (String::new(), None),
        ];
        for (token, expected) in cases {
            let seconds = expiry(&token).map(jiff::Timestamp::as_second);
            assert_eq!(seconds, expected, "{token}");
        }
    }
}
