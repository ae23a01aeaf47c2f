//! Messages about `confluence_integration`.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error not_in_version_1(attribute) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "Version 1 of the connector does not support {attribute}.",
        remedy: "Remove {attribute}, or set connector_version = 2.",
    }

    Error custom_domain() on "site_domain" {
        summary: "Invalid site_domain",
        cause: "Version 1 of the connector supports only sites of atlassian.net, such as acme.atlassian.net.",
        remedy: "Use such a site, or set connector_version = 2.",
    }

    Warning misspelled_site(site, atlassian_site) on "site_domain" {
        summary: "Custom domain looks like atlassian.net",
        cause: "The provider treats {site} as a custom domain, but it looks like a misspelling of {atlassian_site}.",
        remedy: "If you mean that site, set site_domain to {atlassian_site}.",
    }

    Warning outdated_version() on "connector_version" {
        summary: "Outdated connector version",
        cause: "Version 1 is for existing installations only, and ConductorOne may refuse to create it.",
        remedy: "Use version 2, the default, for new connectors.",
    }

    Error ignored_with_rbac(attribute) on "{attribute}" {
        summary: "Invalid {attribute}",
        cause: "With use_rbac, the connector reads space roles and ignores {attribute}.",
        remedy: "Remove {attribute} or use_rbac.",
    }
}
