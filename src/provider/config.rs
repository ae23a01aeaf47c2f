//! The `provider` block, and the environment variables that stand in for it.

use std::time::Duration;

use secrecy::SecretString;

use crate::conductorone::{BaseUrl, ClientSecret, Credentials, HostError};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::schema::Behaviour::Optional;
use crate::terraform::schema::{Format, duration};
use crate::terraform::value::{Secret, Value, model};

const DEFAULT_MAX_RETRIES: i64 = 5;
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_MAX_CONCURRENT_REQUESTS: i64 = 32;

/// Where an OIDC token may be found, in this order.
const OIDC_TOKEN_VARIABLES: [&str; 4] = [
    "CONDUCTORONE_OIDC_TOKEN",
    "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
    "TFC_WORKLOAD_IDENTITY_TOKEN_C1",
    "TFC_WORKLOAD_IDENTITY_TOKEN",
];

/// The form of `tenant_domain`. An empty string counts as unset.
pub(super) const TENANT_DOMAIN: Format = Format {
    name: "tenant-domain",
    expected: "a tenant such as acme or acme.conductor.one",
    normalise: |text| normal_host(text, BaseUrl::from_tenant_domain),
};

/// The form of `server_url`. An empty string counts as unset.
pub(super) const SERVER_URL: Format = Format {
    name: "server-url",
    expected: "a URL of scheme and host, such as https://acme.conductor.one",
    normalise: |text| normal_host(text, BaseUrl::from_server_url),
};

fn normal_host(
    text: &str,
    parse: fn(&str) -> Result<BaseUrl, HostError>,
) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    parse(text)
        .map(|url| url.to_string())
        .map_err(|error| error.to_string())
}

model! {
    /// Manages ConductorOne's Confluence connectors. Every argument may be left out and given by an environment variable
    /// instead.
    pub(crate) struct ProviderConfig {
        /// ConductorOne tenant: the name (`acme`) or the host (`acme.conductor.one`), as in the address of its web page.
        /// Environment: `CONDUCTORONE_TENANT_DOMAIN`. Without it the host comes from `server_url`, else from `client_id`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "tenant-domain"))]
        tenant_domain: String,
        /// Full base URL, for tenants outside `conductor.one`. Scheme and host only; plain `http` for loopback hosts
        /// alone. Environment: `CONDUCTORONE_SERVER_URL`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "server-url"))]
        server_url: String,
        /// Client ID of a service principal's credential, such as `plucky-heron-40417@acme.conductor.one/spc`, or of a
        /// federation trust (`…/wfe`). Environment: `CONDUCTORONE_CLIENT_ID`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_id: String,
        /// Client secret that ConductorOne showed once when the credential was created; it begins with
        /// `secret-token:conductorone.com:v1:`. Environment: `CONDUCTORONE_CLIENT_SECRET`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_secret: Secret,
        /// Token of an external OIDC issuer, exchanged for one of ConductorOne's (workload federation); `client_id` is
        /// then the trust's. Environment: `CONDUCTORONE_OIDC_TOKEN`, else the variables of HCP Terraform's workload
        /// identity.
        #[schemars(extend("x-terraform" = [Optional]))]
        oidc_token: Secret,
        /// Ready bearer token, used as it is and never renewed. It wins over all other credentials. Environment:
        /// `CONDUCTORONE_ACCESS_TOKEN`.
        #[schemars(extend("x-terraform" = [Optional]))]
        access_token: Secret,
        /// Role with which connector owners are written. By default it is taken from the owners that exist, else it is
        /// `owner`.
        #[schemars(extend("x-terraform" = [Optional]))]
        owner_role_slug: String,
        /// Whether plans may ask ConductorOne about what they refer to. With `false`, a plan makes no API calls beyond
        /// refreshing what exists. Default: `true`.
        #[schemars(extend("x-terraform" = [Optional]))]
        plan_checks: bool,
        /// How often a request is repeated after rate limiting and passing failures. Default: 5.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 0, max = 100))]
        max_retries: i64,
        /// Time for one attempt of one request, such as `30s`. Default: `30s`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        request_timeout: String,
        /// How many requests may be in flight at once. Default: 32.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1, max = 1000))]
        max_concurrent_requests: i64,
    }
}

