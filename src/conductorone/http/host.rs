//! The host of a tenant.

use std::fmt;

use url::{Host, Url};

use super::path::ApiPath;

/// The scheme, host and port of one tenant, for example `https://acme.conductor.one`.
///
/// The API and the token endpoint are on this host. API paths start with `/api/v1` or `/api/v2`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct BaseUrl(Url);

/// Why a value is not a host. The message never shows the value, because a URL may contain a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HostError {
    /// The value is neither a tenant name nor a host name.
    #[error("expected a tenant name or its host, such as acme or acme.conductor.one")]
    NotATenant,
    /// The tenant domain has a port.
    #[error(
        "a tenant domain cannot have a port; set server_url instead, such as https://localhost:8443"
    )]
    PortInTenant,
    /// The value is not an absolute URL with a host.
    #[error("expected a full URL, such as https://acme.conductor.one")]
    NotAUrl,
    /// The scheme is not https, and the host is not a loopback host.
    #[error(
        "expected https, such as https://acme.conductor.one (plain http is allowed only for loopback hosts, such as http://127.0.0.1:8080)"
    )]
    Insecure,
    /// The URL has more than a scheme, a host and a port.
    #[error(
        "expected only a scheme and a host, such as https://acme.conductor.one, without a path, query, fragment or user name"
    )]
    MoreThanAHost,
    /// The value does not have the form `{name}@{host}/{kind}`.
    #[error(
        "expected a client ID of the form name@host/kind, such as plucky-heron-40417@acme.conductor.one/spc"
    )]
    NotAClientId,
}

impl BaseUrl {
    /// Parses a tenant name (`acme`) or its host (`acme.conductor.one`, `acme.c1eu.ai`), with or without `https://`.
    ///
    /// Appends `.conductor.one` only to a name without a dot, because other domains exist.
    pub fn from_tenant_domain(value: &str) -> Result<Self, HostError> {
        let value = value.trim();
        if value.contains("://") {
            let base = Self::https(parse(value).ok_or(HostError::NotATenant)?)?;
            return if base.0.port().is_some() {
                Err(HostError::PortInTenant)
            } else {
                Ok(base)
            };
        }
        let value = value.strip_suffix('/').unwrap_or(value);
        if value.contains(':') {
            return Err(HostError::PortInTenant);
        }
        if !is_host_name(value) {
            return Err(HostError::NotATenant);
        }
        let family = if value.contains('.') {
            ""
        } else {
            ".conductor.one"
        };
        parse(&format!("https://{value}{family}"))
            .map(Self)
            .ok_or(HostError::NotATenant)
    }

    /// Parses a full URL: https, or plain http for loopback hosts (`localhost` and its subdomains, `127.0.0.0/8`,
    /// `::1`).
    pub fn from_server_url(value: &str) -> Result<Self, HostError> {
        let url = parse(value.trim()).ok_or(HostError::NotAUrl)?;
        if url.scheme() == "http" && is_loopback(&url) {
            Self::origin_only(url)
        } else {
            Self::https(url)
        }
    }

    /// Extracts the host from a client ID, `{name}@{host}/{kind}`.
    pub fn from_client_id(value: &str) -> Result<Self, HostError> {
        let (name, rest) = value
            .trim()
            .split_once('@')
            .ok_or(HostError::NotAClientId)?;
        let (host, kind) = rest.split_once('/').ok_or(HostError::NotAClientId)?;
        if name.is_empty() || kind.is_empty() {
            return Err(HostError::NotAClientId);
        }
        let url = parse(&format!("https://{host}")).ok_or(HostError::NotAClientId)?;
        Self::origin_only(url).map_err(|_| HostError::NotAClientId)
    }

    /// Returns the host without its port. It is the audience of a signed assertion.
    pub fn host(&self) -> &str {
        host_of(&self.0)
    }

    /// Returns the port, or the scheme's default port.
    pub fn port(&self) -> u16 {
        port_of(&self.0)
    }

