//! The attributes of the `provider` block.

use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::{Secret, model};

model! {
    /// Manages ConductorOne's Confluence connectors, which read users, groups and permissions from Confluence.
    ///
    /// All arguments are optional. Environment variables can set the tenant and the credentials instead. The provider
    /// ignores white space around these values.
    pub(crate) struct ProviderConfig {
        /// ConductorOne tenant: the name (`acme`) or the host (`acme.conductor.one`), as in the URL of its web page. If
        /// unset, the host comes from `server_url`, or else from `client_id`. Environment:
        /// `CONDUCTORONE_TENANT_DOMAIN`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "tenant-domain"))]
        tenant_domain: String,
        /// Full base URL, for tenants outside `conductor.one`. It consists of a scheme and a host; only loopback hosts
        /// may use plain `http`. `localhost` always means this machine, regardless of DNS. Environment:
        /// `CONDUCTORONE_SERVER_URL`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "server-url"))]
        server_url: String,
        /// Client ID of a service principal's credential, such as `plucky-heron-40417@acme.conductor.one/spc`, or of a
        /// federation trust (`…/wfe`). With an OIDC token, `server_url` or `tenant_domain`, if set, must name the
        /// host in the client ID. Environment: `CONDUCTORONE_CLIENT_ID`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_id: String,
        /// Client secret, which ConductorOne showed once when the credential was created. It begins with
        /// `secret-token:conductorone.com:v1:`. Environment: `CONDUCTORONE_CLIENT_SECRET`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_secret: Secret,
        /// Token of an external OIDC issuer, which the provider exchanges for a ConductorOne token (workload
        /// federation). It requires the `client_id` of the federation trust. The provider sends the token only to the
        /// host in `client_id`, or to a loopback host. Environment: `CONDUCTORONE_OIDC_TOKEN`, or else the variables of
        /// HCP Terraform's workload identity.
        #[schemars(extend("x-terraform" = [Optional]))]
        oidc_token: Secret,
        /// Bearer token, which the provider uses as it is and never renews. It takes precedence over all other
        /// credentials. Environment: `CONDUCTORONE_ACCESS_TOKEN`.
        #[schemars(extend("x-terraform" = [Optional]))]
        access_token: Secret,
        /// Role that the provider gives to connector owners. Default: the role of the existing owners, or `owner` if
        /// there are none.
        #[schemars(extend("x-terraform" = [Optional]))]
        owner_role_slug: String,
        /// Whether plans check with ConductorOne that the objects they refer to exist and that it would accept the
        /// settings. With `false`, a plan makes no API calls except to refresh existing objects. Default: `true`.
        #[schemars(extend("x-terraform" = [Optional]))]
        plan_checks: bool,
        /// Maximum number of retries of a request after rate limiting and temporary failures, from 0 to 100. If rate
        /// limiting delays a request while many others succeed, that is not a retry. Default: `5`.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 0, max = 100))]
        max_retries: i64,
        /// Time limit for one attempt of one request, such as `30s`. Default: `30s`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        request_timeout: String,
        /// Maximum number of concurrent requests, from 1 to 1000. Default: `32`, which rises to as many as 128 while
        /// requests over HTTP/2 succeed. Rate limiting lowers the number, even if you set it.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1, max = 1000))]
        max_concurrent_requests: i64,
    }
}
