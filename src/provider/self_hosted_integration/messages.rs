//! Messages about `confluence_self_hosted_integration`.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning no_api_key() on "api_key" {
        summary: "Environment is incomplete",
        cause: "Without api_key, environment does not contain the API token that the connector signs in with.",
        remedy: "Pass BATON_API_KEY to the connector by other means.",
    }
}
