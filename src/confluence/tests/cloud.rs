//! Confluence Cloud.

use crate::conductorone::test_support::server::{Reply, json_reply, status};
use crate::confluence::{NotConfluence, Outcome, Refusal};

use super::{base, cloud, healthy_cloud, judge, start};

const CURRENT: &str = "GET /wiki/rest/api/user/current";
const GROUP: &str = "GET /wiki/rest/api/group?limit=1";
const MODE: &str = "GET /wiki/api/v2/space-role-mode";
const ROLES: &str = "GET /wiki/api/v2/space-roles?limit=1";

#[tokio::test]
async fn an_administrator_is_accepted_after_two_requests_with_the_login() {
    let server = start(|path| healthy_cloud(path, "PRE_ROLES")).await;
    assert_eq!(
        judge(&cloud(&base(&server), false)).await,
        Outcome::Accepted
    );
    assert_eq!(server.lines(), [CURRENT, GROUP]);
    let basic = "Basic c3ZjQGFjbWUuZXhhbXBsZTpBVEFUVDN4LWNvbmZsdWVuY2UtdG9rZW4=";
    for request in server.seen() {
        assert_eq!(request.authorization.as_deref(), Some(basic));
    }
}

#[tokio::test]
async fn each_refusal_of_the_login_is_told_apart_and_ends_the_check() {
    fn page() -> Reply {
        Reply::Send(200, "content-type: text/html\r\n", "<html>".to_owned())
    }
    fn moved() -> Reply {
        let location = "location: https://id.atlassian.example/login?token=x\r\n";
        Reply::Send(302, location, String::new())
    }
    let cases: [(fn() -> Reply, Refusal); 9] = [
        (|| status(401), Refusal::WrongLogin),
        (|| status(403), Refusal::NoAccess),
        (
            || status(404),
            Refusal::NotConfluence(NotConfluence::NotFound),
        ),
        (page, Refusal::NotConfluence(NotConfluence::WebPage)),
        (
            moved,
            Refusal::NotConfluence(NotConfluence::Redirect("id.atlassian.example".into())),
        ),
        (
            || json_reply("[1]"),
            Refusal::NotConfluence(NotConfluence::OtherContent),
        ),
        (|| json_reply(r#"{"type":"known"}"#), Refusal::Anonymous),
        (
            || json_reply(r#"{"type":"known","accountId":""}"#),
            Refusal::Anonymous,
        ),
        (
            || json_reply(r#"{"type":"anonymous","accountId":"712020:1"}"#),
            Refusal::Anonymous,
        ),
    ];
    for (reply, refusal) in cases {
        let server = start(move |_| reply()).await;
        let outcome = judge(&cloud(&base(&server), false)).await;
        assert_eq!(outcome, Outcome::Refused(refusal));
        assert_eq!(server.lines(), [CURRENT]);
    }
}

#[tokio::test]
async fn an_account_that_may_not_read_groups_is_no_administrator() {
    for code in [401, 403] {
        let server = start(move |path| match path {
            "/wiki/rest/api/group" => status(code),
            path => healthy_cloud(path, ""),
        })
        .await;
        let outcome = judge(&cloud(&base(&server), false)).await;
        assert_eq!(outcome, Outcome::NotAdministrator);
        assert_eq!(server.lines(), [CURRENT, GROUP]);
    }
}

#[tokio::test]
async fn space_roles_must_be_there_and_switched_on() {
    for mode in ["ROLES_TRANSITION", "ROLES"] {
        let server = start(move |path| healthy_cloud(path, mode)).await;
        assert_eq!(judge(&cloud(&base(&server), true)).await, Outcome::Accepted);
        assert_eq!(server.lines(), [MODE, ROLES, CURRENT, GROUP]);
    }

    let server = start(|path| healthy_cloud(path, "PRE_ROLES")).await;
    let outcome = judge(&cloud(&base(&server), true)).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::RbacOff));
    assert_eq!(server.lines(), [MODE]);

    let server = start(|path| match path {
        "/wiki/api/v2/space-roles" => status(404),
        path => healthy_cloud(path, "ROLES"),
    })
    .await;
    let outcome = judge(&cloud(&base(&server), true)).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::RbacExpired));
    assert_eq!(server.lines(), [MODE, ROLES]);

    let server = start(|path| match path {
        "/wiki/api/v2/space-role-mode" => status(404),
        path => healthy_cloud(path, ""),
    })
    .await;
    let outcome = judge(&cloud(&base(&server), true)).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::RbacNotSupported));
    assert_eq!(server.lines(), [MODE, CURRENT]);
}

#[tokio::test]
async fn a_site_without_confluence_does_not_lack_space_roles() {
    let server = start(|_| status(404)).await;
    let outcome = judge(&cloud(&base(&server), true)).await;
    let refusal = Refusal::NotConfluence(NotConfluence::NotFound);
    assert_eq!(outcome, Outcome::Refused(refusal));
}

#[tokio::test]
async fn a_refused_login_is_not_repeated_with_space_roles() {
    for (code, refusal) in [(401, Refusal::WrongLogin), (403, Refusal::NoAccess)] {
        let server = start(move |_| status(code)).await;
        let outcome = judge(&cloud(&base(&server), true)).await;
        assert_eq!(outcome, Outcome::Refused(refusal));
        assert_eq!(server.lines(), [MODE]);
    }
}

#[tokio::test]
async fn space_roles_that_everybody_may_read_do_not_accept_a_wrong_login() {
    let server = start(|path| match path {
        "/wiki/rest/api/user/current" => json_reply(r#"{"type":"anonymous"}"#),
        path => healthy_cloud(path, "ROLES"),
    })
    .await;
    let outcome = judge(&cloud(&base(&server), true)).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::Anonymous));
}
