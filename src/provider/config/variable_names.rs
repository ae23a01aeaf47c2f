//! The names of the environment variables. Of several names, the first one that is set applies.

pub(super) const TENANT_DOMAIN: [&str; 1] = ["CONDUCTORONE_TENANT_DOMAIN"];
pub(super) const SERVER_URL: [&str; 1] = ["CONDUCTORONE_SERVER_URL"];
pub(super) const CLIENT_ID: [&str; 1] = ["CONDUCTORONE_CLIENT_ID"];
pub(super) const CLIENT_SECRET: [&str; 1] = ["CONDUCTORONE_CLIENT_SECRET"];
pub(super) const ACCESS_TOKEN: [&str; 1] = ["CONDUCTORONE_ACCESS_TOKEN"];
/// Our own variable, then those of HCP Terraform's workload identity.
pub(super) const OIDC_TOKEN: [&str; 4] = [
    "CONDUCTORONE_OIDC_TOKEN",
    "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
    "TFC_WORKLOAD_IDENTITY_TOKEN_C1",
    "TFC_WORKLOAD_IDENTITY_TOKEN",
];
/// The proxy for HTTPS servers.
pub(super) const HTTPS_PROXY: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The proxy for HTTP servers.
pub(super) const HTTP_PROXY: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
/// The servers that are not reached through a proxy.
pub(super) const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Returns all variables that affect the connection to ConductorOne.
pub(crate) fn connection_variables() -> impl Iterator<Item = &'static str> {
    let host = TENANT_DOMAIN.into_iter().chain(SERVER_URL);
    let credentials = CLIENT_ID.into_iter().chain(CLIENT_SECRET);
    let credentials = credentials.chain(ACCESS_TOKEN).chain(OIDC_TOKEN);
    let network = HTTPS_PROXY.into_iter().chain(NO_PROXY).chain(CERTIFICATES);
    host.chain(credentials).chain(network)
}
