//! The requests of a check, each sent once.

use http::HeaderValue;
use url::Url;

use crate::conductorone::{PlainClient, PlainResponse};

use super::login::Login;
use super::outcome::{NotConfluence, NotJudged, Outcome, Refusal};

/// The most redirects that a request follows.
const MAX_REDIRECTS: usize = 3;
/// Why Data Center refuses a login, for example `CAPTCHA_CHALLENGE; login-url=…`.
const DENIED_REASON: &str = "x-authentication-denied-reason";

/// Sends the requests of one check.
#[derive(Debug)]
pub(super) struct Requests<'a> {
    pub(super) login: &'a Login,
    pub(super) client: PlainClient,
    pub(super) authorization: HeaderValue,
}

impl Requests<'_> {
    /// Sends a GET request and returns the successful response. The error is the outcome of the check.
    pub(super) async fn get(
        &self,
        path: &str,
        query: Option<&str>,
    ) -> Result<PlainResponse, Outcome> {
        let mut url = self.login.url(path, query);
        for _ in 0..=MAX_REDIRECTS {
            let response = self.client.get(url.clone(), &self.authorization).await;
            let response = response.map_err(NotJudged::NoAnswer)?;
            let Some(target) = response.redirect.clone() else {
                return successful(response);
            };
            if target.host_str() != url.host_str() {
                let host = target.host_str().unwrap_or_default();
                return Err(NotConfluence::Redirect(host.into()).into());
            }
            if !keeps_login_safe(&url, &target) {
                break;
            }
            url = target;
        }
        Err(NotConfluence::RedirectLoop.into())
    }
}

/// Returns whether the check may send the login to the target of a redirect on the same host, as the connectors do. Many
/// servers redirect from HTTP to HTTPS. The way back would send the login unencrypted, and another port may be another
/// program.
fn keeps_login_safe(from: &Url, to: &Url) -> bool {
    let is_upgrade = from.scheme() == "http" && to.scheme() == "https";
    from.origin() == to.origin() || is_upgrade
}

/// Returns a successful response. The error is what another status says about the login.
fn successful(response: PlainResponse) -> Result<PlainResponse, Outcome> {
    let is_captcha = || {
        let reason = response.headers.get(DENIED_REASON);
        reason.is_some_and(|reason| reason.as_bytes().starts_with(b"CAPTCHA"))
    };
    Err(match response.status {
        200..=299 => return Ok(response),
        401 | 403 if is_captcha() => Refusal::Captcha.into(),
        401 => Refusal::WrongLogin.into(),
        403 => Refusal::NoAccess.into(),
        404 => NotConfluence::NotFound.into(),
        429 => NotJudged::RateLimited(response.retry_after()).into(),
        status => NotJudged::Status(status, response.message()).into(),
    })
}

/// Returns the outcome for a response that is not the expected JSON.
pub(super) fn unexpected(response: &PlainResponse) -> Outcome {
    if response.is_html() {
        NotConfluence::WebPage.into()
    } else {
        NotConfluence::OtherContent.into()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    #[test]
    fn a_redirect_never_leads_to_another_server_or_out_of_encryption() {
        let from = "https://wiki.acme.example/a";
        for (from, to, expected) in [
            (from, "https://wiki.acme.example/b", true),
            (from, "https://wiki.acme.example:443/b", true),
            (from, "http://wiki.acme.example/a", false),
            (from, "https://wiki.acme.example:8443/a", false),
            ("http://wiki:8090/a", "http://wiki:8090/b", true),
            ("http://wiki:8090/a", "https://wiki/a", true),
            ("http://wiki:8090/a", "http://wiki:8091/a", false),
        ] {
            let [from, to] = [from, to].map(|url| Url::parse(url).unwrap());
            assert_eq!(keeps_login_safe(&from, &to), expected, "{from} -> {to}");
        }
    }
}