/// How to reach ConductorOne, and as whom.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) base_url: BaseUrl,
    pub(super) credentials: Credentials,
    pub(super) max_retries: u32,
    pub(super) request_timeout: Duration,
    pub(super) max_concurrent_requests: usize,
}

/// A setting, and the words for where it came from.
struct Found<T> {
    value: T,
    source: &'static str,
    /// The attribute to blame; none for an environment variable.
    attribute: Option<&'static str>,
}

impl<T> Found<T> {
    fn error(&self, summary: &str, detail: &str) -> Diagnostic {
        let error = Diagnostic::error(summary, format!("{} is wrong: {detail}.", self.source));
        match self.attribute {
            Some(attribute) => error.on(attribute),
            None => error,
        }
    }
}

fn from_attribute<T: Clone>(
    value: &Value<T>,
    name: &'static str,
    is_set: impl Fn(&T) -> bool,
) -> Option<Found<T>> {
    let value = value.known().filter(|value| is_set(value))?.clone();
    Some(Found {
        value,
        source: name,
        attribute: Some(name),
    })
}

fn from_variable(
    env: &impl Fn(&str) -> Option<String>,
    name: &'static str,
) -> Option<Found<String>> {
    let value = env(name).filter(|value| !value.is_empty())?;
    Some(Found {
        value,
        source: name,
        attribute: None,
    })
}

impl ProviderConfig {
    /// The rules between attributes.
    pub(super) fn validate(&self, diagnostics: &mut Diagnostics) {
        if let Err(error) = self.attribute_host() {
            // What is wrong with one attribute alone, the schema's check has said already.
            if error.summary == CONFLICTING_HOSTS {
                diagnostics.push(error);
            }
        }
    }

