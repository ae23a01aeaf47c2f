//! The proxies of the environment.

use url::Url;

use crate::conductorone::{InvalidProxy, Proxy, is_exempt, is_loopback};

use super::found::{Env, variable};
use super::variable_names::{HTTP_PROXY, HTTPS_PROXY, NO_PROXY};

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

impl Proxies {
    pub(crate) fn from_environment(env: Env<'_>) -> Self {
        let configured = |names: &[&'static str]| {
            let found = variable(env, names)?;
            Some(Configured {
                variable: found.source,
                proxy: Proxy::parse(&found.value, found.source),
            })
        };
        Self {
            https: configured(&HTTPS_PROXY),
            http: configured(&HTTP_PROXY),
            exempt: variable(env, &NO_PROXY).map(|list| list.value),
        }
    }

    /// Returns the proxy for a server. There is no proxy for a loopback host or a host in `NO_PROXY`.
    pub(crate) fn choose(&self, server: &Url) -> Result<Option<Proxy>, UnusableProxy> {
        let listed = self.exempt.as_deref();
        if is_loopback(server) || listed.is_some_and(|list| is_exempt(list, server)) {
            return Ok(None);
        }
        let is_https = server.scheme() == "https";
        let configured = if is_https { &self.https } else { &self.http };
        let Some(Configured { variable, proxy }) = configured else {
            return Ok(None);
        };
        proxy
            .clone()
            .map(Some)
            .map_err(|reason| UnusableProxy { variable, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)], https: bool) -> Result<Option<String>, String> {
        let env = |name: &str| {
            let mut set = variables.iter().filter(|(key, _)| *key == name);
            set.next().map(|(_, value)| (*value).to_owned())
        };
        let scheme = if https { "https" } else { "http" };
        let server = format!("{scheme}://confluence.corp.acme.example:8090").parse();
        let server = server.map_err(|error: url::ParseError| error.to_string())?;
        let chosen = Proxies::from_environment(&env).choose(&server);
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
