//! Checks against a scripted server.

mod cloud;
mod data_center;
mod servers;

use secrecy::SecretString;

use crate::conductorone::test_support::server::{ReceivedRequest, Reply, TestServer, json_reply};

use super::{Connection, Login, Outcome, Product, check};

const TOKEN: &str = "ATATT3x-confluence-token";

/// The current user of Cloud and of Data Center.
const USER: &str =
    r#"{"type":"known","accountId":"712020:1","userKey":"8a7f","displayName":"Svc"}"#;
const GROUPS: &str =
    r#"{"results":[{"type":"group","name":"site-admins"}],"start":0,"limit":1,"size":1}"#;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn cloud(base: &str, use_rbac: bool) -> Login {
    let product = Product::Cloud { use_rbac };
    Login::with_password(product, base, "svc@acme.example", secret(TOKEN)).unwrap()
}

fn data_center(base: &str) -> Login {
    Login::with_token(base, secret(TOKEN)).unwrap()
}

async fn judge(login: &Login) -> Outcome {
    let connection = Connection {
        user_agent: "tests",
        proxy: None,
    };
    check(login, connection).await
}

/// A server that answers each path, without its query, with the reply for it.
async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> TestServer {
    TestServer::start(move |request: &ReceivedRequest, _| {
        let target = request.line.strip_prefix("GET ").unwrap();
        answer(target.split('?').next().unwrap())
    })
    .await
}

fn base(server: &TestServer) -> String {
    format!("http://127.0.0.1:{}", server.port)
}

/// Replies as a Cloud site with this mode of space roles to an administrator.
fn healthy_cloud(path: &str, mode: &str) -> Reply {
    match path {
        "/wiki/rest/api/user/current" => json_reply(USER),
        "/wiki/rest/api/group" => json_reply(GROUPS),
        "/wiki/api/v2/space-role-mode" => json_reply(&format!(r#"{{"mode":"{mode}"}}"#)),
        "/wiki/api/v2/space-roles" => json_reply(r#"{"results":[]}"#),
        _ => Reply::Send(404, "", String::new()),
    }
}
