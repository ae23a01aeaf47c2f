//! The proxies of the environment.

use crate::conductorone::{InvalidProxy, Proxy, is_exempt};

/// The variables for a proxy to HTTPS servers, in order of precedence.
pub(super) const HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables for a proxy to HTTP servers, in order of precedence.
const HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
pub(super) const EXEMPT: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxies of the environment. An empty variable counts as unset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    https: Option<Configured>,
    http: Option<Configured>,
    exempt: Option<String>,
}

#[derive(Clone, Debug)]
struct Configured {
    variable: &'static str,
    proxy: Result<Proxy, InvalidProxy>,
}

/// A variable that is not a proxy.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{variable} is invalid: {reason}")]
pub(crate) struct UnusableProxy {
    pub(crate) variable: &'static str,
    pub(crate) reason: InvalidProxy,
}

/// A server to connect to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Destination<'a> {
    pub(crate) https: bool,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) loopback: bool,
}

impl Proxies {
    pub(crate) fn from_environment(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let configured = |names: &[&'static str]| {
            let (variable, value) = first(env, names)?;
            let proxy = Proxy::parse(&value, variable);
            Some(Configured { variable, proxy })
        };
        Self {
            https: configured(&HTTPS),
            http: configured(&HTTP),
            exempt: first(env, &EXEMPT).map(|(_, list)| list),
        }
    }

    /// Returns the proxy for a server. There is no proxy for a loopback host or a host in `NO_PROXY`.
    pub(crate) fn choose(&self, to: Destination<'_>) -> Result<Option<Proxy>, UnusableProxy> {
        let listed = self.exempt.as_deref();
        if to.loopback || listed.is_some_and(|list| is_exempt(list, to.host, to.port)) {
            return Ok(None);
        }
        let configured = if to.https { &self.https } else { &self.http };
        let Some(Configured { variable, proxy }) = configured else {
            return Ok(None);
        };
        proxy
            .clone()
            .map(Some)
            .map_err(|reason| UnusableProxy { variable, reason })
    }
}

/// Returns the first variable that is set, with its value.
fn first(
    env: &dyn Fn(&str) -> Option<String>,
    names: &[&'static str],
) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| {
        let value = env(name)?.trim().to_owned();
        (!value.is_empty()).then_some((*name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)], https: bool) -> Result<Option<String>, String> {
        let env = |name: &str| {
            let mut set = variables.iter().filter(|(key, _)| *key == name);
            set.next().map(|(_, value)| (*value).to_owned())
        };
        let chosen = Proxies::from_environment(&env).choose(Destination {
            https,
            host: "confluence.corp.acme.example",
            port: 8090,
            loopback: false,
        });
        let shown = |proxy: Option<Proxy>| proxy.map(|proxy| proxy.to_string());
        chosen.map(shown).map_err(|error| error.to_string())
    }

    #[test]
    fn the_scheme_of_the_server_decides_which_variable_counts() {
        let both = [("HTTPS_PROXY", "one.corp:1"), ("http_proxy", "two.corp:2")];
        let shown = |proxy: &str| Ok(Some(proxy.to_owned()));
        assert_eq!(chosen(&both, true), shown("http://one.corp:1"));
        assert_eq!(chosen(&both, false), shown("http://two.corp:2"));
        assert_eq!(chosen(&both[..1], false), Ok(None));
        let all = [("HTTP_PROXY", " "), ("ALL_PROXY", "three.corp:3")];
        assert_eq!(chosen(&all, false), shown("http://three.corp:3"));
        let exempt = [both[1], ("NO_PROXY", "corp.acme.example")];
        assert_eq!(chosen(&exempt, false), Ok(None));
    }

    #[test]
    fn a_variable_that_is_no_proxy_is_named_without_its_value() {
        let error = chosen(&[("HTTP_PROXY", "http://u:hunter2@")], false).err();
        let error = error.unwrap_or_default();
        assert!(error.starts_with("HTTP_PROXY is invalid"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
