//! The proxy between this machine and the tenant. It follows the rules of Go's HTTP client, which Terraform uses.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::host::{self, host_of, port_of};

/// The supported schemes. `socks5h` is the same as `socks5`: the proxy resolves the host name.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// A proxy. Its user name and password are never shown.
#[derive(Clone)]
pub struct Proxy {
    url: Url,
    variable: &'static str,
}

/// Why a value is not a proxy. The message never shows the value, because it may contain a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidProxy {
    /// The value is not a URL with a host.
    #[error(
        "expected a URL with a host, such as http://proxy.example:3128, with special characters of a password percent-encoded"
    )]
    NotAUrl,
    /// The scheme is not supported.
    #[error("the scheme must be http, https, socks5 or socks5h, such as http://proxy.example:3128")]
    Scheme,
}

impl Proxy {
    /// Parses the value of an environment variable. A value without a scheme is an HTTP proxy.
    pub fn parse(value: &str, variable: &'static str) -> Result<Self, InvalidProxy> {
        let value = value.trim();
        let url = if value.contains("://") {
            host::parse(value)
        } else {
            host::parse(&format!("http://{value}"))
        };
        let url = url.ok_or(InvalidProxy::NotAUrl)?;
        if !SCHEMES.contains(&url.scheme()) {
            return Err(InvalidProxy::Scheme);
        }
        // The HTTP client would ignore a proxy URL that it cannot parse, and connect directly.
        let readable = |url: &Url| {
            let uri = url.as_str().parse::<http::Uri>();
            uri.is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()))
        };
        if url.host_str().is_none_or(str::is_empty) || !readable(&url) {
            return Err(InvalidProxy::NotAUrl);
        }
        Ok(Self { url, variable })
    }

    /// Returns the environment variable that configures the proxy.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Returns whether connections to the proxy itself use TLS.
    pub(super) fn has_certificate(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the host and the port.
    pub(super) fn address(&self) -> (&str, u16) {
        (host_of(&self.url), port_of(&self.url))
    }

    /// Returns the proxy for the HTTP client. With the client's `socks5`, this machine would resolve the tenant's host
    /// name.
    pub(super) fn for_client(&self) -> reqwest::Result<reqwest::Proxy> {
        let rest = self.url.as_str().strip_prefix("socks5://");
        match rest {
            Some(rest) => reqwest::Proxy::all(format!("socks5h://{rest}")),
            None => reqwest::Proxy::all(self.url.clone()),
        }
    }
}

impl fmt::Display for Proxy {
    /// Shows the scheme, host and port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.url.scheme())?;
        match self.url.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self}, {})", self.variable)
    }
}

/// Returns whether `no_proxy`, the value of `NO_PROXY`, exempts connections to this server from the proxy.
///
/// The value is a list of hosts, each with or without a port: `*`, a domain and its subdomains (`acme.example`), only
/// the subdomains (`.acme.example` or `*.acme.example`), an IP address, or a network such as `10.0.0.0/8`.
pub fn is_exempt(no_proxy: &str, server: &Url) -> bool {
    let (host, port) = (host_of(server), port_of(server));
    no_proxy
        .split(',')
        .map(|entry| entry.trim().to_lowercase())
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry == "*" || matches(&entry, host, port))
}

/// Returns whether an entry of the list matches the host.
fn matches(entry: &str, host: &str, port: u16) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    if let Some(network) = Network::parse(entry) {
        return address.is_some_and(|address| network.contains(address));
    }
    let (name, only) = split_port(entry);
    if only.is_some_and(|only| only.parse() != Ok(port)) {
        return false;
    }
    match (address, name.parse::<IpAddr>()) {
        (Some(address), Ok(named)) => address == named,
        (None, Err(_)) => is_domain_of(name, host),
        _ => false,
    }
}

/// Splits an entry into the host and its port. Removes the brackets around an IPv6 address.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    let bracketed = entry
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    match (bracketed, entry.split_once(':')) {
        (Some((address, rest)), _) => (address, rest.strip_prefix(':')),
        // An IPv6 address has more than one colon.
        (None, Some((name, port))) if !port.contains(':') => (name, Some(port)),
        _ => (entry, None),
    }
}

/// Returns whether the host is in this domain. A domain with a leading dot matches only its subdomains.
fn is_domain_of(domain: &str, host: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let (domain, itself) = match domain.strip_prefix('.') {
        Some(parent) => (parent, false),
        None => (domain, true),
    };
    // Compares hosts in the form that is used for DNS lookups.
    let Ok(Host::Domain(domain)) = Host::parse(domain) else {
        return false;
    };
    match host.strip_suffix(domain.as_str()) {
        Some("") => itself,
        Some(rest) => rest.ends_with('.'),
        None => false,
    }
}

