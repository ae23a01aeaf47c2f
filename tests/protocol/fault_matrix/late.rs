//! Requests that the service carries out after the client has timed out.

use conductorone_emulator::{Emulator, JournalEntry};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

/// Carries out a request that was received and not answered. Its result does not matter.
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
