//! The well-known string formats of protoc-gen-validate.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

/// `validate.KnownRegex`: a part of an HTTP header. Unknown names are not rules.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum HeaderPart {
    HttpHeaderName,
    HttpHeaderValue,
    #[default]
    #[serde(other)]
    Unknown,
}

impl HeaderPart {
    /// Returns the expectation if `text` is not this part. Unless `strict`, the text must only not break the line.
    pub(super) fn unmet(self, text: &str, strict: bool) -> Option<String> {
        let breaks_line = text.contains(['\0', '\n', '\r']);
        let (holds, part) = match self {
            Self::Unknown => return None,
            Self::HttpHeaderName if strict => (is_header_name(text), "name"),
            Self::HttpHeaderName => (!text.is_empty() && !breaks_line, "name"),
            Self::HttpHeaderValue if strict => (!text.contains(is_header_control), "value"),
            Self::HttpHeaderValue => (!breaks_line, "value"),
        };
        (!holds).then(|| format!("must be the {part} of an HTTP header"))
    }
}

/// Returns whether the text is a token or the name of an HTTP/2 pseudo-header.
fn is_header_name(text: &str) -> bool {
    let name = text.strip_prefix(':').unwrap_or(text);
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

fn is_header_control(c: char) -> bool {
    c.is_ascii_control() && c != '\t'
}

/// Returns whether the text is an email address, optionally with a name: `Name <local@domain>`.
pub(super) fn is_email(text: &str) -> bool {
    let address = text.strip_suffix('>').and_then(|it| it.rsplit_once('<'));
    let address = address.map_or(text, |(_, address)| address);
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let is_plain = |c: char| !c.is_control() && !" \"(),:;<>@[\\]".contains(c);
    address.len() <= 254
        && (1..=64).contains(&local.len())
        && (is_quoted || local.chars().all(is_plain))
        && is_hostname(domain)
}

/// Returns whether the text is a host name: labels of ASCII letters, digits and hyphens, optionally with a final dot.
pub(super) fn is_hostname(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

pub(super) fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

pub(super) fn is_address(text: &str) -> bool {
    is_hostname(text) || is_ip(text)
}

/// Returns whether the text is a URI reference with a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    has_scheme(text) && is_uri_reference(text)
}

/// Returns whether Go parses the text as a URL. Go accepts nearly everything.
pub(super) fn is_uri_reference(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let first_segment = path.split('/').next().unwrap_or_default();
    !text.contains(|c: char| c.is_ascii_control())
        && (has_scheme(text) || !first_segment.contains(':'))
        && is_escaped(path)
        && !authority(path).contains(' ')
}

fn has_scheme(text: &str) -> bool {
    let is_scheme_character = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(is_scheme_character)
    })
}

/// Returns the authority (user, host and port), or an empty string.
fn authority(path: &str) -> &str {
    let rest = path.split_once("//").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
}

/// Returns whether two hexadecimal digits follow each percent sign.
fn is_escaped(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Returns whether the text has five groups of hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}