/// A range of IP addresses with a common prefix.
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (address, bits): (IpAddr, u32) = (address.parse().ok()?, bits.parse().ok()?);
        let max = if address.is_ipv4() { 32 } else { 128 };
        (bits <= max).then_some(Self { address, bits })
    }

    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidProxy, Proxy, is_exempt};

    #[test]
    fn proxies_are_parsed_and_shown_without_credentials() {
        let cases = [
            ("proxy.corp:3128", Ok("http://proxy.corp:3128")),
            ("http://proxy.corp", Ok("http://proxy.corp")),
            (
                "https://user:hunter2@proxy.corp:8443/x",
                Ok("https://proxy.corp:8443"),
            ),
            ("user:hunter2@proxy.corp:3128", Ok("http://proxy.corp:3128")),
            (
                "user:p%40ss%23@proxy.corp:3128",
                Ok("http://proxy.corp:3128"),
            ),
            (" socks5://10.0.0.1:1080\n", Ok("socks5://10.0.0.1:1080")),
            ("socks5h://[::1]:1080", Ok("socks5h://[::1]:1080")),
            ("socks4://10.0.0.1", Err(InvalidProxy::Scheme)),
            ("ftp://proxy.corp", Err(InvalidProxy::Scheme)),
            ("http://", Err(InvalidProxy::NotAUrl)),
            ("socks5://", Err(InvalidProxy::NotAUrl)),
            ("socks5:///x", Err(InvalidProxy::NotAUrl)),
            ("http://proxy.corp:port", Err(InvalidProxy::NotAUrl)),
            (
                "http://user:hunter#2@proxy.corp",
                Err(InvalidProxy::NotAUrl),
            ),
            ("http://two words", Err(InvalidProxy::NotAUrl)),
            (":3128", Err(InvalidProxy::NotAUrl)),
        ];
        for (value, expected) in cases {
            let proxy = Proxy::parse(value, "HTTPS_PROXY");
            assert!(!format!("{proxy:?}").contains("hunter"), "{value}");
            let shown = proxy.map(|proxy| proxy.to_string());
            assert_eq!(
                shown.as_deref().map_err(|error| *error),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn no_proxy_entries_match_hosts() -> Result<(), url::ParseError> {
        let (name, v4, v6) = ("wiki.acme.example", "10.1.2.3", "fd00::1");
        let cases = [
            (name, "", false),
            (name, "*", true),
            (name, "other.example, *", true),
            (name, "wiki.acme.example", true),
            (name, " WIKI.Acme.example ,", true),
            (name, "acme.example", true),
            (name, ".acme.example", true),
            (name, "*.acme.example", true),
            (name, ".wiki.acme.example", false),
            (name, "*.wiki.acme.example", false),
            (name, "me.example", false),
            (name, "wiki.acme.example:8443", true),
            (name, "acme.example:8443", true),
            (name, ".acme.example:8443", true),
            (name, "wiki.acme.example:443", false),
            (name, "wiki.acme.example:x", false),
            (name, ":8443", false),
            (name, "10.0.0.0/8", false),
            (name, "10.1.2.3", false),
            ("xn--bcher-kva.example", "Bücher.example", true),
            (v4, "10.0.0.0/8", true),
            (v4, "10.1.2.3/32", true),
            (v4, "10.1.2.2/32", false),
            (v4, "0.0.0.0/0", true),
            (v4, "10.0.0.0/33", false),
            (v4, "10.1.2.3", true),
            (v4, "10.1.2.3:8443", true),
            (v4, "10.1.2.3:443", false),
            (v4, ".2.3", false),
            (v4, "fd00::/8", false),
            (v6, "fd00::1", true),
            (v6, "[fd00::1]", true),
            (v6, "[fd00::1]:8443", true),
            (v6, "[fd00::1]:443", false),
            (v6, "fd00::/8", true),
            (v6, "fe00::/8", false),
        ];
        for (host, no_proxy, exempt) in cases {
            let host_in_url = if host == v6 { "[fd00::1]" } else { host };
            let server = format!("https://{host_in_url}:8443").parse()?;
            let found = is_exempt(no_proxy, &server);
            assert_eq!(found, exempt, "{host} {no_proxy:?}");
        }
        Ok(())
    }
}
