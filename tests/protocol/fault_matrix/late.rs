//! What a service does after its client has given up.

use conductorone_emulator::{Emulator, JournalEntry};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

/// Carries a request out that was received and not answered, whatever comes of it by now.
pub(crate) async fn carry_out(emulator: &Emulator, request: &JournalEntry) {
    let client = reqwest::Client::builder().no_proxy().build();
    let method: Method = request.method.parse().expect("a method");
    let late = client
        .expect("a client")
        .request(method, format!("{}{}", emulator.url(), request.path))
        .header(AUTHORIZATION, format!("Bearer {}", emulator.access_token()));
    let late = match &request.body {
        Value::Null => late,
        body => late
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string()),
    };
    late.send().await.expect("an answer");
}
