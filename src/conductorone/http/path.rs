//! Paths of the API, and IDs in them.

/// An ID that would address another object. The request was not sent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{name} cannot be used as an ID: it {problem}")]
pub struct InvalidId {
    /// The placeholder for the ID, for example `app_id`.
    name: String,
    problem: &'static str,
}

/// The maximum length in bytes of an ID in a response.
const MAX_ID_LENGTH: usize = 128;

/// The path of an endpoint with its placeholders replaced.
#[derive(Clone, Debug)]
pub(crate) struct ApiPath(Vec<String>);

impl ApiPath {
    /// Returns a path without placeholders.
    pub(crate) fn fixed(path: &str) -> Self {
        Self(path.split('/').skip(1).map(str::to_owned).collect())
    }

    /// Replaces the placeholders of `template`, from left to right. The template is written as in the API description.
    pub(crate) fn fill(template: &str, ids: &[&str]) -> Result<Self, InvalidId> {
        let mut ids = ids.iter();
        let segment = |part: &str| {
            let Some(name) = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            else {
                return Ok(part.to_owned());
            };
            checked_segment(name, ids.next().copied().unwrap_or_default())
        };
        template
            .split('/')
            .skip(1)
            .map(segment)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the segments before percent-encoding.
    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Returns whether text from a response is an ID. ConductorOne documents 27 letters and digits. This function does not
/// rely on the length, and also accepts hyphens and underscores, which have no special meaning in a URL or a shell.
///
/// IDs from responses reach the state, later requests, and commands that users copy.
pub(crate) fn is_id(text: &str) -> bool {
    let may_occur = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_ID_LENGTH).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(may_occur)
}

/// Returns the ID if it is exactly one segment of a path.
///
/// An empty ID would result in a trailing slash, which the server redirects to the whole collection. `%2F` has the
/// same effect. Dots would address a parent.
fn checked_segment(name: &str, id: &str) -> Result<String, InvalidId> {
    let problem = match id {
        "" => "is empty",
        "." | ".." => "is a relative path",
        _ if id.contains('/') => "contains a slash",
        _ if id.chars().any(char::is_control) => "contains a control character",
        _ => return Ok(id.to_owned()),
    };
    Err(InvalidId {
        name: name.to_owned(),
        problem,
    })
}

#[cfg(test)]
mod tests {
    use super::super::host::BaseUrl;
    use super::{ApiPath, is_id};

    const TEMPLATE: &str = "/api/v1/apps/{app_id}/connectors/{id}";

    #[test]
    fn segments_are_escaped() {
        let url = BaseUrl::from_tenant_domain("acme")
            .ok()
            .zip(ApiPath::fill(TEMPLATE, &["a b?c#d%2F\\", "…é"]).ok())
            .map(|(base, path)| {
                base.join(&path, &[("page_token", "a&b".to_owned())])
                    .to_string()
            });
        let expected = "https://acme.conductor.one/api/v1/apps/a%20b%3Fc%23d%252F%5C/connectors/%E2%80%A6%C3%A9?page_token=a%26b";
        assert_eq!(url.as_deref(), Some(expected));
    }

    #[test]
    fn invalid_segments_are_rejected() {
        let cases = [
            ("", "empty"),
            (".", "relative"),
            ("..", "relative"),
            ("a/b", "slash"),
            ("a\n", "control"),
        ];
        for (id, word) in cases {
            let error = ApiPath::fill(TEMPLATE, &["app", id]).map_err(|e| e.to_string());
            assert!(
                matches!(&error, Err(text) if text.starts_with("id cannot") && text.contains(word)),
                "{error:?}"
            );
        }
        assert!(
            ApiPath::fill(TEMPLATE, &["app"]).is_err(),
            "a missing ID is an empty one"
        );
    }

    #[test]
    fn an_id_has_only_safe_characters() {
        for id in ["2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th", "a1", "a-1_b"] {
            assert!(is_id(id), "{id:?}");
        }
        let long = "a".repeat(129);
        let others = [
            "",
            "..",
            "a/b",
            "a b",
            "a\u{202e}b",
            "a\n",
            "é",
            "-destroy",
            "x'; touch ~/pwned; echo '",
            "$(id)",
            &long,
        ];
        for text in others {
            assert!(!is_id(text), "{text:?}");
        }
    }
}
