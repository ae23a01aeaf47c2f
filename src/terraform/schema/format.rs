//! Formats of strings.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use url::{Host, Url};

/// A format of strings, which the JSON Schema keyword `format` names.
#[derive(Clone, Copy)]
pub struct Format {
    /// The name in the JSON Schema.
    pub name: &'static str,
    /// A phrase that completes "Set it to …", with an example.
    pub expected: &'static str,
    /// Returns the same normal form for all strings with the same meaning. The error is the reason why the string does not
    /// match the format.
    pub normalize: fn(&str) -> Result<String, String>,
}

impl Format {
    /// Returns whether two strings have the same meaning.
    pub fn semantically_equal(self, left: &str, right: &str) -> bool {
        left == right
            || matches!(
                ((self.normalize)(left), (self.normalize)(right)),
                (Ok(left), Ok(right)) if left == right
            )
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Formats that any provider can use.
pub const COMMON_FORMATS: &[Format] = &[
    Format {
        name: "not-blank",
        expected: "text that is not empty or blank",
        normalize: not_blank,
    },
    Format {
        name: "id",
        expected: "an ID, such as 2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th",
        normalize: id,
    },
    Format {
        name: "token",
        expected: "a key or token without blanks and line breaks, exactly as it was issued",
        normalize: without_blanks,
    },
    Format {
        name: "email",
        expected: "an email address such as svc-c1@acme.com",
        normalize: email,
    },
    Format {
        name: "url",
        expected: "a URL that begins with https:// or http://, such as https://confluence.corp.acme.com",
        normalize: web_url,
    },
    Format {
        name: "duration",
        expected: "a duration such as 30s, 10m or 1h30m",
        normalize: |text| duration(text).map(|duration| format!("{duration:?}")),
    },
];

/// Parses a duration in the syntax of Go, such as `30s` or `1h30m`. The duration must be positive.
pub fn duration(text: &str) -> Result<Duration, String> {
    let duration = without_blanks(text)?
        .parse::<SignedDuration>()
        .map_err(|_| "it is not a duration".to_owned())?;
    match Duration::try_from(duration) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it is not longer than zero".to_owned()),
    }
}

/// Formats a duration in the syntax of Go, such as `1m30s`. Fractions of a millisecond are dropped.
pub fn duration_text(duration: Duration) -> String {
    let (seconds, millis) = (duration.as_secs(), duration.subsec_millis());
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (u64::from(millis), "ms"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, unit)| format!("{count}{unit}"));
    let text = parts.collect::<Vec<_>>().concat();
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

fn not_blank(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("it is empty".to_owned())
    } else if text.trim().is_empty() {
        Err("it is blank".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn without_blanks(text: &str) -> Result<String, String> {
    let text = not_blank(text)?;
    if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err("it contains a blank or a line break".to_owned());
    }
    Ok(text)
}

fn id(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    if text.contains(['/', '\\', '?', '#']) {
        return Err("it contains a character that IDs do not have".to_owned());
    }
    Ok(text)
}

fn email(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    match text.split_once('@') {
        // In theory the local part is case-sensitive. In practice, mail servers ignore the case.
        Some((name, host)) if !name.is_empty() && !host.is_empty() && !host.contains('@') => {
            Ok(text.to_lowercase())
        }
        _ => Err("it is not an email address".to_owned()),
    }
}

/// Parses an HTTP URL. The URL parser repairs URLs that other programs reject, so this function rejects them first.
fn web_url(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    let lower = text.to_ascii_lowercase();
    let schemes = ["https://", "http://"];
    let Some(rest) = schemes.iter().find_map(|scheme| lower.strip_prefix(scheme)) else {
        return Err("it does not begin with https:// or http://".to_owned());
    };
    if rest.starts_with('/') || rest.contains('\\') {
        return Err("it is not a URL: invalid slash".to_owned());
    }
    let url = Url::parse(&text).map_err(|error| format!("it is not a URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it contains a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it contains a query or a fragment".to_owned());
    }
    if let Some(Host::Domain(_) | Host::Ipv4(_)) = url.host()
        && let Some(host) = url.host_str()
        && rest.is_ascii()
        && !rest.starts_with(host)
    {
        return Err(format!("its host is another spelling of {host}"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn named(name: &str) -> Format {
        let mut formats = COMMON_FORMATS.iter();
        *formats.find(|format| format.name == name).unwrap()
    }

    #[test]
    fn formats_accept_and_reject_strings() {
        let cases = [
            ("not-blank", &["a", " a b "][..], &["", " ", "\n\t"][..]),
            ("token", &["ATATT3x"], &["", " ", "a b", "a\n", "a\u{0}"]),
            ("id", &["2xKpQ0aZ"], &["", " ", "a/b", "a b", "a?"]),
            (
                "email",
                &["a@b.c", "a+b@c"],
                &["", "a", "@b", "a@", "a@b@c", "a b@c"],
            ),
            (
                "url",
                &[
                    "https://a.b",
                    "HTTPS://A.B/",
                    "https://a:8443/wiki/",
                    "http://confluence.wiki.svc.cluster.local:8090",
                    "Http://confluence/",
                    "http://10.0.0.7:8090/confluence",
                    "http://[fd00::7]:8090/confluence/",
                    "https://wiki.bücher.example",
                ],
                &[
                    "",
                    "a.b",
                    "ftp://a.b",
                    "https:a.b",
                    "http:/a.b",
                    "http:///a.b",
                    "http://a.b\\c",
                    "https://",
                    "https://u@a",
                    "https://a?b",
                    "https://a b",
                    "http://a:65536",
                    "http://127.1",
                    "http://%61.b",
                    "http://[fd00::7",
                ],
            ),
            (
                "duration",
                &["30s", "1h30m", "1.5h", "250ms"],
                &["", "30", "-5s", "0s", "soon", "1 h"],
            ),
        ];
        for (name, good, bad) in cases {
            for text in good {
                assert!((named(name).normalize)(text).is_ok(), "{name}: {text:?}");
            }
            for text in bad {
                assert!((named(name).normalize)(text).is_err(), "{name}: {text:?}");
            }
        }
    }

    #[test]
    fn a_duration_survives_a_round_trip() {
        for text in ["1h30m", "10m", "2s", "1m5s", "2s500ms", "48h"] {
            assert_eq!(duration_text(duration(text).unwrap()), text);
        }
        assert_eq!(duration_text(Duration::ZERO), "0s");
    }

    #[test]
    fn email_addresses_are_case_insensitive() {
        let email = named("email");
        assert!(email.semantically_equal("Alice@Acme.com", "alice@acme.COM"));
        assert!(!email.semantically_equal("alice@acme.com", "alice@acme.example"));
    }

    #[test]
    fn spellings_of_a_url_are_semantically_equal() {
        let url = named("url");
        assert!(url.semantically_equal("https://a.b", "HTTPS://A.b:443/"));
        assert!(url.semantically_equal("http://a.b", "http://a.b:80/"));
        assert!(!url.semantically_equal("http://a.b", "https://a.b"));
        assert!(!url.semantically_equal("https://a.b", "https://a.b/wiki"));
        assert!(url.semantically_equal("nonsense", "nonsense"));
    }
}
