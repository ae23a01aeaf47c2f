//! Messages about `confluence_datacenter_integration`.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning ignored_password() on "username" {
        summary: "User name and password are ignored",
        cause: "The connector signs in with the access token and ignores username and password beside it.",
        remedy: "Remove one or the other.",
    }

    Warning unencrypted(hostname) on "hostname" {
        summary: "Connection to Confluence is not encrypted",
        cause: "The connector sends its access token or password unencrypted to {hostname}.",
        remedy: "Use https:// if Confluence offers it. For the address of a service inside the cluster that the connector runs \
               in, http:// works too; make sure that nobody else can read that traffic.",
    }

    Warning no_sign_in() on "access_token" {
        summary: "Environment is not complete",
        cause: "Neither access_token nor username and password are set, so environment lacks them.",
        remedy: "Give the connector BATON_ACCESS_TOKEN, or BATON_USERNAME and BATON_PASSWORD, by other means.",
    }
}