    /// How to reach ConductorOne; `None` while a value that decides it is unknown.
    pub(super) fn resolve(
        &self,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Connection>, Diagnostics> {
        let undecided = [
            &self.tenant_domain,
            &self.server_url,
            &self.client_id,
            &self.request_timeout,
        ];
        let undecided_secrets = [&self.client_secret, &self.oidc_token, &self.access_token];
        if undecided.into_iter().any(Value::is_unknown)
            || undecided_secrets.into_iter().any(Value::is_unknown)
            || self.max_retries.is_unknown()
            || self.max_concurrent_requests.is_unknown()
            || self.owner_role_slug.is_unknown()
        {
            return Ok(None);
        }
        let credentials = self.credentials(&env)?;
        let number = |value: &Value<i64>, default: i64| *value.known().unwrap_or(&default);
        let retries = number(&self.max_retries, DEFAULT_MAX_RETRIES);
        let concurrent = number(
            &self.max_concurrent_requests,
            DEFAULT_MAX_CONCURRENT_REQUESTS,
        );
        let timeout = match self.request_timeout.known() {
            Some(text) => duration(text).map_err(|problem| {
                let detail = format!("Expected a duration such as 30s: {problem}.");
                Diagnostic::error("Invalid request_timeout", detail).on("request_timeout")
            })?,
            None => DEFAULT_REQUEST_TIMEOUT,
        };
        Ok(Some(Connection {
            base_url: self.host(&env)?,
            credentials,
            max_retries: u32::try_from(retries).unwrap_or_default(),
            request_timeout: timeout,
            max_concurrent_requests: usize::try_from(concurrent).unwrap_or(1).max(1),
        }))
    }

    /// The host that the attributes name.
    fn attribute_host(&self) -> Result<Option<BaseUrl>, Diagnostic> {
        let is_set = |text: &String| !text.is_empty();
        let tenant = from_attribute(&self.tenant_domain, "tenant_domain", is_set);
        let server = from_attribute(&self.server_url, "server_url", is_set);
        let tenant = tenant
            .map(|found| host(&found, BaseUrl::from_tenant_domain))
            .transpose()?;
        let server = server
            .map(|found| host(&found, BaseUrl::from_server_url))
            .transpose()?;
        match (tenant, server) {
            (Some(tenant), Some(server)) if tenant != server => Err(Diagnostic::error(
                CONFLICTING_HOSTS,
                format!(
                    "tenant_domain names {tenant} and server_url names {server}. Set only one of them, or make both \
                     name the same host."
                ),
            )
            .on("server_url")),
            (tenant, server) => Ok(tenant.or(server)),
        }
    }

    fn host(&self, env: &impl Fn(&str) -> Option<String>) -> Result<BaseUrl, Diagnostic> {
        if let Some(url) = self.attribute_host()? {
            return Ok(url);
        }
        if let Some(found) = from_variable(env, "CONDUCTORONE_TENANT_DOMAIN") {
            return host(&found, BaseUrl::from_tenant_domain);
        }
        if let Some(found) = from_variable(env, "CONDUCTORONE_SERVER_URL") {
            return host(&found, BaseUrl::from_server_url);
        }
        match self.client_id(env) {
            Some(found) => host(&found, BaseUrl::from_client_id),
            None => Err(Diagnostic::error(
                "Missing ConductorOne tenant",
                "Nothing says which ConductorOne tenant to talk to. Set tenant_domain, for example to acme, or the \
                 environment variable CONDUCTORONE_TENANT_DOMAIN.",
            )
            .on("tenant_domain")),
        }
    }

    fn client_id(&self, env: &impl Fn(&str) -> Option<String>) -> Option<Found<String>> {
        from_attribute(&self.client_id, "client_id", |text| !text.is_empty())
            .or_else(|| from_variable(env, "CONDUCTORONE_CLIENT_ID"))
    }

    fn credentials(
        &self,
        env: &impl Fn(&str) -> Option<String>,
    ) -> Result<Credentials, Diagnostic> {
        let secret = |value: &Value<Secret>, name, variables: &[&'static str]| {
            let attribute = from_attribute(value, name, |secret| !secret.expose().is_empty());
            attribute.or_else(|| {
                let found = variables
                    .iter()
                    .find_map(|variable| from_variable(env, variable))?;
                let value = Secret::from(found.value);
                Some(Found {
                    value,
                    source: found.source,
                    attribute: None,
                })
            })
        };
        if let Some(token) = secret(
            &self.access_token,
            "access_token",
            &["CONDUCTORONE_ACCESS_TOKEN"],
        ) {
            return Ok(Credentials::AccessToken(token.value.into()));
        }
        let client_id = self.client_id(env);
        if let Some(token) = secret(&self.oidc_token, "oidc_token", &OIDC_TOKEN_VARIABLES) {
            let client_id = client_id.ok_or_else(|| missing_client_id(token.source))?;
            return Ok(Credentials::OidcToken {
                client_id: client_id.value,
                token: token.value.into(),
            });
        }
        match (client_id, secret(&self.client_secret, "client_secret", &["CONDUCTORONE_CLIENT_SECRET"])) {
            (Some(client_id), Some(found)) => {
                let secret = ClientSecret::parse(&SecretString::from(found.value.clone()))
                    .map_err(|error| found.error("Invalid client secret", &error.to_string()))?;
                Ok(Credentials::ClientCredentials { client_id: client_id.value, secret })
            }
            (None, Some(found)) => Err(missing_client_id(found.source)),
            (Some(_), None) => Err(Diagnostic::error(
                "Missing client secret",
                "A client ID is set and neither client_secret nor CONDUCTORONE_CLIENT_SECRET. Set one of them.",
            )
            .on("client_secret")),
            (None, None) => Err(Diagnostic::error(
                "Missing ConductorOne credentials",
                "Set client_id and client_secret, for example by the environment variables CONDUCTORONE_CLIENT_ID and \
                 CONDUCTORONE_CLIENT_SECRET; or oidc_token (CONDUCTORONE_OIDC_TOKEN) with a client_id; or access_token \
                 (CONDUCTORONE_ACCESS_TOKEN).",
            )),
        }
    }
}

const CONFLICTING_HOSTS: &str = "Conflicting ConductorOne hosts";

fn missing_client_id(source: &str) -> Diagnostic {
    let detail = format!(
        "{source} is set without a client ID. Set client_id, or the environment variable CONDUCTORONE_CLIENT_ID."
    );
    Diagnostic::error("Missing client ID", detail).on("client_id")
}

fn host(
    found: &Found<String>,
    parse: fn(&str) -> Result<BaseUrl, HostError>,
) -> Result<BaseUrl, Diagnostic> {
    parse(&found.value)
        .map_err(|error| found.error("Invalid ConductorOne host", &error.to_string()))
}
