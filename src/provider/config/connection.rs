//! From the `provider` block and the environment to a host and credentials.

use std::time::Duration;

use crate::conductorone::{BaseUrl, ClientSecret, Credentials, HostError};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::schema::duration;
use crate::terraform::value::{Secret, Value};

use super::ProviderConfig;

const DEFAULT_MAX_RETRIES: i64 = 5;
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_MAX_CONCURRENT_REQUESTS: i64 = 32;

/// Where an OIDC token may be found, in this order: our own variable, then those of HCP Terraform's workload identity.
const OIDC_TOKEN: [&str; 4] = [
    "CONDUCTORONE_OIDC_TOKEN",
    "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
    "TFC_WORKLOAD_IDENTITY_TOKEN_C1",
    "TFC_WORKLOAD_IDENTITY_TOKEN",
];

/// How to reach ConductorOne, and as whom.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    pub(crate) max_retries: u32,
    pub(crate) request_timeout: Duration,
    pub(crate) max_concurrent_requests: usize,
}

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A setting that is set, and where.
struct Found<T> {
    value: T,
    /// The attribute or the variable.
    source: &'static str,
    /// The attribute to blame; none for a variable.
    attribute: Option<&'static str>,
}

impl<T> Found<T> {
    fn wrong(&self, summary: &str, problem: impl std::fmt::Display) -> Diagnostic {
        let error = Diagnostic::error(summary, format!("{} is wrong: {problem}.", self.source));
        match self.attribute {
            Some(attribute) => error.on(attribute),
            None => error,
        }
    }
}

/// An attribute that is set; an empty string counts as unset.
fn text(value: &Value<String>, attribute: &'static str) -> Option<Found<String>> {
    let value = value.known().filter(|text| !text.is_empty())?.clone();
    Some(Found {
        value,
        source: attribute,
        attribute: Some(attribute),
    })
}

/// The first variable that is set; an empty one counts as unset.
fn variable(env: Env<'_>, names: &[&'static str]) -> Option<Found<String>> {
    names.iter().find_map(|name| {
        let value = env(name).filter(|text| !text.is_empty())?;
        Some(Found {
            value,
            source: name,
            attribute: None,
        })
    })
}

/// A secret from its attribute, else from a variable.
fn secret(
    value: &Value<Secret>,
    attribute: &'static str,
    env: Env<'_>,
    names: &[&'static str],
) -> Option<Found<Secret>> {
    let set = value
        .known()
        .filter(|secret| !secret.expose().is_empty())
        .cloned();
    let own = set.map(|value| Found {
        value,
        source: attribute,
        attribute: Some(attribute),
    });
    own.or_else(|| {
        let Found {
            value,
            source,
            attribute,
        } = variable(env, names)?;
        Some(Found {
            value: value.into(),
            source,
            attribute,
        })
    })
}

pub(super) fn resolve(
    config: &ProviderConfig,
    env: Env<'_>,
) -> Result<Option<Connection>, Diagnostics> {
    if is_undecided(config) {
        return Ok(None);
    }
    let number = |value: &Value<i64>, default: i64| *value.known().unwrap_or(&default);
    let max_retries = number(&config.max_retries, DEFAULT_MAX_RETRIES);
    let concurrent = number(
        &config.max_concurrent_requests,
        DEFAULT_MAX_CONCURRENT_REQUESTS,
    );
    Ok(Some(Connection {
        credentials: credentials(config, env)?,
        base_url: host(config, env)?,
        max_retries: u32::try_from(max_retries).unwrap_or_default(),
        request_timeout: request_timeout(config)?,
        max_concurrent_requests: usize::try_from(concurrent).unwrap_or(1).max(1),
    }))
}

/// Whether a value on which the client depends will be known only in apply.
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
            .map_err(|problem| found.wrong("Invalid request_timeout", problem)),
        None => Ok(DEFAULT_REQUEST_TIMEOUT),
    }
}

fn parse_host(
    found: &Found<String>,
    parse: fn(&str) -> Result<BaseUrl, HostError>,
) -> Result<BaseUrl, Diagnostic> {
    parse(&found.value).map_err(|error| found.wrong("Invalid ConductorOne host", error))
}

