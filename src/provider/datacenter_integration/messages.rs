//! Messages about `confluence_datacenter_integration`.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning ignored_password() on "username" {
        summary: "User name and password are ignored",
        cause: "The connector signs in with access_token and ignores username and password.",
        remedy: "Remove access_token, or remove username and password.",
    }

    Warning unencrypted(hostname) on "hostname" {
        summary: "Connection to Confluence is not encrypted",
        cause: "The connector sends its access token or password unencrypted to {hostname}.",
        remedy: "Use https:// if Confluence supports it. For a service inside the connector's own cluster, http:// works too, \
               but make sure that nobody else can read that traffic.",
    }

    Warning no_sign_in() on "access_token" {
        summary: "Environment is incomplete",
        cause: "Neither access_token nor username and password are set, so environment does not contain them.",
        remedy: "Pass BATON_ACCESS_TOKEN, or BATON_USERNAME and BATON_PASSWORD, to the connector by other means.",
    }
}
