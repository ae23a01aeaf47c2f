//! The host and the credentials, from the `provider` block and the environment.

use std::time::Duration;

use crate::conductorone::{BaseUrl, ClientSecret, Credentials, HostError, Proxy};
use crate::provider::config::messages;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::schema::duration;
use crate::terraform::value::Value;

use super::attributes::ProviderConfig;
use super::found::{Env, Found, secret, text, variable};
use super::proxies::{Proxies, UnusableProxy};
use super::variable_names as names;

const DEFAULT_MAX_RETRIES: u32 = 5;
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The host, the credentials and the limits for requests to ConductorOne.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) max_concurrent_requests: Option<u32>,
    pub(crate) proxy: Option<Proxy>,
    /// The proxies for other servers.
    pub(crate) proxies: Proxies,
}

impl ProviderConfig {
    /// Validates the rules between attributes.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(diagnose_conflicting_hosts(self));
    }

    /// Returns how to reach ConductorOne. `None` if a required value is unknown. An attribute has precedence over all
    /// environment variables, which `env` reads.
    pub(crate) fn resolve(
        &self,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Connection>, Diagnostics> {
        resolve(self, &env)
    }
}

fn resolve(config: &ProviderConfig, env: Env<'_>) -> Result<Option<Connection>, Diagnostics> {
    if is_undecided(config) {
        return Ok(None);
    }
    let number = |value: &Value<i64>| u32::try_from(*value.known()?).ok();
    let ((credentials, _), host) = (credentials(config, env)?, host(config, env)?);
    check_recipient(&host, &credentials)?;
    let base_url = host.value;
    let proxies = Proxies::from_environment(env);
    Ok(Some(Connection {
        credentials,
        proxy: proxy(&base_url, &proxies)?,
        proxies,
        base_url,
        max_retries: number(&config.max_retries).unwrap_or(DEFAULT_MAX_RETRIES),
        request_timeout: request_timeout(config)?,
        max_concurrent_requests: number(&config.max_concurrent_requests),
    }))
}

/// Returns whether the client depends on an unknown value.
fn is_undecided(config: &ProviderConfig) -> bool {
    let texts = [
        &config.tenant_domain,
        &config.server_url,
        &config.client_id,
        &config.request_timeout,
        &config.owner_role_slug,
    ];
    let secrets = [
        &config.client_secret,
        &config.oidc_token,
        &config.access_token,
    ];
    let numbers = [&config.max_retries, &config.max_concurrent_requests];
    texts.into_iter().any(Value::is_unknown)
        || secrets.into_iter().any(Value::is_unknown)
        || numbers.into_iter().any(Value::is_unknown)
}

fn request_timeout(config: &ProviderConfig) -> Result<Duration, Diagnostic> {
    match text(&config.request_timeout, "request_timeout") {
        Some(found) => duration(&found.value)
            .map_err(|problem| found.wrong(messages::invalid_request_timeout, &problem)),
        None => Ok(DEFAULT_REQUEST_TIMEOUT),
    }
}

fn parse_host(
    found: &Found<String>,
    parse: fn(&str) -> Result<BaseUrl, HostError>,
) -> Result<Found<BaseUrl>, Diagnostic> {
    let value = parse(&found.value);
    Ok(Found {
        value: value.map_err(|error| found.wrong(messages::invalid_host, &error))?,
        source: found.source,
        attribute: found.attribute,
    })
}

/// Returns the host from an attribute, from a variable or from the client ID, in this order.
pub(super) fn host(config: &ProviderConfig, env: Env<'_>) -> Result<Found<BaseUrl>, Diagnostic> {
    if let Some(conflict) = diagnose_conflicting_hosts(config) {
        return Err(conflict);
    }
    if let Some(found) = text(&config.tenant_domain, "tenant_domain") {
        return parse_host(&found, BaseUrl::from_tenant_domain);
    }
    if let Some(found) = text(&config.server_url, "server_url") {
        return parse_host(&found, BaseUrl::from_server_url);
    }
    if let Some(found) = variable(env, &names::TENANT_DOMAIN) {
        return parse_host(&found, BaseUrl::from_tenant_domain);
    }
    if let Some(found) = variable(env, &names::SERVER_URL) {
        return parse_host(&found, BaseUrl::from_server_url);
    }
    match client_id(config, env) {
        Some(found) => parse_host(&found, BaseUrl::from_client_id),
        None => Err(messages::missing_tenant()),
    }
}

