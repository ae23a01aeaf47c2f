//! The emulator as a network peer: tokens, TLS, redirects, faults, the journal and the control endpoints.

use crate::support::{Tenant, client, config, status, token};
use conductorone_emulator::{BATON, Emulator, Fault, FaultAction, Options, token_request};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_is_issued_and_expires() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", emulator.client_id()),
        ("client_secret", emulator.client_secret()),
    ];
    let (code, answer) = token(&emulator, &form).await;
    assert_eq!(
        (code, &answer["token_type"], &answer["expires_in"]),
        (200, &json!("Bearer"), &json!(3600))
    );
    let bearer = answer["access_token"].as_str().unwrap();
    assert_eq!(status(&emulator, bearer).await, 200);
    emulator.expire_tokens();
    assert_eq!(status(&emulator, bearer).await, 401);
    assert_eq!(status(&emulator, emulator.access_token()).await, 200);
    assert_eq!(status(&emulator, "nonsense").await, 401);
}

#[tokio::test]
async fn a_signed_assertion_is_for_the_host_that_is_called() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    for (audience, lifetime, expected) in [
        ("127.0.0.1", 120, 200),
        ("acme.conductor.one", 120, 401),
        ("127.0.0.1", 400, 401),
    ] {
        let (id, secret) = (emulator.client_id(), emulator.client_secret());
        let form = token_request(id, secret, audience, lifetime).unwrap();
        assert_eq!(
            token(&emulator, &form).await.0,
            expected,
            "{audience} {lifetime}"
        );
    }
}

