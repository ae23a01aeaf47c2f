//! Messages about requests to ConductorOne.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error host_not_found(error) {
        summary: "ConductorOne host not found",
        cause: "This machine could not resolve the host name of the tenant.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL), the host in \
               client_id, and the network.",
        server_message: "{error}",
    }

    Error unreachable(error) {
        summary: "ConductorOne cannot be reached",
        cause: "The provider could not connect to the tenant's host.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL) and the network. If \
               the network requires a proxy, set HTTPS_PROXY to its URL.",
        server_message: "{error}",
    }

    Error proxy_credentials(proxy, variable, error) {
        summary: "Proxy refused its credentials",
        cause: "The proxy {proxy} requires a user name and a password, and refused those in {variable}.",
        remedy: "Correct {variable}, for example http://user:password@proxy.example:3128. Percent-encode special characters \
               in the password.",
        server_message: "{error}",
    }

    Error proxy_not_found(proxy, variable, error) {
        summary: "Proxy not found",
        cause: "This machine could not resolve the host name of the proxy {proxy}, which {variable} names.",
        remedy: "Correct {variable}. If the tenant's host does not require a proxy, add the host to NO_PROXY.",
        server_message: "{error}",
    }

    Error proxy_unreachable(proxy, variable, error) {
        summary: "No connection through the proxy",
        cause: "The provider could not reach the proxy {proxy}, which {variable} names, or the proxy did not connect to the \
                tenant's host.",
        remedy: "Check {variable}, the network, and whether the proxy allows the host. If the tenant's host does not require \
               a proxy, add the host to NO_PROXY.",
        server_message: "{error}",
    }

    Error not_trusted(error) {
        summary: "No trusted connection to ConductorOne",
        cause: "The host presented a certificate that this machine does not trust for that host.",
        remedy: "Check tenant_domain or server_url, and this machine's clock if the certificate has expired or is not valid \
               yet. If a proxy replaces certificates, set SSL_CERT_FILE to the proxy's certificate authority.",
        server_message: "{error}",
    }

    Error http_client(error) {
        summary: "HTTP client cannot be set up",
        cause: "The provider cannot use the certificates that this machine trusts.",
        remedy: "Check the certificates of this machine, and SSL_CERT_FILE if it is set.",
        server_message: "{error}",
    }

    Error unsendable(error) {
        summary: "Request cannot be sent",
        cause: "A provider setting cannot be sent in a request, for example because a token contains a line break.",
        remedy: "Check access_token, client_id and oidc_token.",
        server_message: "{error}",
    }

    Error no_answer(error) {
        summary: "No answer from ConductorOne",
        cause: "The provider sent the request but received no answer.",
        remedy: "Run the command again. If ConductorOne is slow, raise request_timeout, for example request_timeout = \
               \"60s\".",
        server_message: "{error}",
    }

    Error unexpected_answer(error) {
        summary: "Unexpected answer from ConductorOne",
        cause: "The answer does not look like one of the ConductorOne API.",
        remedy: "Check tenant_domain or server_url (CONDUCTORONE_TENANT_DOMAIN, CONDUCTORONE_SERVER_URL) and any proxy.",
        server_message: "{error}",
    }

    Error credentials_refused(error) {
        summary: "ConductorOne refused the credentials",
        cause: "ConductorOne issued no access token for the credentials.",
        remedy: "Check that client_id and client_secret (CONDUCTORONE_CLIENT_ID, CONDUCTORONE_CLIENT_SECRET) or oidc_token \
               (CONDUCTORONE_OIDC_TOKEN) are correct and belong to this tenant, and that the credential has not expired or \
               been revoked.",
        server_message: "{error}",
    }

    Error credentials_or_clock_refused(clock, error) {
        summary: "ConductorOne refused the credentials",
        cause: "ConductorOne issued no access token for the credentials, not even for a request signed with ConductorOne's \
                own time. This machine's clock is {clock} ConductorOne's.",
        remedy: "Check that client_id and client_secret (CONDUCTORONE_CLIENT_ID, CONDUCTORONE_CLIENT_SECRET) are correct and \
               belong to this tenant, and that the credential has not expired or been revoked. Also correct this machine's \
               clock.",
        server_message: "{error}",
    }

    Warning clock_off(clock) {
        summary: "This machine's clock is wrong",
        cause: "This machine's clock is {clock} ConductorOne's, so ConductorOne refused a request that was signed with the \
                time of this machine. The provider signed the request again with ConductorOne's time.",
        remedy: "Correct the clock, for example with time synchronization (NTP).",
    }

    Error oidc_token_expired(error) {
        summary: "OIDC token expired",
        cause: "The OIDC token is no longer valid.",
        remedy: "Get a new token and pass it as oidc_token, CONDUCTORONE_OIDC_TOKEN or TFC_WORKLOAD_IDENTITY_TOKEN (also \
               with the suffix _CONDUCTORONE or _C1). In HCP Terraform, start a new run, which gets its own token.",
        server_message: "{error}",
    }

    Error token_type(error) {
        summary: "Credential cannot be used",
        cause: "ConductorOne issued a token that must be bound to a key, which this provider does not support.",
        remedy: "Create a credential without \"Require DPoP\" and use that credential.",
        server_message: "{error}",
    }

    Error no_token(error) {
        summary: "ConductorOne issued no token",
        cause: "The host accepted the credentials, but its answer contains no token.",
        remedy: "Check tenant_domain or server_url, because the host that answered may not be a ConductorOne tenant.",
        server_message: "{error}",
    }

    Error token_refused(error) {
        summary: "ConductorOne refused the access token",
        cause: "The token is invalid or expired. A disabled service principal causes the same response.",
        remedy: "Check access_token (CONDUCTORONE_ACCESS_TOKEN) or the client credentials.",
        server_message: "{error}",
    }

    Error not_allowed(error) {
        summary: "Not allowed in ConductorOne",
        cause: "ConductorOne accepted the credential but does not allow it to do this.",
        remedy: "Give the credential's user the role Connector Administrator or Super Administrator, and do not scope the \
               credential below that role.",
        server_message: "{error}",
    }

    Error not_found(error) {
        summary: "Not found in ConductorOne",
        cause: "ConductorOne has no such object, or the credential's user may not see it.",
        remedy: "Check the IDs in the configuration.",
        server_message: "{error}",
    }

    Error conflict(error) {
        summary: "Conflict in ConductorOne",
        cause: "The object already exists, or something else changed it at the same time.",
        remedy: "Run the command again.",
        server_message: "{error}",
    }

    Error rate_limited(error) {
        summary: "ConductorOne rate limit exceeded",
        cause: "ConductorOne received more requests than it allows, and accepted no request during several retries.",
        remedy: "Run the command again later. To wait for longer, raise max_retries, for example max_retries = 10.",
        server_message: "{error}",
    }

    Error server_failed(error) {
        summary: "ConductorOne failed",
        cause: "ConductorOne failed to process the request because of a problem of its own.",
        remedy: "Run the command again later. To retry for longer, raise max_retries, for example max_retries = 10.",
        server_message: "{error}",
    }

    Error request_refused(error) {
        summary: "ConductorOne refused the request",
        cause: "ConductorOne does not accept a value in the request.",
        remedy: "Correct the value that the answer of ConductorOne names:",
        server_message: "{error}",
    }

    Error request_failed(error) {
        summary: "ConductorOne request failed",
        cause: "The request failed for a reason that the provider does not recognize.",
        remedy: "To see the requests, run the command again with TF_LOG=debug.",
        server_message: "{error}",
    }

    Error invalid_id(error) {
        summary: "Invalid ID",
        cause: "An ID is empty or contains characters that no ConductorOne ID has.",
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
        summary: "Operation canceled",
        cause: "The operation was interrupted while it changed an object.",
        remedy: "Apply again to continue from what the state records.",
        server_message: "{error}",
    }

    Error action_cancelled(error) {
        summary: "Action canceled",
        cause: "The action was interrupted. ConductorOne completes the requests that it has already accepted.",
        remedy: "To run the action again, use `terraform apply -invoke` with its address.",
        server_message: "{error}",
    }

    Error cancelled(error) {
        summary: "Operation canceled",
        cause: "The operation was interrupted before it changed anything.",
        remedy: "Run the command again.",
        server_message: "{error}",
    }

    Error change_took_too_long(awaited, time, setting, example, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}, but the operation did not end within {time}, the limit in {setting}.",
        remedy: "To wait longer, raise {setting}, for example {example}. The next apply continues from what the state \
               records.",
        server_message: "{last_failure}",
    }

    Error action_took_too_long(awaited, time, setting, example, last_failure) {
        summary: "Action took too long",
        cause: "The provider waited for {awaited}, but the action did not end within {time}, the limit in {setting}.",
        remedy: "To wait longer, raise {setting}, for example {example}, and run the action again.",
        server_message: "{last_failure}",
    }

    Error took_too_long(awaited, time, setting, example, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}, but the operation did not end within {time}, the limit in {setting}.",
        remedy: "To wait longer, raise {setting}, for example {example}, and run the command again.",
        server_message: "{last_failure}",
    }

    Error gave_up_waiting(awaited, last_failure) {
        summary: "Operation took too long",
        cause: "The provider waited for {awaited}, but the time limit of that wait has passed.",
        remedy: "Run the command again.",
        server_message: "{last_failure}",
    }
}
