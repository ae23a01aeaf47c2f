//! Messages about the provider block and its environment variables.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error missing_tenant() on "tenant_domain" {
        summary: "Missing ConductorOne tenant",
        cause: "Neither the provider's configuration nor the environment names a ConductorOne tenant.",
        remedy: "Set tenant_domain, for example to acme, or the environment variable CONDUCTORONE_TENANT_DOMAIN.",
    }

    Error invalid_host(setting, reason) {
        summary: "Invalid ConductorOne host",
        cause: "{setting} is invalid: {reason}.",
        remedy: "Correct it, or set tenant_domain (CONDUCTORONE_TENANT_DOMAIN) to the name of your tenant, such as acme.",
    }

    Error conflicting_hosts(tenant_host, server_host) on "server_url" {
        summary: "Conflicting ConductorOne hosts",
        cause: "The attribute tenant_domain names {tenant_host}, but server_url names {server_host}.",
        remedy: "Remove one of them, or set both to the same host.",
    }

    Error oidc_token_for_another_host(setting, host, client_id) {
        summary: "OIDC token for another host",
        cause: "{setting} names {host}, but the client ID is {client_id}. The provider sends an OIDC token only to the host \
                that the client ID names.",
        remedy: "Remove {setting}, or correct it or the client ID (client_id or CONDUCTORONE_CLIENT_ID) so that both name \
               the same host.",
    }

    Error missing_credentials() {
        summary: "Missing ConductorOne credentials",
        cause: "Neither the provider's configuration nor the environment contains credentials for ConductorOne.",
        remedy: "Set client_id and client_secret (CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET), or client_id and \
               oidc_token (CONDUCTORONE_OIDC_TOKEN), or access_token (CONDUCTORONE_ACCESS_TOKEN).",
    }

    Error missing_client_id(setting) on "client_id" {
        summary: "Missing client ID",
        cause: "{setting} requires a client ID.",
        remedy: "Set client_id, or the environment variable CONDUCTORONE_CLIENT_ID.",
    }

    Error missing_client_secret(setting) on "client_secret" {
        summary: "Missing client secret",
        cause: "{setting} requires a client secret.",
        remedy: "Set client_secret, or the environment variable CONDUCTORONE_CLIENT_SECRET.",
    }

    Error invalid_client_secret(setting, reason) {
        summary: "Invalid client secret",
        cause: "{setting} is invalid: {reason}.",
        remedy: "Copy the whole secret as ConductorOne showed it, or create a new credential.",
    }

    Error unusable_variable(variable, reason) {
        summary: "Environment variable cannot be used",
        cause: "{variable} is set, but {reason}.",
        remedy: "Correct it, or remove it from the environment.",
    }

    Error unusable_certificates(variable, reason) {
        summary: "Certificates cannot be used",
        cause: "{variable} names the certificate authorities to trust, but {reason}.",
        remedy: "Set {variable} to certificates in PEM format that the provider can read. To use the system's certificates, \
               remove {variable} from the environment.",
    }

    Error invalid_proxy(variable, reason) {
        summary: "Invalid proxy",
        cause: "{variable} is invalid: {reason}.",
        remedy: "Correct it. If the tenant's host does not require a proxy, add the host to NO_PROXY.",
    }

    Error invalid_request_timeout(setting, reason) {
        summary: "Invalid request_timeout",
        cause: "{setting} is invalid: {reason}.",
        remedy: "Set it to a duration such as 30s or 2m.",
    }
}
