//! Users, roles and searches over HTTP.

use crate::support::Tenant;
use conductorone_emulator::{DeletedAnswer, Time};
use serde_json::{Value, json};

#[tokio::test]
async fn searches_come_in_pages() {
    let tenant = Tenant::start().await;
    for number in 0..12 {
        tenant.emulator.add_app(&format!("Wiki {number}"));
        tenant
            .emulator
            .add_user(&format!("Wiki {number}"), "w@acme.example", &[]);
    }
    for (path, filter) in [
        ("/api/v1/search/apps", ("displayName", "wIKI")),
        ("/api/v1/search/users", ("email", "W@acme.example")),
    ] {
        let page = |token: String| {
            let body = json!({filter.0: filter.1, "pageSize": 10, "pageToken": token});
            async { tenant.post(path, body).await }
        };
        let (_, first) = page(String::new()).await;
        assert_eq!(first["list"].as_array().unwrap().len(), 10, "{path}");
        let token = first["nextPageToken"].as_str().unwrap();
        let (_, last) = page(token.to_owned()).await;
        assert_eq!(last["list"].as_array().unwrap().len(), 2, "{path}");
        assert_eq!(last["nextPageToken"], "", "{path}");
        assert_eq!(page("nonsense".to_owned()).await.0, 400, "{path}");
    }
}

#[tokio::test]
async fn a_deleted_user_is_only_found_by_searching() {
    let tenant = Tenant::start().await;
    let [alice, bob] = ["alice", "bob"].map(|name| tenant.emulator.user_id(name));
    tenant
        .emulator
        .edit_user(&alice, |user| user.deleted_at = Some(Time::now()));
    let (_, users) = tenant.get("/api/v1/users").await;
    let rows = users["list"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["userId"] != json!(alice)));
    let body = json!({"refs": [{"id": alice}, {"id": bob}]});
    let (_, found) = tenant.post("/api/v1/search/users", body).await;
    assert!(found["list"][0]["user"]["deletedAt"].is_string());
    assert_eq!(found["list"][1]["user"]["deletedAt"], Value::Null);

    let path = format!("/api/v1/users/{alice}");
    assert_eq!(tenant.get(&path).await.0, 404);
    tenant.switch(|it| it.deleted_answer = DeletedAnswer::DeletedAt);
    let (_, answer) = tenant.get(&path).await;
    assert!(answer["userView"]["user"]["deletedAt"].is_string());
    let owners = format!("/api/v1/apps/{}/owners", tenant.emulator.app_id());
    let body = Some(json!({"userIds": [alice]}));
    assert_eq!(tenant.send("PUT", &owners, body).await.0, 404);
}

#[tokio::test]
async fn users_hold_roles() {
    let tenant = Tenant::start().await;
    let (_, roles) = tenant.get("/api/v1/iam/roles?page_size=100").await;
    let role = |name: &str| {
        let rows = roles["list"].as_array().unwrap();
        let found = rows.iter().find(|row| row["displayName"] == name);
        found.unwrap().clone()
    };
    assert_eq!(role("Super Administrator")["name"], "system:owner");
    let dave = format!("/api/v1/users/{}", tenant.emulator.user_id("dave"));
    let (_, dave) = tenant.get(&dave).await;
    let user = &dave["userView"]["user"];
    assert_eq!(user["roleIds"], json!([role("Basic User")["id"]]));
    assert_eq!(user["status"], "DISABLED");
    assert_eq!(tenant.get("/api/v1/users/nobody").await.0, 404);
}

#[tokio::test]
async fn users_are_found_by_email() {
    let tenant = Tenant::start().await;
    let body = json!({"email": "ALICE@acme.example", "pageSize": 100});
    let (_, answer) = tenant.post("/api/v1/search/users", body).await;
    assert_eq!(
        answer["list"][0]["user"]["id"],
        json!(tenant.emulator.user_id("alice"))
    );
    assert_eq!(answer["list"].as_array().unwrap().len(), 1);
    let too_many = json!({"pageSize": 101});
    assert_eq!(tenant.post("/api/v1/search/users", too_many).await.0, 400);
    let (_, me) = tenant.get("/api/v1/auth/introspect").await;
    assert_eq!(me["userId"], json!(tenant.emulator.user_id("terraform")));
    assert_eq!(
        tenant
            .send("POST", "/api/v1/users/introspect", None)
            .await
            .1["userView"]["userId"],
        me["userId"]
    );
}
