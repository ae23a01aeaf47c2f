//! Texts that have the format of a credential.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

/// Regular expressions for credentials. The first group is masked.
const FORMATS: [&str; 6] = [
    // Atlassian tokens.
    r"\b(AT[A-Z]{2,3}T3[A-Za-z0-9_\-=.+/%]{8,})",
    // ConductorOne client secrets.
    r#"(?i)\b(secret-token:[^\s"'<>]+)"#,
    // JSON Web Tokens.
    r"\b(eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)",
    // Headers.
    r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/_.~=-]{8,})",
    // Credentials in URLs.
    r#"://([^\s/@"'<>]*:[^\s/@"'<>]*)@"#,
    // Values with the name of a secret.
    r#"(?i)(?:passw(?:or)?d|pwd|secret|token|api[-_ ]?key|assertion|authorization)["']?(?:=["']?|["']\s*:\s*["'])([^\s"',;&)}\]]{4,})"#,
];

/// The minimum length of a random run of letters and digits to be masked. A shorter run may be a name.
const MIN_RUN_LENGTH: usize = 20;
/// The length of a ConductorOne ID. IDs look random, but messages need them.
const ID_LENGTH: usize = 27;

static EXPRESSIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    FORMATS
        .iter()
        .flat_map(|format| Regex::new(format))
        .collect()
});

/// Returns the ranges of `text` that have the format of a credential.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let matches = EXPRESSIONS
        .iter()
        .flat_map(|expression| expression.captures_iter(text))
        .filter_map(|found| Some(found.get(1)?.range()));
    matches.chain(random_runs(text)).collect()
}

/// Returns the runs of characters that look random. Base64 contains slashes, so that the neighbors of a random run
/// belong to it, unless they are words of a path.
fn random_runs(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for token in pieces(text, 0, |c| is_run(c) || c == '/') {
        let token_text = text.get(token.clone()).unwrap_or_default();
        let runs: Vec<_> = pieces(token_text, token.start, is_run).collect();
        let text_of = |run: &Range<usize>| text.get(run.clone()).unwrap_or_default();
        if runs.iter().any(|run| is_random(text_of(run))) {
            found.extend(runs.into_iter().filter(|run| !is_word(text_of(run))));
        }
    }
    found
}

/// Splits a text into the longest parts that contain only matching characters. Adds `offset` to each range.
fn pieces(
    text: &str,
    offset: usize,
    belongs: impl Fn(char) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let split = text.split(move |c| !belongs(c)).map(move |piece| {
        let range = start..start + piece.len();
        // The character between two pieces belongs to neither.
        start = range.end
            + text
                .get(range.end..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        range
    });
    split
        .filter(|range| !range.is_empty())
        .map(move |range| range.start + offset..range.end + offset)
}

fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '=' | '-')
}

fn is_word(run: &str) -> bool {
    is_id(run) || run.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn is_id(run: &str) -> bool {
    run.len() == ID_LENGTH && run.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether a run has lowercase letters, uppercase letters and digits, and alternates between them as often as
/// random text does.
fn is_random(run: &str) -> bool {
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 1_u8,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 4,
        _ => 0,
    };
    let kinds: Vec<_> = run.bytes().map(kind).collect();
    let changes = kinds
        .iter()
        .zip(kinds.iter().skip(1))
        .filter(|(one, next)| one != next)
        .count();
    let all = kinds.iter().fold(0, |all, kind| all | kind) == 7;
    run.len() >= MIN_RUN_LENGTH && all && changes * 3 >= run.len() && !is_id(run)
}

#[cfg(test)]
mod tests {
    use super::super::mask;
    use super::{EXPRESSIONS, FORMATS, find};

    fn scrub(text: &str) -> String {
        mask(text, find(text), text.len())
    }

    #[test]
    fn each_expression_is_valid() {
        assert_eq!(EXPRESSIONS.len(), FORMATS.len());
    }

    #[test]
    fn credential_formats_are_masked() {
        for (text, shown) in [
            (
                "key ATATT3xFfGF0T3ab-_x=1A2B3C4D was refused",
                "key (masked) was refused",
            ),
            (
                "got secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AifQ",
                "got (masked)",
            ),
            ("<eyJhbGciOi.eyJzdWIiOi.c2ln>", "<(masked)>"),
            (
                "Authorization: Bearer abcdefgh",
                "Authorization: Bearer (masked)",
            ),
            ("basic dXNlcjpwdw== sent", "basic (masked) sent"),
            (
                "GET https://svc:pw@wiki.acme.example/x",
                "GET https://(masked)@wiki.acme.example/x",
            ),
            ("password=hunter2&user=a", "password=(masked)&user=a"),
            (r#"{"api_key": "hunter2"}"#, r#"{"api_key": "(masked)"}"#),
            ("apikey='hunter2'", "apikey='(masked)'"),
            (
                "token MDc2NTQzMjEwOTg3OmxpdHRsZSBzZWNyZXQ sent",
                "token (masked) sent",
            ),
            (
                "token kX9/Zm4Qp1Rt7Vb2Nc8Ld5Wf3Hg6Js0Ay+Te/u4 sent",
                "token (masked)/(masked)/(masked) sent",
            ),
            (
                "GET /about-us/2jbvUoyvbdzgkgdZfGR7VFhS0SU/kX9Zm4Qp1Rt7Vb2Nc8Ld5Wf3Hg6Js0Ay",
                "GET /about-us/2jbvUoyvbdzgkgdZfGR7VFhS0SU/(masked)",
            ),
        ] {
            assert_eq!(scrub(text), shown);
        }
    }

    #[test]
    fn useful_text_is_not_masked() {
        for text in [
            "connector 2jbvUoyvbdzgkgdZfGR7VFhS0SU of app 2jbvUoyvbdzgkgdZfGR7VFhS0SU",
            "/api/v1/apps/2jbvUoyvbdzgkgdZfGR7VFhS0SU/connectors",
            "request 550e8400-e29b-41d4-a716-446655440000",
            "trace 4bf92f3577b34da6a3ce929d0e0e4736",
            "invalid token: the token has expired; password is wrong",
            "https://acme.atlassian.net/wiki/rest/api/content/search?limit=100",
            "svc-confluence-datacenter-2@acme.example at 2026-11-28T16:27:37Z",
            "SYNC_DISABLED_CATEGORY_UNSPECIFIED, ConfluenceDataCenterConnectorV2",
            "the host k8s-7f3a9b2c1d4e5f6a.elb.eu-central-1.amazonaws.com cannot be found",
            "",
        ] {
            assert_eq!(scrub(text), text);
        }
    }
}
