//! The attributes of the `provider` block.

use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::{Secret, model};

model! {
    /// Manages ConductorOne's Confluence connectors, through which ConductorOne reads the users, groups and permissions of
    /// Confluence.
    ///
    /// Every argument may be left out. Those that name the tenant and the credentials may be given by environment variables
    /// instead. White space around these values is ignored.
    pub(crate) struct ProviderConfig {
        /// ConductorOne tenant: the name (`acme`) or the host (`acme.conductor.one`), as in the address of its web page.
        /// Environment: `CONDUCTORONE_TENANT_DOMAIN`. Without it the host comes from `server_url`, else from `client_id`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "tenant-domain"))]
        tenant_domain: String,
        /// Full base URL, for tenants outside `conductor.one`. Scheme and host only; plain `http` for loopback hosts
        /// alone. `localhost` always means this machine, whatever a name server says. Environment:
        /// `CONDUCTORONE_SERVER_URL`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "server-url"))]
        server_url: String,
        /// Client ID of a service principal's credential, such as `plucky-heron-40417@acme.conductor.one/spc`, or of a
        /// federation trust (`…/wfe`). With an OIDC token, `server_url` or `tenant_domain`, if set, must name the
        /// host in the client ID. Environment: `CONDUCTORONE_CLIENT_ID`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_id: String,
        /// Client secret that ConductorOne showed once when the credential was created; it begins with
        /// `secret-token:conductorone.com:v1:`. Environment: `CONDUCTORONE_CLIENT_SECRET`.
        #[schemars(extend("x-terraform" = [Optional]))]
        client_secret: Secret,
        /// Token of an external OIDC issuer, exchanged for one of ConductorOne's (workload federation); `client_id` is
        /// then the trust's. The provider sends the token only to the host in `client_id`, or to a loopback host.
        /// Environment: `CONDUCTORONE_OIDC_TOKEN`, else the variables of HCP Terraform's workload identity.
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
        /// Whether plans ask ConductorOne if what they refer to exists and if it would take the settings. With `false`, a
        /// plan makes no API calls beyond refreshing what exists. Default: `true`.
        #[schemars(extend("x-terraform" = [Optional]))]
        plan_checks: bool,
        /// How often a request is repeated after rate limiting and passing failures, from 0 to 100. Default: `5`.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 0, max = 100))]
        max_retries: i64,
        /// Time for one attempt of one request, such as `30s`. Default: `30s`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        request_timeout: String,
        /// How many requests may be in flight at once, from 1 to 1000. Default: `32`.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1, max = 1000))]
        max_concurrent_requests: i64,
    }
}
