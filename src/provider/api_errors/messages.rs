//! Messages about requests to ConductorOne.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error host_not_found(error) {
        summary: "ConductorOne host not found",
        cause: "No address is known for the host of the tenant.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL), the host in \
               client_id, and the network.",
        server_message: "{error}",
    }

    Error unreachable(error) {
        summary: "ConductorOne cannot be reached",
        cause: "No connection to the tenant's host could be opened.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL) and the network. If \
               the network requires a proxy, name it in HTTPS_PROXY.",
        server_message: "{error}",
    }

    Error proxy_credentials(proxy, variable, error) {
        summary: "Proxy refused its credentials",
        cause: "The proxy {proxy}, which {variable} names, requires a user name and a password, and refused what {variable} \
                holds.",
        remedy: "Correct {variable}, such as http://user:password@proxy.example:3128. Write special characters of the password \
               in %-encoding.",
        server_message: "{error}",
    }

    Error proxy_not_found(proxy, variable, error) {
        summary: "Proxy not found",
        cause: "No address is known for the host of the proxy {proxy}, which {variable} names.",
        remedy: "Correct {variable}. If the tenant's host is reached without a proxy, name it in NO_PROXY.",
        server_message: "{error}",
    }

    Error proxy_unreachable(proxy, variable, error) {
        summary: "No connection through the proxy",
        cause: "The proxy {proxy}, which {variable} names, cannot be reached, or it did not connect to the tenant's host.",
        remedy: "Check {variable}, the network, and whether the proxy allows the host. If the tenant's host is reached without \
               a proxy, name it in NO_PROXY.",
        server_message: "{error}",
    }

    Error not_trusted(error) {
        summary: "No trusted connection to ConductorOne",
        cause: "The host's certificate is not one that this machine trusts for that host.",
        remedy: "Check tenant_domain or server_url. If a proxy replaces certificates, name its certificate authority in \
               SSL_CERT_FILE. If the certificate is said to have expired or not to be valid yet, check this machine's clock.",
        server_message: "{error}",
    }

    Error http_client(error) {
        summary: "HTTP client cannot be set up",
        cause: "The certificates that this machine trusts cannot be used.",
        remedy: "Check the certificates of this machine, and SSL_CERT_FILE if it is set.",
        server_message: "{error}",
    }

    Error unsendable(error) {
        summary: "Request cannot be sent",
        cause: "A value in the provider's configuration, such as a token with a line break in it, fits no request.",
        remedy: "Check access_token, client_id and oidc_token.",
        server_message: "{error}",
    }

    Error no_answer(error) {
        summary: "No answer from ConductorOne",
        cause: "The request was sent and no answer came.",
        remedy: "Run again; raise request_timeout if ConductorOne is slow.",
        server_message: "{error}",
    }

    Error unexpected_answer(error) {
        summary: "Unexpected answer from ConductorOne",
        cause: "Something other than the ConductorOne API seems to have answered.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL) and any proxy.",
        server_message: "{error}",
    }

    Error credentials_refused(error) {
        summary: "ConductorOne refused the credentials",
        cause: "ConductorOne issued no access token for them.",
        remedy: "Check client_id and client_secret (CONDUCTORONE_CLIENT_ID, CONDUCTORONE_CLIENT_SECRET) or oidc_token \
               (CONDUCTORONE_OIDC_TOKEN), that they belong to this tenant, and that the credential has not expired or been \
               revoked.",
        server_message: "{error}",
    }

    Error credentials_or_clock_refused(clock, error) {
        summary: "ConductorOne refused the credentials",
        cause: "ConductorOne issued no access token for them. This machine's clock is {clock} ConductorOne's, and requests are \
                signed with the time; a request with ConductorOne's own time was refused, too.",
        remedy: "Check client_id and client_secret (CONDUCTORONE_CLIENT_ID, CONDUCTORONE_CLIENT_SECRET), that they belong to this \
               tenant, and that the credential has not expired or been revoked. Also set this machine's clock.",
        server_message: "{error}",
    }

    Warning clock_off(clock) {
        summary: "This machine's clock is wrong",
        cause: "It is {clock} ConductorOne's, so ConductorOne refused a request that was signed with its time. The provider \
                signed the request again with ConductorOne's time.",
        remedy: "Set the clock, for example by time synchronization (NTP).",
    }

    Error oidc_token_expired(error) {
        summary: "OIDC token expired",
        cause: "The time for which the token was issued is over.",
        remedy: "Get a new token and hand it over as oidc_token, CONDUCTORONE_OIDC_TOKEN or TFC_WORKLOAD_IDENTITY_TOKEN (also \
               with the suffix _CONDUCTORONE or _C1). In HCP Terraform every run gets its own: start a new one.",
        server_message: "{error}",
    }

    Error token_type(error) {
        summary: "Credential cannot be used",
        cause: "ConductorOne issued a token that has to be bound to a key, which this provider does not do.",
        remedy: "Create a credential without \"Require DPoP\" and use that.",
        server_message: "{error}",
    }

    Error no_token(error) {
        summary: "ConductorOne issued no token",
        cause: "The host took the credentials, and its answer holds no token.",
        remedy: "Check tenant_domain or server_url: the host that answered may not be a ConductorOne tenant.",
        server_message: "{error}",
    }

    Error token_refused(error) {
        summary: "ConductorOne refused the access token",
        cause: "The token is not valid, or no longer; a disabled service principal looks like this, too.",
        remedy: "Check access_token (CONDUCTORONE_ACCESS_TOKEN) or the client credentials.",
        server_message: "{error}",
    }

    Error not_allowed(error) {
        summary: "Not allowed in ConductorOne",
        cause: "ConductorOne knows the credential and does not let it do this.",
        remedy: "The credential's user needs the role Connector Administrator or Super Administrator, and the credential must \
               not be scoped below it.",
        server_message: "{error}",
    }

    Error not_found(error) {
        summary: "Not found in ConductorOne",
        cause: "ConductorOne has no such object. It answers the same where the credential's user may not see the object.",
        remedy: "Check the IDs in the configuration.",
        server_message: "{error}",
    }

    Error conflict(error) {
        summary: "Conflict in ConductorOne",
        cause: "Something else changed the object at the same time, or it exists already.",
        remedy: "Run again.",
        server_message: "{error}",
    }

    Error rate_limited(error) {
        summary: "ConductorOne limits the rate",
        cause: "More requests arrived than ConductorOne takes, and repeating them did not help in time.",
        remedy: "Run again later, lower max_concurrent_requests, or raise max_retries.",
        server_message: "{error}",
    }

    Error server_failed(error) {
        summary: "ConductorOne failed",
        cause: "ConductorOne has a problem of its own with the request.",
        remedy: "Run again later; raise max_retries to wait longer for a passing failure.",
        server_message: "{error}",
    }

    Error request_refused(error) {
        summary: "ConductorOne refused the request",
        cause: "A value in the request is not one that ConductorOne accepts.",
        remedy: "The server's own words below say which one.",
        server_message: "{error}",
    }

    Error request_failed(error) {
        summary: "ConductorOne request failed",
        cause: "It failed for a reason that the provider does not know.",
        remedy: "Run again with TF_LOG=debug to see the requests that were made.",
        server_message: "{error}",
    }

    Error invalid_id(error) {
        summary: "Invalid ID",
        cause: "An ID is empty or holds characters that no ConductorOne ID has.",
        remedy: "Check the IDs in the configuration.",
        server_message: "{error}",
    }

    Error empty_secret(error) {
        summary: "Empty secret",
        cause: "An empty secret would delete the one that ConductorOne stores.",
        remedy: "Give it a value.",
        server_message: "{error}",
    }

    Error change_cancelled(error) {
        summary: "Operation cancelled",
        cause: "It was interrupted while it changed an object.",
        remedy: "Apply again: that goes on from what the state holds.",
        server_message: "{error}",
    }

    Error cancelled(error) {
        summary: "Operation cancelled",
        cause: "It was interrupted, and had changed nothing.",
        remedy: "Run the command again.",
        server_message: "{error}",
    }

    Error change_took_too_long(awaited, time, setting, example, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}. The operation did not end within {time}, the limit in {setting}.",
        remedy: "To wait longer, raise {setting}, for example {example}. The next apply continues from what the state holds.",
        server_message: "{last_failure}",
    }

    Error took_too_long(awaited, time, setting, example, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}. It did not find everything within {time}, the limit in {setting}.",
        remedy: "To wait longer, raise {setting}, for example {example}, and run the command again.",
        server_message: "{last_failure}",
    }

    Error gave_up_waiting(awaited, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}, and the time that it has for that is over.",
        remedy: "Run the command again.",
        server_message: "{last_failure}",
    }
}
