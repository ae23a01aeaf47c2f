//! Failures of the API as users read them, in one place.

use crate::conductorone::{Cause, Error};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

/// Every failure of the API ends here, so that all of them read alike: what happened, what to do, and the error itself
/// with the server's own words.
impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        api(&error).into()
    }
}

/// The diagnostic for a failed call.
pub(super) fn api(error: &Error) -> Diagnostic {
    let Advice {
        summary,
        what_to_do,
    } = advice(error);
    let detail = format!("{what_to_do}\n\n{}", capitalised(&error.to_string()));
    Diagnostic::error(summary, detail)
}

struct Advice {
    summary: &'static str,
    what_to_do: &'static str,
}

fn advice(error: &Error) -> Advice {
    let (summary, what_to_do) = match error {
        Error::Setup(_) => (
            "HTTP client cannot be set up",
            "Check the certificates of this machine, and SSL_CERT_FILE if it is set.",
        ),
        Error::InvalidId(_) => (
            "Invalid ID",
            "An ID is empty or holds characters that no ConductorOne ID has. Check the IDs in the configuration.",
        ),
        Error::EmptySecret { .. } => (
            "Empty secret",
            "An empty secret would delete the one that ConductorOne stores. Give it a value.",
        ),
        Error::Cancelled { .. } => (
            "Operation cancelled",
            "It was interrupted. The next apply goes on from what the state holds.",
        ),
        Error::DeadlinePassed { .. } => (
            "Operation took too long",
            "ConductorOne did not finish within the time allowed. Raise the limit in timeouts; the next apply goes on from what \
             the state holds.",
        ),
        other => return other.cause().map_or(UNKNOWN, call_advice),
    };
    Advice {
        summary,
        what_to_do,
    }
}

const UNKNOWN: Advice = Advice {
    summary: "ConductorOne request failed",
    what_to_do: "Run again with TF_LOG=debug to see the requests that were made.",
};

fn call_advice(cause: &Cause) -> Advice {
    let (summary, what_to_do) = match cause {
        Cause::Unsendable(_) => (
            "Request cannot be sent",
            "A value in the provider's configuration, such as a token with a line break in it, fits no request. Check \
             access_token, client_id and oidc_token.",
        ),
        Cause::Dns(_) => (
            "ConductorOne host not found",
            "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL), the host in \
             client_id, and the network.",
        ),
        Cause::Refused(_) | Cause::Unreachable(_) | Cause::ConnectTimeout(_) => (
            "ConductorOne cannot be reached",
            "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL), the network, and \
             the proxy settings in HTTPS_PROXY and NO_PROXY.",
        ),
        Cause::Tls(_) => (
            "No trusted connection to ConductorOne",
            "Check tenant_domain or server_url. Where a proxy replaces certificates, name its certificate authority in \
             SSL_CERT_FILE.",
        ),
        Cause::Timeout(_) | Cause::ConnectionLost(_) => (
            "No answer from ConductorOne",
            "The request was sent and no answer came. Run again; raise request_timeout if ConductorOne is slow.",
        ),
        Cause::Redirect { .. }
        | Cause::NotJson { .. }
        | Cause::TooLarge { .. }
        | Cause::Unexpected { .. } => (
            "Unexpected answer from ConductorOne",
            "Something other than the ConductorOne API seems to have answered. Check tenant_domain or server_url \
             (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL) and any proxy.",
        ),
        Cause::CredentialsRefused { .. } => (
            "ConductorOne refused the credentials",
            "Check client_id and client_secret (CONDUCTORONE_CLIENT_ID, CONDUCTORONE_CLIENT_SECRET) or oidc_token \
             (CONDUCTORONE_OIDC_TOKEN), that they belong to this tenant, and that the credential has not expired or been \
             revoked.",
        ),
        Cause::OidcTokenExpired(_) => (
            "OIDC token expired",
            "Get a new token and hand it over as oidc_token, CONDUCTORONE_OIDC_TOKEN or TFC_WORKLOAD_IDENTITY_TOKEN (also \
             with the suffix _CONDUCTORONE or _C1). In HCP Terraform every run gets its own: start a new one.",
        ),
        Cause::TokenType(_) => (
            "Credential cannot be used",
            "Create a credential without \"Require DPoP\" and use that.",
        ),
        Cause::EmptyToken => (
            "ConductorOne issued no token",
            "Check tenant_domain or server_url: the host that answered may not be a ConductorOne tenant.",
        ),
        Cause::Status { status, .. } => return status_advice(*status),
    };
    Advice {
        summary,
        what_to_do,
    }
}

fn status_advice(status: u16) -> Advice {
    let (summary, what_to_do) = match status {
        401 => (
            "ConductorOne refused the access token",
            "Check access_token (CONDUCTORONE_ACCESS_TOKEN) or the client credentials; a disabled service principal and \
             an expired token look like this.",
        ),
        403 => (
            "Not allowed in ConductorOne",
            "The credential's user needs the role Connector Administrator or Super Administrator, and the credential \
             must not be scoped below it.",
        ),
        404 => (
            "Not found in ConductorOne",
            "Check the IDs in the configuration. ConductorOne answers the same where the credential's user may not see \
             the object.",
        ),
        409 => (
            "Conflict in ConductorOne",
            "Something else changed the object at the same time, or it exists already. Run again.",
        ),
        429 => (
            "ConductorOne limits the rate",
            "Run again later, lower max_concurrent_requests, or raise max_retries.",
        ),
        500.. => (
            "ConductorOne failed",
            "Run again later; raise max_retries to wait longer for a passing failure.",
        ),
        _ => (
            "ConductorOne refused the request",
            "The server's own words below say which value it does not accept.",
        ),
    };
    Advice {
        summary,
        what_to_do,
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), characters.as_str())
}
