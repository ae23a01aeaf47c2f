//! Messages about `confluence_self_hosted_integration`.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning no_api_key() on "api_key" {
        summary: "Environment is incomplete",
        cause: "api_key is not set, so environment does not contain it.",
        remedy: "Pass BATON_API_KEY to the connector by other means.",
    }
}
