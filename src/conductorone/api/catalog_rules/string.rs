//! Rules for strings.

use std::fmt::Debug;

use serde::Deserialize;

use super::pattern::Pattern;
use super::rule_json::number;
use super::well_known::{self, HeaderPart};

/// The expectation for an excluded value. It does not quote the value, because the reader knows it.
pub(super) const MUST_DIFFER: &str = "must have a different value";

/// `validate.StringRules`. Lengths are in code points, or in bytes of UTF-8 if the name says so.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the API's own shape")]
pub(crate) struct StringRules {
    r#const: String,
    r#in: Vec<String>,
    not_in: Vec<String>,
    #[serde(deserialize_with = "number")]
    len: usize,
    #[serde(deserialize_with = "number")]
    min_len: usize,
    #[serde(deserialize_with = "number")]
    max_len: usize,
    #[serde(deserialize_with = "number")]
    len_bytes: usize,
    #[serde(deserialize_with = "number")]
    min_bytes: usize,
    #[serde(deserialize_with = "number")]
    max_bytes: usize,
    pattern: Pattern,
    prefix: String,
    suffix: String,
    contains: String,
    not_contains: String,
    ignore_empty: bool,
    email: bool,
    hostname: bool,
    ip: bool,
    ipv4: bool,
    ipv6: bool,
    uri: bool,
    uri_ref: bool,
    address: bool,
    uuid: bool,
    well_known_regex: HeaderPart,
    strict: bool,
}

impl StringRules {
    /// Returns the pattern, or an empty string.
    pub(super) fn pattern(&self) -> &str {
        self.pattern.as_str()
    }

    /// Returns the expectations that `text` does not meet. Never reveals a part of a secret.
    pub(super) fn unmet(&self, text: &str, secret: bool) -> Vec<String> {
        if self.ignore_empty && text.is_empty() {
            return Vec::new();
        }
        let mut unmet = self.unmet_lengths(text);
        unmet.extend(self.unmet_contents(text));
        unmet.extend(one_of(&self.r#in, &text));
        unmet.extend(self.unmet_exclusions(text, secret));
        unmet.extend(self.unmet_format(text));
        unmet
    }

    fn unmet_lengths(&self, text: &str) -> Vec<String> {
        let (characters, bytes) = (text.chars().count(), text.len());
        [
            (self.len, characters == self.len, "exactly", "character"),
            (
                self.min_len,
                characters >= self.min_len,
                "at least",
                "character",
            ),
            (
                self.max_len,
                characters <= self.max_len,
                "at most",
                "character",
            ),
            (self.len_bytes, bytes == self.len_bytes, "exactly", "byte"),
            (self.min_bytes, bytes >= self.min_bytes, "at least", "byte"),
            (self.max_bytes, bytes <= self.max_bytes, "at most", "byte"),
        ]
        .into_iter()
        .filter(|(limit, holds, ..)| *limit != 0 && !holds)
        .map(|(limit, _, bound, unit)| amount(bound, limit, unit))
        .collect()
    }

    fn unmet_contents(&self, text: &str) -> Vec<String> {
        let quoted = [
            (&self.r#const, text == self.r#const, "must be"),
            (
                &self.prefix,
                text.starts_with(&self.prefix),
                "must begin with",
            ),
            (&self.suffix, text.ends_with(&self.suffix), "must end with"),
            (
                &self.contains,
                text.contains(&self.contains),
                "must contain",
            ),
        ]
        .into_iter()
        .filter(|(operand, holds, _)| !operand.is_empty() && !holds)
        .map(|(operand, _, expectation)| format!("{expectation} {operand:?}"));
        let pattern = &self.pattern;
        let pattern = (!pattern.matches(text))
            .then(|| format!("must match the pattern {}", pattern.as_str()));
        quoted.chain(pattern).collect()
    }

    /// Returns the expectations about excluded values and parts.
    fn unmet_exclusions(&self, text: &str, secret: bool) -> Vec<String> {
        let part = &self.not_contains;
        let contains = !part.is_empty() && text.contains(part);
        // Naming the part would reveal a part of the secret.
        let named = (!secret).then(|| format!("{part:?}"));
        let named = named.unwrap_or_else(|| "the text that the catalog excludes".to_owned());
        let contains = contains.then(|| format!("must not contain {named}"));
        let is = self.not_in.iter().any(|excluded| excluded == text);
        let is = is.then(|| MUST_DIFFER.to_owned());
        contains.into_iter().chain(is).collect()
    }

    fn unmet_format(&self, text: &str) -> Option<String> {
        [
            (
                self.email,
                well_known::is_email as fn(&str) -> bool,
                "an email address",
            ),
            (self.hostname, well_known::is_hostname, "a host name"),
            (self.ip, well_known::is_ip, "an IP address"),
            (self.ipv4, well_known::is_ipv4, "an IPv4 address"),
            (self.ipv6, well_known::is_ipv6, "an IPv6 address"),
            (
                self.uri,
                well_known::is_uri,
                "a URI with a scheme, such as https://example.com",
            ),
            (
                self.uri_ref,
                well_known::is_uri_reference,
                "a URI or a path",
            ),
            (
                self.address,
                well_known::is_address,
                "a host name or an IP address",
            ),
            (self.uuid, well_known::is_uuid, "a UUID"),
        ]
        .into_iter()
        .find(|(asked, holds, _)| *asked && !holds(text))
        .map(|(.., format)| format!("must be {format}"))
        .or_else(|| self.well_known_regex.unmet(text, self.strict))
    }
}

/// Returns the expectation if `value` is not one of the `allowed` values. An empty list allows any value.
pub(super) fn one_of<T: Debug + PartialEq<U>, U>(allowed: &[T], value: &U) -> Option<String> {
    (!allowed.is_empty() && !allowed.iter().any(|it| it == value)).then(|| {
        let names: Vec<_> = allowed.iter().map(|it| format!("{it:?}")).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// Returns a text such as `must have at least 3 characters`.
pub(super) fn amount(bound: &str, limit: usize, unit: &str) -> String {
    let plural = if limit == 1 { "" } else { "s" };
    format!("must have {bound} {limit} {unit}{plural}")
}