/// Returns the proxy for the host.
pub(super) fn proxy(base_url: &BaseUrl, proxies: &Proxies) -> Result<Option<Proxy>, Diagnostic> {
    let unusable = |it: UnusableProxy| messages::invalid_proxy(it.variable, &it.reason);
    proxies.choose(base_url.url()).map_err(unusable)
}

/// Returns the error if both attributes are valid and name different hosts.
fn diagnose_conflicting_hosts(config: &ProviderConfig) -> Option<Diagnostic> {
    let tenant = text(&config.tenant_domain, "tenant_domain")?;
    let server = text(&config.server_url, "server_url")?;
    let tenant = BaseUrl::from_tenant_domain(&tenant.value).ok()?;
    let server = BaseUrl::from_server_url(&server.value).ok()?;
    (tenant != server).then(|| messages::conflicting_hosts(&tenant, &server))
}

/// Checks that an OIDC token is sent only to the host of the client ID or to a loopback host. The recipient could use the token
/// wherever its issuer is trusted, until the token expires.
///
/// A client secret requires no such check. It never leaves this machine, and its signatures are valid for one host only.
pub(super) fn check_recipient(
    host: &Found<BaseUrl>,
    credentials: &Credentials,
) -> Result<(), Diagnostic> {
    let Credentials::OidcToken { client_id, .. } = credentials else {
        return Ok(());
    };
    let trust = BaseUrl::from_client_id(client_id);
    let is_its_host = trust.is_ok_and(|trust| trust.host() == host.value.host());
    if is_its_host || host.value.is_loopback() {
        return Ok(());
    }
    let refused = messages::oidc_token_for_another_host(host.source, &host.value, client_id);
    Err(host.blamed(refused))
}

fn client_id(config: &ProviderConfig, env: Env<'_>) -> Option<Found<String>> {
    text(&config.client_id, "client_id").or_else(|| variable(env, &names::CLIENT_ID))
}

/// Returns an access token, an OIDC token or client credentials, in this order, and their sources.
pub(super) fn credentials(
    config: &ProviderConfig,
    env: Env<'_>,
) -> Result<(Credentials, Vec<&'static str>), Diagnostic> {
    let access_token = secret(
        &config.access_token,
        "access_token",
        env,
        &names::ACCESS_TOKEN,
    );
    if let Some(token) = access_token {
        let sources = vec![token.source];
        return Ok((Credentials::AccessToken(token.value.into()), sources));
    }
    let client_id = client_id(config, env);
    if let Some(token) = secret(&config.oidc_token, "oidc_token", env, &names::OIDC_TOKEN) {
        let client_id = client_id.ok_or_else(|| messages::missing_client_id(token.source))?;
        let sources = vec![client_id.source, token.source];
        let credentials = Credentials::OidcToken {
            client_id: client_id.value,
            token: token.value.into(),
        };
        return Ok((credentials, sources));
    }
    let client_secret = secret(
        &config.client_secret,
        "client_secret",
        env,
        &names::CLIENT_SECRET,
    );
    match (client_id, client_secret) {
        (Some(client_id), Some(found)) => {
            let secret = ClientSecret::parse(&found.value.clone().into())
                .map_err(|error| found.wrong(messages::invalid_client_secret, &error))?;
            let sources = vec![client_id.source, found.source];
            let credentials = Credentials::ClientCredentials {
                client_id: client_id.value,
                secret,
            };
            Ok((credentials, sources))
        }
        (None, Some(found)) => Err(messages::missing_client_id(found.source)),
        (Some(found), None) => Err(messages::missing_client_secret(found.source)),
        (None, None) => Err(messages::missing_credentials()),
    }
}
