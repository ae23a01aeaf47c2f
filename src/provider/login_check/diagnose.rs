//! From the outcome of a check to a diagnostic.

use crate::confluence::{NotConfluence, NotJudged, Outcome, Product, Refusal};
use crate::provider::login_check::messages;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::schema::duration_text;

use super::attributes::NamedLogin;

/// Returns the diagnostic for an outcome. `None` if the login was accepted.
pub(super) fn diagnose(outcome: &Outcome, login: &NamedLogin) -> Option<Diagnostic> {
    let NamedLogin {
        address,
        address_attribute,
        account,
        account_attribute,
        ..
    } = login;
    Some(match outcome {
        Outcome::Accepted => return None,
        Outcome::NotAdministrator => {
            messages::not_administrator(account_attribute, address, account)
        }
        Outcome::Refused(refusal) => diagnose_refusal(refusal, login),
        Outcome::NotJudged(reason) => {
            messages::login_not_checked(address_attribute, address, &describe_reason(reason))
        }
    })
}

fn diagnose_refusal(refusal: &Refusal, login: &NamedLogin) -> Diagnostic {
    let NamedLogin {
        address,
        address_attribute,
        account,
        account_attribute,
        ..
    } = login;
    match refusal {
        Refusal::WrongLogin => wrong_login(login, "refused the login (HTTP 401)"),
        Refusal::Anonymous => wrong_login(login, "answered as to visitors who are not signed in"),
        Refusal::NoAccess => messages::no_access(account_attribute, address, account),
        Refusal::Captcha => messages::captcha(account_attribute, address, account),
        Refusal::NotConfluence(found) => {
            let found = describe_found(found);
            messages::no_confluence(address_attribute, address, &found)
        }
        Refusal::RbacNotSupported => messages::rbac_not_supported(address),
        Refusal::RbacOff => messages::rbac_off(address),
        Refusal::RbacExpired => messages::rbac_expired(address),
    }
}

fn wrong_login(login: &NamedLogin, answer: &str) -> Diagnostic {
    let NamedLogin {
        address,
        account,
        secret_attribute,
        ..
    } = login;
    match login.login.product {
        Product::Cloud { .. } => {
            messages::wrong_api_token(secret_attribute, address, answer, account)
        }
        Product::DataCenter => {
            messages::wrong_data_center_login(secret_attribute, address, answer, account)
        }
    }
}

fn describe_found(found: &NotConfluence) -> String {
    match found {
        NotConfluence::NotFound => {
            "the server does not know the path of the current user (HTTP 404)".to_owned()
        }
        NotConfluence::Redirect(host) => format!("the server redirects to {host}"),
        NotConfluence::RedirectLoop => {
            "the server redirects to itself, to another port or to plain HTTP".to_owned()
        }
        NotConfluence::WebPage => "the server answers with a web page instead of JSON".to_owned(),
        NotConfluence::OtherContent => {
            "the server answers with something else than a Confluence user".to_owned()
        }
    }
}

fn describe_reason(reason: &NotJudged) -> String {
    match reason {
        NotJudged::NoAnswer(cause) => cause.to_string(),
        NotJudged::RateLimited(None) => "HTTP 429 Too Many Requests".to_owned(),
        NotJudged::RateLimited(Some(wait)) => {
            let wait = duration_text(*wait);
            format!("HTTP 429 Too Many Requests: try again after {wait}")
        }
        NotJudged::Status(status, message) => format!("HTTP {status}{message}"),
    }
}