/// An attribute, else a variable, else the host inside the client ID.
fn host(config: &ProviderConfig, env: Env<'_>) -> Result<BaseUrl, Diagnostic> {
    if let Some(conflict) = conflicting_hosts(config) {
        return Err(conflict);
    }
    if let Some(found) = text(&config.tenant_domain, "tenant_domain") {
        return parse_host(&found, BaseUrl::from_tenant_domain);
    }
    if let Some(found) = text(&config.server_url, "server_url") {
        return parse_host(&found, BaseUrl::from_server_url);
    }
    if let Some(found) = variable(env, &["CONDUCTORONE_TENANT_DOMAIN"]) {
        return parse_host(&found, BaseUrl::from_tenant_domain);
    }
    if let Some(found) = variable(env, &["CONDUCTORONE_SERVER_URL"]) {
        return parse_host(&found, BaseUrl::from_server_url);
    }
    match client_id(config, env) {
        Some(found) => parse_host(&found, BaseUrl::from_client_id),
        None => Err(Diagnostic::error(
            "Missing ConductorOne tenant",
            "Nothing says which ConductorOne tenant to talk to. Set tenant_domain, for example to acme, or the environment \
             variable CONDUCTORONE_TENANT_DOMAIN.",
        )
        .on("tenant_domain")),
    }
}

/// The error where both attributes are good and name different hosts.
pub(super) fn conflicting_hosts(config: &ProviderConfig) -> Option<Diagnostic> {
    let tenant = text(&config.tenant_domain, "tenant_domain")?;
    let server = text(&config.server_url, "server_url")?;
    let tenant = BaseUrl::from_tenant_domain(&tenant.value).ok()?;
    let server = BaseUrl::from_server_url(&server.value).ok()?;
    (tenant != server).then(|| {
        let detail = format!(
            "tenant_domain names {tenant} and server_url names {server}. Set only one of them, or make both name the same \
             host."
        );
        Diagnostic::error("Conflicting ConductorOne hosts", detail).on("server_url")
    })
}

fn client_id(config: &ProviderConfig, env: Env<'_>) -> Option<Found<String>> {
    text(&config.client_id, "client_id").or_else(|| variable(env, &["CONDUCTORONE_CLIENT_ID"]))
}

/// An access token, else an OIDC token, else client credentials.
fn credentials(config: &ProviderConfig, env: Env<'_>) -> Result<Credentials, Diagnostic> {
    let access_token = secret(
        &config.access_token,
        "access_token",
        env,
        &["CONDUCTORONE_ACCESS_TOKEN"],
    );
    if let Some(token) = access_token {
        return Ok(Credentials::AccessToken(token.value.into()));
    }
    let client_id = client_id(config, env);
    if let Some(token) = secret(&config.oidc_token, "oidc_token", env, &OIDC_TOKEN) {
        return Ok(Credentials::OidcToken {
            client_id: client_id
                .ok_or_else(|| missing_client_id(token.source))?
                .value,
            token: token.value.into(),
        });
    }
    let client_secret = secret(
        &config.client_secret,
        "client_secret",
        env,
        &["CONDUCTORONE_CLIENT_SECRET"],
    );
    match (client_id, client_secret) {
        (Some(client_id), Some(found)) => {
            let secret = ClientSecret::parse(&found.value.clone().into())
                .map_err(|error| found.wrong("Invalid client secret", error))?;
            Ok(Credentials::ClientCredentials {
                client_id: client_id.value,
                secret,
            })
        }
        (None, Some(found)) => Err(missing_client_id(found.source)),
        (Some(found), None) => Err(missing_client_secret(found.source)),
        (None, None) => Err(missing_credentials()),
    }
}

fn missing_client_id(source: &str) -> Diagnostic {
    let detail = format!(
        "{source} is set without a client ID. Set client_id, or the environment variable CONDUCTORONE_CLIENT_ID."
    );
    Diagnostic::error("Missing client ID", detail).on("client_id")
}

fn missing_client_secret(source: &str) -> Diagnostic {
    let detail = format!(
        "{source} is set without a client secret. Set client_secret, or the environment variable \
         CONDUCTORONE_CLIENT_SECRET."
    );
    Diagnostic::error("Missing client secret", detail).on("client_secret")
}

fn missing_credentials() -> Diagnostic {
    Diagnostic::error(
        "Missing ConductorOne credentials",
        "Set client_id and client_secret, for example by the environment variables CONDUCTORONE_CLIENT_ID and \
         CONDUCTORONE_CLIENT_SECRET; or oidc_token (CONDUCTORONE_OIDC_TOKEN) with a client_id; or access_token \
         (CONDUCTORONE_ACCESS_TOKEN).",
    )
}
