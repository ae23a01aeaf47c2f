//! Confluence Data Center.

use crate::conductorone::test_support::server::{Reply, json_reply, status};
use crate::confluence::{Login, NotConfluence, Outcome, Product, Refusal};

use super::{GROUPS, TOKEN, USER, base, data_center, judge, secret, start};

fn healthy(path: &str) -> Reply {
    match path {
        "/rest/api/user/current" => json_reply(USER),
        "/rest/api/group" => json_reply(GROUPS),
        _ => status(404),
    }
}

#[tokio::test]
async fn a_token_is_a_bearer_token_and_a_password_is_not() {
    let server = start(healthy).await;
    let basic = Login::with_password(Product::DataCenter, &base(&server), "svc", secret("pass"));
    for (login, header) in [
        (data_center(&base(&server)), format!("Bearer {TOKEN}")),
        (basic.unwrap(), "Basic c3ZjOnBhc3M=".to_owned()),
    ] {
        assert_eq!(judge(&login).await, Outcome::Accepted);
        let last = server.seen().pop().unwrap();
        assert_eq!(last.authorization, Some(header));
    }
    let paths = ["GET /rest/api/user/current", "GET /rest/api/group?limit=1"];
    assert_eq!(server.lines(), [paths, paths].concat());
}

#[tokio::test]
async fn a_context_path_is_kept_whatever_its_slashes() {
    let server = start(|path| healthy(path.strip_prefix("/confluence").unwrap_or_default())).await;
    for end in ["/confluence", "/confluence/", "/confluence//"] {
        let login = data_center(&format!("{}{end}", base(&server)));
        assert_eq!(judge(&login).await, Outcome::Accepted, "{end}");
    }
}

#[tokio::test]
async fn an_account_behind_a_captcha_is_not_asked_again() {
    let headers = "x-authentication-denied-reason: CAPTCHA_CHALLENGE; login-url=/login.action\r\n";
    for code in [401, 403] {
        let server = start(move |_| Reply::Send(code, headers, String::new())).await;
        let outcome = judge(&data_center(&base(&server))).await;
        assert_eq!(outcome, Outcome::Refused(Refusal::Captcha));
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_user_without_a_key_is_anonymous() {
    // Cloud's ID does not count.
    let server = start(|_| json_reply(r#"{"type":"known","accountId":"712020:1"}"#)).await;
    let outcome = judge(&data_center(&base(&server))).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::Anonymous));
}

#[tokio::test]
async fn only_a_redirect_within_the_server_is_followed() {
    let server = start(|path| match path {
        "/rest/api/user/current" => Reply::Send(302, "location: /new/user\r\n", String::new()),
        "/new/user" => json_reply(USER),
        path => healthy(path),
    })
    .await;
    assert_eq!(judge(&data_center(&base(&server))).await, Outcome::Accepted);

    let other = start(healthy).await;
    // Static, because a reply has static headers.
    let location: &'static str = format!(
        "location: http://127.0.0.1:{}/rest/api/user/current\r\n",
        other.port
    )
    .leak();
    let server = start(move |_| Reply::Send(307, location, String::new())).await;
    let outcome = judge(&data_center(&base(&server))).await;
    let refusal = Refusal::NotConfluence(NotConfluence::RedirectLoop);
    assert_eq!(outcome, Outcome::Refused(refusal));
    assert_eq!(other.lines(), Vec::<String>::new());

    let server = start(|_| Reply::Send(302, "location: /again\r\n", String::new())).await;
    let outcome = judge(&data_center(&base(&server))).await;
    let refusal = Refusal::NotConfluence(NotConfluence::RedirectLoop);
    assert_eq!(outcome, Outcome::Refused(refusal));
    assert_eq!(server.lines().len(), 4);
}
