//! The Confluence that belongs to the tenant.

use conductorone_emulator::{
    Confluence, ConfluenceAccount, ConfluenceOptions, ConfluenceProduct, ConfluenceSite, Emulator,
    Options, SpaceRoleMode,
};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::support::client;

const EMAIL: &str = "svc@acme.example";
const CURRENT: &str = "/wiki/rest/api/user/current";

fn site(product: ConfluenceProduct) -> ConfluenceSite {
    let plain = ConfluenceAccount {
        is_administrator: false,
        ..ConfluenceAccount::administrator("plain@acme.example", "plain-token")
    };
    let outside = ConfluenceAccount {
        has_access: false,
        ..ConfluenceAccount::administrator("outside@acme.example", "outside-token")
    };
    ConfluenceSite {
        product,
        accounts: vec![
            ConfluenceAccount::administrator(EMAIL, "token"),
            plain,
            outside,
        ],
        groups: vec!["site-admins".to_owned()],
        spaces: vec!["ENG".to_owned()],
        ..ConfluenceSite::default()
    }
}

async fn start(site: ConfluenceSite) -> (Emulator, Confluence) {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let options = ConfluenceOptions {
        site,
        ..ConfluenceOptions::default()
    };
    let confluence = emulator.start_confluence(options).await.unwrap();
    (emulator, confluence)
}

fn get(confluence: &Confluence, path: &str) -> RequestBuilder {
    client().get(format!("{}{path}", confluence.url()))
}

async fn as_user(confluence: &Confluence, path: &str, user: &str, secret: &str) -> Response {
    let request = get(confluence, path).basic_auth(user, Some(secret));
    request.send().await.unwrap()
}

#[tokio::test]
async fn cloud_tells_accounts_and_their_rights_apart() {
    let (_emulator, confluence) = start(site(ConfluenceProduct::Cloud)).await;
    let group = "/wiki/rest/api/group?limit=1";
    for (user, secret, current, groups) in [
        (EMAIL, "token", 200, 200),
        (EMAIL, "wrong", 401, 401),
        ("nobody@acme.example", "token", 401, 401),
        ("plain@acme.example", "plain-token", 200, 403),
        ("outside@acme.example", "outside-token", 403, 403),
    ] {
        let answer = as_user(&confluence, CURRENT, user, secret).await;
        assert_eq!(answer.status(), current, "{user}");
        let answer = as_user(&confluence, group, user, secret).await;
        assert_eq!(answer.status(), groups, "{user}");
    }
    let user: Value = as_user(&confluence, CURRENT, EMAIL, "token")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&user["type"], &user["email"]),
        (&"known".into(), &EMAIL.into())
    );
    assert!(user["accountId"].is_string());
    let bearer = get(&confluence, CURRENT).bearer_auth("token");
    assert_eq!(bearer.send().await.unwrap().status(), 401);
    let first = &confluence.requests()[0];
    let expected = ("GET", CURRENT, 200);
    assert_eq!(
        (first.method.as_str(), first.target.as_str(), first.status),
        expected
    );
}

#[tokio::test]
async fn cloud_answers_a_wrong_login_as_a_visitor_where_everybody_may_read() {
    let (_emulator, confluence) = start(ConfluenceSite {
        anonymous_access: true,
        ..site(ConfluenceProduct::Cloud)
    })
    .await;
    let answer = as_user(&confluence, CURRENT, EMAIL, "wrong").await;
    assert_eq!(answer.status(), 200);
    let user: Value = answer.json().await.unwrap();
    assert_eq!(user["type"], "anonymous");
    assert!(user["accountId"].is_null());
}

#[tokio::test]
async fn space_roles_have_five_states() {
    let (_emulator, confluence) = start(site(ConfluenceProduct::Cloud)).await;
    for (mode, name, roles) in [
        (SpaceRoleMode::NotSupported, None, 404),
        (SpaceRoleMode::PreRoles, Some("PRE_ROLES"), 404),
        (SpaceRoleMode::Transition, Some("ROLES_TRANSITION"), 200),
        (SpaceRoleMode::Roles, Some("ROLES"), 200),
        (SpaceRoleMode::Expired, Some("ROLES"), 404),
    ] {
        confluence.change(|site| site.space_roles = mode);
        let path = "/wiki/api/v2/space-role-mode";
        let answer = as_user(&confluence, path, EMAIL, "token").await;
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["mode"].as_str(), name, "{mode:?}");
        let path = "/wiki/api/v2/space-roles?limit=1";
        let answer = as_user(&confluence, path, EMAIL, "token").await;
        assert_eq!(answer.status(), roles, "{mode:?}");
    }
}

#[tokio::test]
async fn data_center_accepts_tokens_and_locks_an_account_after_failed_logins() {
    let (_emulator, confluence) = start(ConfluenceSite {
        context_path: "/confluence".to_owned(),
        captcha_after: Some(2),
        ..site(ConfluenceProduct::DataCenter)
    })
    .await;
    let path = "/rest/api/user/current";
    let answer = get(&confluence, path).bearer_auth("token").send().await;
    let user: Value = answer.unwrap().json().await.unwrap();
    assert_eq!(user["username"], EMAIL);
    assert!(user["userKey"].is_string());
    for expected in [401, 401, 403] {
        let answer = as_user(&confluence, path, EMAIL, "wrong").await;
        assert_eq!(answer.status(), expected);
    }
    let answer = as_user(&confluence, path, EMAIL, "token").await;
    assert_eq!(answer.status(), 403);
    let reason = answer.headers()["x-authentication-denied-reason"].to_str();
    assert!(reason.unwrap().starts_with("CAPTCHA_CHALLENGE"));
    // The other lists of a connector.
    for path in ["/rest/api/group", "/rest/api/user/list", "/rest/api/space"] {
        let answer = get(&confluence, path).bearer_auth("token").send().await;
        let list: Value = answer.unwrap().json().await.unwrap();
        assert!(list["size"].as_u64() > Some(0), "{path}: {list}");
    }
}

#[tokio::test]
async fn a_host_may_have_no_confluence() {
    let (_emulator, confluence) = start(site(ConfluenceProduct::Cloud)).await;
    let ask = || as_user(&confluence, CURRENT, EMAIL, "token");
    confluence.change(|site| site.is_missing = true);
    assert_eq!(ask().await.status(), 404);
    confluence.change(|site| site.is_web_page = true);
    let page = ask().await;
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html".parse().unwrap())
    );
    confluence.change(|site| site.redirect = Some("https://parked.example/".to_owned()));
    let answer = ask().await;
    assert_eq!(answer.headers()["location"], "https://parked.example/");
    confluence.change(|site| site.outage = Some((429, Some(30))));
    let answer = ask().await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"30".parse().unwrap())
    );
}
