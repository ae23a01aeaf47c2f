//! Messages about a login to Confluence that `check_login` checks.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error wrong_api_token(attribute, site, answer, account) on "{attribute}" {
        summary: "Wrong email address or API token",
        cause: "The provider signed in {account}, and {site} {answer}. The email address or the API token is wrong, or the \
                token has expired.",
        remedy: "Check username, and set {attribute} to a valid API token of that account. A token with scopes does not \
                 work, because the connector signs in at the site itself.",
    }

    Error wrong_data_center_login(attribute, hostname, answer, account) on "{attribute}" {
        summary: "Wrong Confluence login",
        cause: "The provider signed in {account}, and {hostname} {answer}. The login is wrong, or it has expired.",
        remedy: "Correct {attribute}. The provider does not repeat a refused login, because Confluence locks accounts after \
                 several failed logins.",
    }

    Error no_access(attribute, address, account) on "{attribute}" {
        summary: "No access to Confluence",
        cause: "The provider signed in {account}, and {address} answered HTTP 403: the account may not use Confluence, or \
                the token lacks a scope for it.",
        remedy: "Give the account access to Confluence, or use the login of another account.",
    }

    Error captcha(attribute, address, account) on "{attribute}" {
        summary: "Account must solve a captcha",
        cause: "The provider signed in {account}, and {address} requires a captcha because of earlier failed logins.",
        remedy: "Sign in to Confluence as this account in a browser and solve the captcha, then run Terraform again. An \
                 administrator of Confluence can also reset the failed logins.",
    }

    Error no_confluence(attribute, address, found) on "{attribute}" {
        summary: "No Confluence at this address",
        cause: "The provider found no Confluence at {address}: {found}.",
        remedy: "Correct {attribute}, including the context path of Confluence Data Center if it has one.",
    }

    Error rbac_not_supported(site) on "use_rbac" {
        summary: "Space roles are not supported",
        cause: "With use_rbac, the connector reads space roles, but {site} does not support them.",
        remedy: "Remove use_rbac. The connector then reads permissions by noun and verb.",
    }

    Error rbac_off(site) on "use_rbac" {
        summary: "Space roles are not switched on",
        cause: "With use_rbac, the connector reads space roles. {site} supports them, but they are not switched on.",
        remedy: "Switch on space roles in the administration of Confluence, or remove use_rbac.",
    }

    Error rbac_expired(site) on "use_rbac" {
        summary: "Space roles are no longer available",
        cause: "With use_rbac, the connector reads space roles, but the right of {site} to use them has run out.",
        remedy: "Renew the Atlassian plan of the site, or remove use_rbac.",
    }

    Warning not_administrator(attribute, address, account) on "{attribute}" {
        summary: "Account is not an administrator",
        cause: "The provider signed in {account}, and {address} accepted the login. But the account may not read groups, so \
                it is not an administrator, and the connector will not see all users, groups and permissions.",
        remedy: "Make the account an administrator of Confluence, or use the login of an administrator.",
    }

    Warning login_not_checked(attribute, address, reason) on "{attribute}" {
        summary: "Login was not checked",
        cause: "{address} gave the provider no answer that says whether the login is right. The connector may still be able \
                to sign in, for example if only its own network can reach Confluence.",
        remedy: "Check that this machine can reach Confluence. If it never can, set check_login = false.",
        server_message: "{reason}",
    }
}
