//! Confluence Cloud sites and their spellings.

use std::fmt;
use std::str::FromStr;

use crate::terraform::nearest::nearest;
use crate::terraform::schema::Format;

/// The form of `site_domain`.
pub(super) const FORMAT: Format = Format {
    name: "confluence-site",
    expected: "a Confluence Cloud site such as acme, acme.atlassian.net or https://acme.atlassian.net/wiki",
    normalize: |text| {
        text.parse::<Site>()
            .map(|site| site.to_string())
            .map_err(|error| error.to_string())
    },
};

/// The domain of all sites without a custom domain.
const ATLASSIAN: &str = ".atlassian.net";

/// A Confluence Cloud site: the host, in lower case. `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki`
/// are the same site; a custom domain is a site of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    host: String,
}

/// The reason why a text is not a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidSite {
    #[error("it is empty")]
    Empty,
    #[error("its scheme is not https://")]
    NotHttps,
    #[error("it contains more than a host and /wiki")]
    MoreThanASite,
    #[error("it is not a host name")]
    NotAHost,
}

impl Site {
    /// Returns the URL of the site.
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.host)
    }

    /// Returns the part before `.atlassian.net`. `None` for a custom domain.
    pub(super) fn subdomain(&self) -> Option<&str> {
        self.host.strip_suffix(ATLASSIAN)
    }

    /// Returns the site that was probably meant if a custom domain is a misspelling of Atlassian's domain.
    pub(super) fn likely_meant(&self) -> Option<Self> {
        if self.subdomain().is_some() {
            return None;
        }
        let (rest, last) = self.host.rsplit_once('.')?;
        let (subdomain, name) = rest.rsplit_once('.')?;
        let domain = format!("{name}.{last}");
        nearest(&domain, ["atlassian.net", "atlassian.com"])?;
        Some(Self {
            host: format!("{subdomain}{ATLASSIAN}"),
        })
    }
}

impl FromStr for Site {
    type Err = InvalidSite;

    fn from_str(text: &str) -> Result<Self, InvalidSite> {
        if text.trim().is_empty() {
            return Err(InvalidSite::Empty);
        }
        let text = text.to_ascii_lowercase();
        let (is_url, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(_) => return Err(InvalidSite::NotHttps),
            None => (false, text.as_str()),
        };
        let host = match rest.split_once('/') {
            None => rest,
            Some((host, "" | "wiki" | "wiki/")) => host,
            Some(_) => return Err(InvalidSite::MoreThanASite),
        };
        let bare = !host.contains('.');
        if !is_host(host) || (bare && is_url) {
            return Err(InvalidSite::NotAHost);
        }
        let suffix = if bare { ATLASSIAN } else { "" };
        Ok(Self {
            host: format!("{host}{suffix}"),
        })
    }
}

/// The host, as in `acme.atlassian.net`.
impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.host)
    }
}

/// Returns whether a text is a host name: labels of letters, digits and inner hyphens. The last label is not a number.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && text.split('.').all(is_label)
        && !(text.contains('.') && is_number(last))
        && text != ATLASSIAN.trim_start_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_site_are_one_site() {
        let spellings = [
            "acme",
            "ACME",
            "acme/",
            "acme.atlassian.net",
            "Acme.Atlassian.Net",
            "acme.atlassian.net/wiki",
            "https://acme.atlassian.net",
            "HTTPS://acme.atlassian.net/",
            "https://acme.atlassian.net/wiki",
            "https://acme.atlassian.net/wiki/",
        ];
        for spelling in spellings {
            let site = spelling.parse::<Site>();
            assert_eq!(
                site.as_ref().map(Site::to_string),
                Ok("acme.atlassian.net".to_owned()),
                "{spelling}"
            );
            assert_eq!(site.as_ref().map(Site::subdomain), Ok(Some("acme")));
        }
        let custom = "https://wiki.acme.com".parse::<Site>();
        assert_eq!(
            custom.as_ref().map(Site::url),
            Ok("https://wiki.acme.com".to_owned())
        );
        assert_eq!(custom.as_ref().map(Site::subdomain), Ok(None));
    }

    #[test]
    fn a_domain_that_is_nearly_atlassians_was_not_meant() {
        let meant = |text: &str| Some(text.parse::<Site>().ok()?.likely_meant()?.to_string());
        let acme = Some("acme.atlassian.net".to_owned());
        for text in [
            "acme.atlasian.net",
            "https://acme.atlassian.com/wiki",
            "acme.atlassian.nte",
        ] {
            assert_eq!(meant(text), acme, "{text}");
        }
        for text in ["acme", "acme.atlassian.net", "wiki.acme.com", "acme.com"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_site_is_refused() {
        use InvalidSite::{Empty, MoreThanASite, NotAHost, NotHttps};
        let cases = [
            ("", Empty),
            (" \t", Empty),
            ("http://acme.atlassian.net", NotHttps),
            ("ftp://acme", NotHttps),
            ("https://acme", NotAHost),
            ("https://", NotAHost),
            ("/", NotAHost),
            ("atlassian.net", NotAHost),
            ("foo bar", NotAHost),
            ("acme_x", NotAHost),
            ("-acme", NotAHost),
            ("acme.", NotAHost),
            (".acme", NotAHost),
            ("10.0.0.1", NotAHost),
            ("svc@acme.com", NotAHost),
            ("acme.atlassian.net:8443", NotAHost),
            ("acme.atlassian.net?x=1", NotAHost),
            ("acme.atlassian.net/wiki/spaces", MoreThanASite),
            ("acme.atlassian.net//", MoreThanASite),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Site>(), Err(expected), "{text:?}");
        }
    }
}
