//! The end of the process, and go-plugin's helper services.

use std::time::Duration;

use crate::plugin::{Launch, Plugin, signal};
use crate::wait::until;
use crate::wire::goplugin::grpc_broker_client::GrpcBrokerClient;
use crate::wire::goplugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::goplugin::grpc_stdio_client::GrpcStdioClient;
use crate::wire::goplugin::{ConnInfo, Empty};
use crate::wire::health::HealthCheckRequest;
use crate::wire::health::health_client::HealthClient;

/// The time after which Terraform kills a plugin.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn shutdown_ends_the_process_in_time_with_code_0() {
    let mut plugin = Launch::like_terraform().start().await;
    let channel = plugin.connect().await;
    // Terraform keeps these two streams open until the end.
    let stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await;
    let broker = GrpcBrokerClient::new(channel.clone())
        .start_stream(tokio_stream::pending::<ConnInfo>())
        .await;
    let _ = GrpcControllerClient::new(channel).shutdown(Empty {}).await;
    assert_eq!(plugin.exit_code(PATIENCE).await, Some(0));
    drop((stdio, broker));
}

#[tokio::test]
async fn shutdown_ends_a_plaintext_process_too() {
    let mut plugin = Launch::plaintext().start().await;
    let _ = GrpcControllerClient::new(plugin.connect().await)
        .shutdown(Empty {})
        .await;
    assert_eq!(plugin.exit_code(PATIENCE).await, Some(0));
}

#[tokio::test]
async fn an_interrupt_is_ignored() {
    let plugin = Launch::like_terraform()
        .env("TF_LOG", "TRACE")
        .start()
        .await;
    for count in 1..=2 {
        plugin.signal("INT");
        until("a note of the interrupt", Duration::from_secs(10), || {
            let lines = plugin.stderr.lines();
            (lines
                .iter()
                .filter(|line| line.contains("interrupt"))
                .count()
                >= count)
                .then_some(())
        })
        .await;
    }
    serves(&plugin).await;
}

#[tokio::test]
async fn a_request_to_terminate_ends_the_process_and_removes_the_socket() {
    let mut plugin = Launch::like_terraform().start().await;
    serves(&plugin).await;
    plugin.signal("TERM");
    plugin.exit_code(PATIENCE).await;
    assert!(!std::path::Path::new(&plugin.handshake.address).exists());
}

#[tokio::test]
async fn the_process_ends_when_its_parent_was_killed() {
    let mut plugin = Launch::like_terraform().start_orphan_to_be().await;
    let orphan = until("the process id", PATIENCE, || process_id(&plugin)).await;
    // Even an open connection does not keep an orphaned plugin alive.
    let channel = plugin.connect().await;
    plugin
        .child()
        .start_kill()
        .expect("the parent can be killed");
    let gone = tokio::time::timeout(Duration::from_secs(10), async {
        until("its end", Duration::from_secs(20), || {
            plugin.stderr.has_ended().then_some(())
        })
        .await;
    });
    let gone = gone.await.is_ok();
    if !gone {
        signal(orphan, "KILL");
    }
    assert!(gone, "the plugin outlived its parent");
    drop(channel);
}

#[tokio::test]
async fn the_health_of_the_service_named_plugin_is_serving() {
    let plugin = Launch::like_terraform().start().await;
    serves(&plugin).await;
    let mut health = HealthClient::new(plugin.connect().await);
    let request = HealthCheckRequest {
        service: "nonsense".to_owned(),
    };
    let status = health
        .check(request)
        .await
        .expect_err("there is no such service");
    assert_eq!(status.code(), tonic::Code::NotFound);
}

#[tokio::test]
async fn stdio_and_broker_streams_stay_open_and_silent() {
    let plugin = Launch::like_terraform().start().await;
    let channel = plugin.connect().await;
    let mut stdio = GrpcStdioClient::new(channel.clone())
        .stream_stdio(())
        .await
        .expect("a stream");
    let mut broker = GrpcBrokerClient::new(channel)
        .start_stream(tokio_stream::pending::<ConnInfo>())
        .await
        .expect("a stream");
    let end = tokio::time::timeout(Duration::from_millis(300), async {
        tokio::select! {
            message = stdio.get_mut().message() => format!("stdio: {message:?}"),
            message = broker.get_mut().message() => format!("broker: {message:?}"),
        }
    });
    assert_eq!(end.await.ok(), None);
    serves(&plugin).await;
}

fn process_id(plugin: &Plugin) -> Option<u32> {
    plugin
        .stderr
        .lines()
        .iter()
        .find_map(|line| line.strip_prefix("pid ")?.parse().ok())
}

async fn serves(plugin: &Plugin) {
    let tls = plugin.trusting(Some(plugin.identity()));
    assert_eq!(plugin.health(Some(tls)).await, Ok(1));
}
