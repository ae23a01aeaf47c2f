//! The settings in the environment one by one, each with its source. Without them, a failure of one setting would hide the
//! others.

use crate::conductorone::{BaseUrl, Credentials, Proxy};
use crate::terraform::diagnostics::Diagnostic;

use super::attributes::ProviderConfig;
use super::connection::{check_recipient, credentials, host, proxy};
use super::found::Env;
use super::proxies::Proxies;

/// A setting and the environment variables that it comes from.
#[derive(Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) variables: Vec<&'static str>,
}

/// Returns the host, as the provider resolves it without a `provider` block.
pub(crate) fn find_host(env: Env<'_>) -> Result<Setting<BaseUrl>, Diagnostic> {
    let found = host(&ProviderConfig::default(), env)?;
    Ok(Setting {
        value: found.value,
        variables: vec![found.source],
    })
}

/// Returns the credentials, as the provider resolves them without a `provider` block.
pub(crate) fn find_credentials(env: Env<'_>) -> Result<Setting<Credentials>, Diagnostic> {
    let config = ProviderConfig::default();
    let (credentials, variables) = credentials(&config, env)?;
    if let Ok(host) = host(&config, env) {
        check_recipient(&host, &credentials)?;
    }
    Ok(Setting {
        value: credentials,
        variables,
    })
}

/// Returns the proxy for this host.
pub(crate) fn find_proxy(base_url: &BaseUrl, env: Env<'_>) -> Result<Option<Proxy>, Diagnostic> {
    proxy(base_url, &Proxies::from_environment(env))
}
