//! The messages of error responses.

use std::fmt;

use serde::Deserialize;

use super::json_fields::or_default;
use super::peer_text::PeerText;

/// The message in the body of an error response.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ServerMessage {
    /// There is no message.
    None,
    /// The `message` of a `google.rpc.Status`, an OAuth error, or plain text.
    Text(PeerText),
    /// An HTML page, as proxies and web applications send. It does not come from the API.
    Html,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    #[serde(deserialize_with = "or_default")]
    message: String,
    #[serde(deserialize_with = "or_default")]
    error: String,
    #[serde(deserialize_with = "or_default")]
    error_description: String,
}

impl ServerMessage {
    /// Parses the body of an error response.
    pub(super) fn read(body: &[u8]) -> Self {
        if is_html(body) {
            return Self::Html;
        }
        let text = match serde_json::from_slice::<ErrorBody>(body) {
            Ok(ErrorBody { message, .. }) if !message.is_empty() => message,
            Ok(ErrorBody {
                error,
                error_description,
                ..
            }) if error_description.is_empty() => error,
            Ok(ErrorBody {
                error,
                error_description,
                ..
            }) => format!("{error}: {error_description}"),
            // Other JSON is not meant for people.
            Err(_) if matches!(body.trim_ascii().first(), Some(b'{' | b'[')) => String::new(),
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        let text = PeerText::new(&text);
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }
}

impl fmt::Display for ServerMessage {
    /// Writes the continuation of a sentence, including its punctuation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Text(text) => write!(f, ": {text}"),
            Self::Html => f.write_str(" (an HTML page, not a response of the API)"),
        }
    }
}

/// Returns whether a body is a web page. No JSON begins with `<`.
pub(super) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::super::redact::remember;
    use super::ServerMessage;

    #[test]
    fn each_kind_of_error_body_is_parsed() {
        remember("hunter2");
        let cases = [
            (
                r#"{"code":2,"message":"user_id is required","details":[]}"#,
                ": user_id is required",
            ),
            (r#"{"error":"invalid_client"}"#, ": invalid_client"),
            (
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                ": invalid_grant: expired",
            ),
            (r#"{"code":5,"message":null}"#, ""),
            (r#"{"error":{"nested":true}}"#, ""),
            ("upstream\u{1b}[31m\n\tgone", ": upstream [31m gone"),
            (
                " <!doctype html><p>secret",
                " (an HTML page, not a response of the API)",
            ),
            (r#"{"message":"bad value hunter2"}"#, ": bad value (masked)"),
            ("", ""),
        ];
        for (body, expected) in cases {
            assert_eq!(
                ServerMessage::read(body.as_bytes()).to_string(),
                expected,
                "{body}"
            );
        }
    }
}