    /// Returns the URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Returns whether the host is this machine. Such a host allows plain HTTP and never uses a proxy.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Returns the URL of `path` on this host.
    pub(super) fn join(&self, path: &ApiPath, query: &[(&str, String)]) -> Url {
        let mut url = self.0.clone();
        // A URL with a host always has path segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(path.segments());
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    fn https(url: Url) -> Result<Self, HostError> {
        match url.scheme() {
            "https" => Self::origin_only(url),
            "http" => Err(HostError::Insecure),
            // `localhost:8443` parses as a URL with the scheme `localhost`.
            _ => Err(HostError::NotAUrl),
        }
    }

    fn origin_only(url: Url) -> Result<Self, HostError> {
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if bare {
            Ok(Self(url))
        } else {
            Err(HostError::MoreThanAHost)
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

/// Parses a URL, but rejects values that a browser would repair: a browser drops tabs and line breaks, and turns `\`
/// into `/`.
pub(super) fn parse(value: &str) -> Option<Url> {
    if value.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return None;
    }
    Url::parse(value).ok()
}

fn is_host_name(value: &str) -> bool {
    value.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// Returns whether a name refers to this machine regardless of DNS: `localhost` and its subdomains, with or without a
/// final dot (RFC 6761, section 6.3).
pub(super) fn is_loopback_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next();
    last.is_some_and(|label| label.eq_ignore_ascii_case("localhost"))
}

/// Returns the host of a URL without the brackets around an IPv6 address.
pub(super) fn host_of(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Returns the port of a URL, or the default port of its scheme.
pub(super) fn port_of(url: &Url) -> u16 {
    let is_socks = url.scheme().starts_with("socks");
    let default = if is_socks { 1080 } else { 443 };
    url.port_or_known_default().unwrap_or(default)
}

/// Returns whether the host of a URL is this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_name(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, HostError};

    type Reader = fn(&str) -> Result<BaseUrl, HostError>;

    fn check(read: Reader, cases: &[(&str, Result<&str, HostError>)]) {
        for (value, expected) in cases {
            let got = read(value).map(|base| base.to_string());
            assert_eq!(got.as_deref().map_err(|e| *e), *expected, "{value:?}");
        }
    }

    #[test]
    fn tenant_domains() {
        check(
            BaseUrl::from_tenant_domain,
            &[
                ("acme", Ok("https://acme.conductor.one")),
                (" ACME.conductor.one ", Ok("https://acme.conductor.one")),
                (
                    "https://acme.conductor.one",
                    Ok("https://acme.conductor.one"),
                ),
                (
                    "HTTPS://acme.conductor.one/",
                    Ok("https://acme.conductor.one"),
                ),
                ("acme.conductor.one/", Ok("https://acme.conductor.one")),
                ("acme.c1eu.ai", Ok("https://acme.c1eu.ai")),
                ("localhost:8443", Err(HostError::PortInTenant)),
                (
                    "https://acme.conductor.one:8443",
                    Err(HostError::PortInTenant),
                ),
                ("http://acme.conductor.one", Err(HostError::Insecure)),
                (
                    "https://acme.conductor.one/api",
                    Err(HostError::MoreThanAHost),
                ),
                (
                    "https://me:pw@acme.conductor.one",
                    Err(HostError::MoreThanAHost),
                ),
                ("acme.conductor.one/api", Err(HostError::NotATenant)),
                ("me@acme", Err(HostError::NotATenant)),
                ("acme.", Err(HostError::NotATenant)),
                ("-acme", Err(HostError::NotATenant)),
                ("ac me", Err(HostError::NotATenant)),
                ("äcme", Err(HostError::NotATenant)),
                ("", Err(HostError::NotATenant)),
            ],
        );
    }

    #[test]
    fn server_urls() {
        check(
            BaseUrl::from_server_url,
            &[
                (
                    "https://acme.conductor.one",
                    Ok("https://acme.conductor.one"),
                ),
                ("https://ACME.example:443/", Ok("https://acme.example")),
                ("https://acme.example:8443", Ok("https://acme.example:8443")),
                ("http://localhost:8080", Ok("http://localhost:8080")),
                ("http://LOCALHOST:8080", Ok("http://localhost:8080")),
                ("http://localhost.:8080", Ok("http://localhost.:8080")),
                ("http://c1.localhost:80", Ok("http://c1.localhost")),
                ("http://127.8.9.1:80", Ok("http://127.8.9.1")),
                ("http://[::1]:9", Ok("http://[::1]:9")),
                ("http://acme.conductor.one", Err(HostError::Insecure)),
                ("http://localhost.example", Err(HostError::Insecure)),
                ("http://localhost..", Err(HostError::Insecure)),
                ("http://notlocalhost", Err(HostError::Insecure)),
                ("http://[::ffff:127.0.0.1]", Err(HostError::Insecure)),
                ("http://10.0.0.1", Err(HostError::Insecure)),
                ("ftp://acme.conductor.one", Err(HostError::NotAUrl)),
                ("acme.conductor.one", Err(HostError::NotAUrl)),
                ("localhost:8443", Err(HostError::NotAUrl)),
                ("https://", Err(HostError::NotAUrl)),
                (
                    "https://acme.conductor.one\\@evil.example",
                    Err(HostError::NotAUrl),
                ),
                (
                    "https://acme.conductor.one//",
                    Err(HostError::MoreThanAHost),
                ),
                (
                    "https://acme.conductor.one/api",
                    Err(HostError::MoreThanAHost),
                ),
                (
                    "https://acme.conductor.one?a=b",
                    Err(HostError::MoreThanAHost),
                ),
                (
                    "https://acme.conductor.one#a",
                    Err(HostError::MoreThanAHost),
                ),
                (
                    "https://user@acme.conductor.one",
                    Err(HostError::MoreThanAHost),
                ),
            ],
        );
    }

    #[test]
    fn client_ids() {
        check(
            BaseUrl::from_client_id,
            &[
                (
                    "plucky-heron-40417@acme.conductor.one/spc",
                    Ok("https://acme.conductor.one"),
                ),
                ("a@acme.c1eu.ai/wfe", Ok("https://acme.c1eu.ai")),
                ("a@localhost:8443/spc", Ok("https://localhost:8443")),
                (
                    "a@evil@acme.conductor.one/spc",
                    Err(HostError::NotAClientId),
                ),
                ("acme.conductor.one/spc", Err(HostError::NotAClientId)),
                ("a@acme.conductor.one", Err(HostError::NotAClientId)),
                ("a@/spc", Err(HostError::NotAClientId)),
                ("@acme.conductor.one/spc", Err(HostError::NotAClientId)),
                ("", Err(HostError::NotAClientId)),
            ],
        );
    }

    #[test]
    fn audience_has_no_port() {
        for (url, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:80", "::1"),
        ] {
            assert_eq!(
                BaseUrl::from_server_url(url).map(|base| base.host().to_owned()),
                Ok(host.to_owned())
            );
        }
    }
}