#[tokio::test]
async fn token_requests_that_are_wrong_say_how() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let id = emulator.client_id();
    for (form, expected) in [
        (
            vec![("grant_type", "password")],
            (400, "unsupported_grant_type"),
        ),
        (vec![("client_id", id)], (400, "invalid_request")),
        (
            vec![("grant_type", "client_credentials"), ("client_id", "x")],
            (401, "invalid_client"),
        ),
        (
            vec![
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", "x"),
            ],
            (401, "invalid_client"),
        ),
    ] {
        let (code, answer) = token(&emulator, &form).await;
        assert_eq!(
            (code, answer["error"].as_str().unwrap()),
            expected,
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn an_oidc_token_is_exchanged() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    let exchange = |subject_token: String| {
        let emulator = &emulator;
        async move {
            let form = [
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                ("subject_token", &subject_token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
                ("client_id", emulator.federation_client_id()),
            ];
            token(emulator, &form).await
        }
    };
    assert_eq!(exchange(emulator.oidc_token().to_owned()).await.0, 200);
    assert_eq!(
        exchange("another".to_owned()).await.1["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn https_needs_the_emulators_own_authority() {
    let emulator = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let url = format!("{}/api/v1/apps", emulator.url());
    assert!(client().get(&url).send().await.is_err());
    let authority = reqwest::Certificate::from_pem(emulator.ca_pem().unwrap().as_bytes()).unwrap();
    let trusting = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([authority])
        .build()
        .unwrap();
    let response = trusting
        .get(&url)
        .bearer_auth(emulator.access_token())
        .send()
        .await
        .unwrap();
    assert_eq!(
        (response.status().as_u16(), response.version()),
        (200, reqwest::Version::HTTP_2)
    );
    assert_eq!(emulator.journal()[0].http_version, "HTTP/2.0");

    emulator.add_fault(Fault::nth(
        "GET",
        "/api/v1/apps",
        1,
        FaultAction::DropBefore,
    ));
    assert!(
        trusting
            .get(&url)
            .bearer_auth(emulator.access_token())
            .send()
            .await
            .is_err()
    );
    let again = trusting
        .get(&url)
        .bearer_auth(emulator.access_token())
        .send()
        .await
        .unwrap();
    assert_eq!(again.status().as_u16(), 200);
    assert_eq!(
        emulator.connections_opened(),
        3,
        "one refused, one dropped, one new"
    );
    emulator.shut_down().await;
    assert!(trusting.get(&url).send().await.is_err());
    emulator.restart().await.unwrap();
    let request = trusting.get(&url).bearer_auth(emulator.access_token());
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn an_empty_segment_leads_to_the_collection() {
    let emulator = Emulator::start(Options::default()).await.unwrap();
    for (path, location) in [
        ("/api/v1/apps/", "/api/v1/apps"),
        ("/api/v1/apps/%2F", "/api/v1/apps"),
        (
            "/api/v1/apps//connectors?page_size=10",
            "/api/v1/apps/connectors?page_size=10",
        ),
    ] {
        let response = client()
            .get(format!("{}{path}", emulator.url()))
            .send()
            .await
            .unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["location"]),
            (301, &location.parse().unwrap())
        );
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let tenant = Tenant::start().await;
    assert_eq!(tenant.get("/api/v1/nonsense").await.1["code"], 5);
    assert_eq!(tenant.send("PUT", "/api/v1/apps", None).await.1["code"], 12);
}

#[tokio::test]
async fn a_dropped_request_was_carried_out_or_not() {
    let tenant = Tenant::start().await;
    let url = format!(
        "{}/api/v1/apps/{}/connectors",
        tenant.emulator.url(),
        tenant.emulator.app_id()
    );
    for (action, stored) in [
        (FaultAction::DropBefore, 0),
        (FaultAction::DropAfter, 1),
        (FaultAction::Truncate, 2),
    ] {
        tenant.emulator.clear_faults();
        tenant
            .emulator
            .add_fault(Fault::nth("POST", "*/connectors", 1, action));
        let request = client()
            .post(&url)
            .bearer_auth(tenant.emulator.access_token());
        let answer = match request.json(&json!({"catalogId": BATON})).send().await {
            Ok(response) => response.text().await,
            Err(error) => Err(error),
        };
        assert!(answer.is_err());
        assert_eq!(tenant.emulator.connectors().len(), stored);
    }
    let seen: Vec<_> = tenant
        .emulator
        .journal()
        .into_iter()
        .map(|entry| entry.status)
        .collect();
    assert_eq!(seen, [None, None, Some(200)]);
}

#[tokio::test]
async fn faults_answer_in_the_services_place() {
    let tenant = Tenant::start().await;
    let get = || async {
        let request = client().get(format!("{}/api/v1/apps", tenant.emulator.url()));
        request
            .bearer_auth(tenant.emulator.access_token())
            .send()
            .await
            .unwrap()
    };
    for action in [
        FaultAction::status(429),
        FaultAction::Html,
        FaultAction::Redirect {
            location: "/x".to_owned(),
        },
    ] {
        tenant
            .emulator
            .add_fault(Fault::first("GET", "/api/v1/apps", 1, action));
    }
    tenant
        .emulator
        .add_fault(Fault::nth("GET", "/api/v1/apps", 2, FaultAction::Html));
    let limited = get().await;
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"1".parse().unwrap())
    );
    assert_eq!(limited.json::<Value>().await.unwrap()["code"], 8);
    assert!(get().await.text().await.unwrap().starts_with("<!DOCTYPE"));
    assert_eq!(get().await.status().as_u16(), 200);
}

#[tokio::test]
async fn a_rate_limit_is_for_all_requests_and_can_change() {
    let tenant = Tenant::start().await;
    let limit = async |limit: Value| {
        let switches = json!({"rateLimit": limit});
        let path = "/_emulator/switches";
        let (status, _) = tenant.send("PUT", path, Some(switches)).await;
        assert_eq!(status, 200);
    };
    let statuses = async || {
        let mut statuses = Vec::new();
        for path in ["/api/v1/apps", "/api/v1/catalog/connectors", "/api/v1/apps"] {
            statuses.push(tenant.get(path).await.0);
        }
        statuses
    };
    limit(json!({"requests": 1, "perMs": 3_600_000, "retryAfter": true})).await;
    assert_eq!(statuses().await, [200, 429, 429]);
    limit(Value::Null).await;
    assert!(!statuses().await.contains(&429));
    let journal = tenant.emulator.journal().into_iter();
    let refused = journal.filter(|entry| entry.status == Some(429));
    assert_eq!(refused.count(), 2);
}

#[tokio::test]
async fn other_processes_control_it_too() {
    let tenant = Tenant::start().await;
    let (_, switches) = tenant
        .send(
            "PUT",
            "/_emulator/switches",
            Some(json!({"echoUserIds": true})),
        )
        .await;
    assert_eq!(
        (&switches["echoUserIds"], &switches["tokenType"]),
        (&json!(true), &json!("Bearer"))
    );
    assert_eq!(
        tenant
            .send("PUT", "/_emulator/switches", Some(json!({"nonsense": 1})))
            .await
            .0,
        400
    );
    let id = tenant.create_id(BATON, config(&[])).await;
    let fault = json!({"path": "*", "times": 1, "action": {"status": {"code": 503}}});
    tenant.post("/_emulator/faults", fault).await;
    assert_eq!(tenant.get("/api/v1/apps").await.0, 503);
    tenant
        .post(
            &format!("/_emulator/connectors/{id}"),
            json!({"displayName": "drift"}),
        )
        .await;
    assert_eq!(tenant.connector(&id).await["displayName"], "drift");
    tenant
        .send(
            "POST",
            &format!("/_emulator/connectors/{id}/delete?mode=hard"),
            None,
        )
        .await;
    assert_eq!(
        tenant.get("/_emulator/connectors").await.1,
        json!({"connectors": []})
    );
    let (_, journal) = tenant.get("/_emulator/journal").await;
    let requests = journal["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3, "control requests are not journalled");
    assert_eq!(requests[0]["body"]["catalogId"], BATON);
}
