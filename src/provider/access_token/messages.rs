//! Messages about access tokens for other tools.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning token_expires(expires_at) {
        summary: "Access token expires during the run",
        cause: "The access token of this ephemeral resource is valid until {expires_at}. The provider has a new one, but \
                Terraform keeps the values of an open ephemeral resource and cannot pass on the new token.",
        remedy: "If a tool uses the token after that time, split the run into shorter ones. Otherwise, no action is required.",
    }
}
