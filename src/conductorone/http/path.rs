//! Paths of the API.

/// An ID that would address something else than the object it is meant for, and was therefore not sent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{name} cannot be used as an ID: it {problem}")]
pub struct InvalidId {
    /// The placeholder it was meant for, for example `app_id`.
    name: String,
    problem: &'static str,
}

/// Bytes of the longest ID that is taken from an answer.
const LONGEST_ID: usize = 128;

/// The path of one endpoint, with its placeholders filled.
#[derive(Clone, Debug)]
pub(crate) struct ApiPath(Vec<String>);

impl ApiPath {
    /// A path without placeholders.
    pub(crate) fn fixed(path: &str) -> Self {
        Self(path.split('/').skip(1).map(str::to_owned).collect())
    }

    /// Fills the placeholders of `template`, which is written as in the API description, from left to right.
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

    /// The segments, not yet percent-encoded.
    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether text from an answer is an ID. ConductorOne documents 27 letters and digits; the length is not relied on, and
/// hyphens and underscores mean nothing to a URL or a shell.
///
/// IDs from answers reach the state, later requests, and commands that users copy.
pub(crate) fn is_id(text: &str) -> bool {
    let may_occur = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_ID).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(may_occur)
}

/// Refuses what is not exactly one segment of a path.
///
/// An empty ID makes a trailing slash, which the server answers with a redirect to the whole collection; `%2F` does the
/// same; dots climb.
fn checked_segment(name: &str, id: &str) -> Result<String, InvalidId> {
    let problem = match id {
        "" => "is empty",
        "." | ".." => "is a relative path",
        _ if id.contains('/') => "holds a slash",
        _ if id.chars().any(char::is_control) => "holds a control character",
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
    fn what_is_not_one_segment_is_refused() {
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
    fn only_the_documented_characters_make_an_id() {
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
