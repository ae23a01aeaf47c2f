//! Delays and faults of an eventually consistent service and its network.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use conductorone_emulator::{BATON, Emulator, Exchange, Fault, FaultAction, Observer, Options};
use serde_json::{Value, json};

use crate::support::{Tenant, client, config};

/// Waits until a read succeeds.
async fn until_found(tenant: &Tenant, path: &str) {
    while tenant.get(path).await.0 != 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn connectors_and_apps_show_late() {
    let tenant = Tenant::start().await;
    tenant.switch(|switches| {
        switches.connector_delay_ms = 300;
        switches.app_delay_ms = 300;
    });
    let rows = async |path: &str| tenant.get(path).await.1["list"].as_array().unwrap().len();
    let (_, app) = tenant
        .post("/api/v1/apps", json!({"displayName": "Late"}))
        .await;
    let app = format!("/api/v1/apps/{}", app["app"]["id"].as_str().unwrap());
    assert_eq!(tenant.get(&app).await.0, 404);

    let id = tenant.create_id(BATON, config(&[])).await;
    let connectors = format!("/api/v1/apps/{}/connectors", tenant.emulator.app_id());
    let connector = format!("{connectors}/{id}");
    assert_eq!(tenant.get(&connector).await.0, 404);
    assert_eq!(rows(&connectors).await, 0);
    let change = json!({"connector": {"displayName": "n"}, "updateMask": "displayName"});
    let update = tenant.post(&connector, change).await;
    assert_eq!(update.0, 200, "a write finds it: {}", update.1);

    until_found(&tenant, &connector).await;
    until_found(&tenant, &app).await;
    assert_eq!(rows(&connectors).await, 1);
}

#[tokio::test]
async fn a_fault_may_be_any_status_and_any_text() {
    let tenant = Tenant::start().await;
    let url = format!("{}/api/v1/apps", tenant.emulator.url());
    let get = async |action: FaultAction| {
        tenant.emulator.clear_faults();
        tenant.emulator.add_fault(Fault::every("GET", "", action));
        let response = client().get(&url).send().await.unwrap();
        let later = response.headers().get("retry-after").cloned();
        (
            response.status().as_u16(),
            later,
            response.text().await.unwrap(),
        )
    };
    for (status, code) in [(408, 4), (409, 6), (499, 1), (500, 2), (501, 12), (504, 4)] {
        let (found, _, body) = get(FaultAction::status(status)).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((found, &body["code"]), (status, &json!(code)));
    }
    let date = "Thu, 01 Jan 2099 00:00:00 GMT";
    let (_, later, _) = get(FaultAction::Status {
        code: 429,
        retry_after: Some(date.to_owned()),
        message: String::new(),
    })
    .await;
    assert_eq!(later.unwrap(), date);
    let (status, _, body) = get(FaultAction::Body {
        status: 502,
        content_type: "text/plain".to_owned(),
        body: "upstream gone".to_owned(),
    })
    .await;
    assert_eq!((status, body.as_str()), (502, "upstream gone"));
}

#[tokio::test]
async fn an_observer_sees_every_exchange_and_whose_the_answer_was() {
    let seen: Arc<Mutex<Vec<Exchange>>> = Arc::default();
    let log = Arc::clone(&seen);
    let observer = Observer::new(move |exchange: &Exchange| {
        log.lock().unwrap().push(exchange.clone());
    });
    let options = Options {
        observer: Some(observer),
        ..Options::default()
    };
    let emulator = Emulator::start(options).await.unwrap();
    let actions = [
        FaultAction::DropAfter,
        FaultAction::Html,
        FaultAction::Truncate,
    ];
    for (nth, action) in (1..).zip(actions) {
        emulator.add_fault(Fault::nth("GET", "", nth, action));
    }
    let url = format!("{}/api/v1/apps/{}", emulator.url(), emulator.app_id());
    for _ in 0..4 {
        let request = client().get(&url).bearer_auth(emulator.access_token());
        if let Ok(response) = request.send().await {
            let _ = response.bytes().await;
        }
    }
    let seen = seen.lock().unwrap().clone();
    let seen: Vec<_> = seen
        .iter()
        .map(|it| (it.request.status, it.answer.is_some()))
        .collect();
    let expected = [
        (None, false),
        (Some(200), false),
        (Some(200), false),
        (Some(200), true),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn only_http_1_may_be_offered_and_other_names_certified() {
    let emulator = Emulator::start(Options {
        tls: true,
        http1_only: true,
        host_names: vec!["emulator.test".to_owned()],
        ..Options::default()
    })
    .await
    .unwrap();
    let authority = reqwest::Certificate::from_pem(emulator.ca_pem().unwrap().as_bytes()).unwrap();
    let port = emulator.url().rsplit(':').next().unwrap().parse().unwrap();
    let trusting = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([authority])
        .resolve("emulator.test", ([127, 0, 0, 1], port).into())
        .build()
        .unwrap();
    let response = trusting
        .get(format!("https://emulator.test:{port}/api/v1/apps"))
        .bearer_auth(emulator.access_token())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.version(), reqwest::Version::HTTP_11);
    assert_eq!(emulator.most_connections_at_once(), 1);
}
