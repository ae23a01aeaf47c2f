//! The forms that text can have.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use url::{Host, Url};

/// A form of text, named by the JSON Schema keyword `format`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As in the JSON Schema.
    pub name: &'static str,
    /// Completes "Set it to …" for the user, with an example.
    pub expected: &'static str,
    /// The one spelling of all that mean the same, or why the text is not of this form.
    pub normalise: fn(&str) -> Result<String, String>,
}

impl Format {
    /// Whether two texts mean the same.
    pub fn same(self, left: &str, right: &str) -> bool {
        left == right
            || matches!(
                ((self.normalise)(left), (self.normalise)(right)),
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

/// Forms that any product may use.
pub const COMMON_FORMATS: &[Format] = &[
    Format {
        name: "not-blank",
        expected: "text that is not empty or blank",
        normalise: not_blank,
    },
    Format {
        name: "id",
        expected: "an ID, such as 2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th",
        normalise: id,
    },
    Format {
        name: "token",
        expected: "a key or token without blanks and line breaks, exactly as it was issued",
        normalise: without_blanks,
    },
    Format {
        name: "email",
        expected: "an email address such as svc-c1@acme.com",
        normalise: email,
    },
    Format {
        name: "url",
        expected: "a URL that begins with https:// or http://, such as https://confluence.corp.acme.com",
        normalise: web_url,
    },
    Format {
        name: "duration",
        expected: "a duration such as 30s, 10m or 1h30m",
        normalise: |text| duration(text).map(|duration| format!("{duration:?}")),
    },
];

/// Reads a duration as Go writes it, such as `30s` or `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let duration = without_blanks(text)?
        .parse::<SignedDuration>()
        .map_err(|_| "it is no duration".to_owned())?;
    match Duration::try_from(duration) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it is not longer than nothing".to_owned()),
    }
}

/// Writes a duration as Go does, such as `1m30s`. What is shorter than a millisecond is dropped.
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
        return Err("it holds a blank or a line break".to_owned());
    }
    Ok(text)
}

fn id(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    if text.contains(['/', '\\', '?', '#']) {
        return Err("it holds a character that no ID has".to_owned());
    }
    Ok(text)
}

fn email(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    match text.split_once('@') {
        // Mail servers could tell upper and lower case apart in the name; none does.
        Some((name, host)) if !name.is_empty() && !host.is_empty() && !host.contains('@') => {
            Ok(text.to_lowercase())
        }
        _ => Err("it is no email address".to_owned()),
    }
}

/// Reads a URL of the web, and only spellings that programs agree on: the parser repairs what others refuse.
fn web_url(text: &str) -> Result<String, String> {
    let text = without_blanks(text)?;
    let lower = text.to_ascii_lowercase();
    let schemes = ["https://", "http://"];
    let Some(rest) = schemes.iter().find_map(|scheme| lower.strip_prefix(scheme)) else {
        return Err("it does not begin with https:// or http://".to_owned());
    };
    if rest.starts_with('/') || rest.contains('\\') {
        return Err("it is no URL: invalid slash".to_owned());
    }
    let url = Url::parse(&text).map_err(|error| format!("it is no URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it holds a query or a fragment".to_owned());
    }
    if let Some(Host::Domain(_) | Host::Ipv4(_)) = url.host()
        && let Some(host) = url.host_str()
        && rest.is_ascii()
        && !rest.starts_with(host)
    {
        return Err(format!("its host is a spelling of {host}"));
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
    fn forms() {
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
                assert!((named(name).normalise)(text).is_ok(), "{name}: {text:?}");
            }
            for text in bad {
                assert!((named(name).normalise)(text).is_err(), "{name}: {text:?}");
            }
        }
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["1h30m", "10m", "2s", "1m5s", "2s500ms", "48h"] {
            assert_eq!(duration_text(duration(text).unwrap()), text);
        }
        assert_eq!(duration_text(Duration::ZERO), "0s");
    }

    #[test]
    fn the_case_of_an_email_address_means_nothing() {
        let email = named("email");
        assert!(email.same("Alice@Acme.com", "alice@acme.COM"));
        assert!(!email.same("alice@acme.com", "alice@acme.example"));
    }

    #[test]
    fn spellings_of_a_url_mean_the_same() {
        let url = named("url");
        assert!(url.same("https://a.b", "HTTPS://A.b:443/"));
        assert!(url.same("http://a.b", "http://a.b:80/"));
        assert!(!url.same("http://a.b", "https://a.b"));
        assert!(!url.same("https://a.b", "https://a.b/wiki"));
        assert!(url.same("nonsense", "nonsense"));
    }
}
