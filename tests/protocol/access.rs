//! The plugin accepts only the client with the certificate that Terraform announced, and with its key.

use std::time::Duration;

use crate::plugin::{Launch, Plugin};
use crate::tls::Identity;
use crate::wait::within;

const SERVING: i32 = 1;
const LIMIT: Duration = Duration::from_secs(15);

#[tokio::test]
async fn terraforms_client_is_served() {
    let plugin = Launch::like_terraform().start().await;
    assert_served(&plugin).await;
}

#[tokio::test]
async fn another_client_certificate_is_refused() {
    let plugin = Launch::like_terraform().start().await;
    assert_refused(&plugin, Some(&Identity::like_terraforms())).await;
    assert_served(&plugin).await;
}

#[tokio::test]
async fn a_client_without_the_key_to_its_certificate_is_refused() {
    let plugin = Launch::like_terraform().start().await;
    let thief = plugin
        .identity()
        .with_the_key_of(&Identity::like_terraforms());
    assert_refused(&plugin, Some(&thief)).await;
    assert_served(&plugin).await;
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let plugin = Launch::like_terraform().start().await;
    assert_refused(&plugin, None).await;
    assert_served(&plugin).await;
}

#[tokio::test]
async fn a_plaintext_client_is_refused_when_tls_was_asked_for() {
    let plugin = Launch::like_terraform().start().await;
    let answer = within("a refusal", LIMIT, plugin.health(None)).await;
    answer.expect_err("nobody may be served without TLS");
    assert_served(&plugin).await;
}

#[tokio::test]
async fn refused_clients_do_not_stop_the_server() {
    let plugin = Launch::like_terraform().start().await;
    // A silent client stays connected while many others connect.
    let silent = crate::plugin::dial(&plugin.handshake.network, &plugin.handshake.address).await;
    let silent = silent.expect("a connection");
    for _ in 0..20 {
        assert_refused(&plugin, None).await;
    }
    assert_served(&plugin).await;
    drop(silent);
    assert_served(&plugin).await;
}

async fn assert_served(plugin: &Plugin) {
    let tls = plugin.trusting(Some(plugin.identity()));
    let health = within("an answer", LIMIT, plugin.health(Some(tls))).await;
    assert_eq!(health, Ok(SERVING));
}

async fn assert_refused(plugin: &Plugin, identity: Option<&Identity>) {
    let tls = plugin.trusting(identity);
    let answer = within("a refusal", LIMIT, plugin.health(Some(tls))).await;
    answer.expect_err("only Terraform's client may be served");
}
