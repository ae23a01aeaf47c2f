//! The launch and the handshake line.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::plugin::{BINARY, Launch};
use crate::provider::Provider;
use crate::wait::within;
use crate::wire::Channel;

#[tokio::test]
async fn the_line_names_socket_and_certificate_when_terraform_offers_tls() {
    let plugin = Launch::like_terraform().start().await;
    let fields: Vec<&str> = plugin.handshake.line.trim_end().split('|').collect();
    assert_eq!(fields.len(), 6, "{fields:?}");
    assert_eq!(
        [fields[0], fields[1], fields[2], fields[4]],
        ["1", "6", "unix", "grpc"]
    );
    assert!(
        fields[5].len() > 50 && !fields[5].contains('='),
        "{fields:?}"
    );
}

#[tokio::test]
async fn the_line_ends_in_an_empty_certificate_without_tls() {
    let plugin = Launch::plaintext().start().await;
    let expected = format!("1|6|unix|{}|grpc|\n", plugin.handshake.address);
    assert_eq!(plugin.handshake.line, expected);
    plugin.health(None).await.expect("a plaintext connection");
}

#[tokio::test]
async fn a_seventh_field_declines_multiplexing_only_if_requested() {
    let plugin = Launch::like_terraform()
        .env("PLUGIN_MULTIPLEX_GRPC", "true")
        .start()
        .await;
    assert!(
        plugin.handshake.line.ends_with("|false\n"),
        "{}",
        plugin.handshake.line
    );
    let plugin = Launch::plaintext()
        .env("PLUGIN_MULTIPLEX_GRPC", "")
        .start()
        .await;
    assert!(
        plugin.handshake.line.ends_with("|grpc|\n"),
        "{}",
        plugin.handshake.line
    );
}

#[tokio::test]
async fn protocol_6_is_always_chosen() {
    for offer in ["6,5", "6", "5", ""] {
        let plugin = Launch::plaintext()
            .env("PLUGIN_PROTOCOL_VERSIONS", offer)
            .start()
            .await;
        assert!(
            plugin.handshake.line.starts_with("1|6|"),
            "{offer}: {}",
            plugin.handshake.line
        );
    }
}

#[tokio::test]
async fn started_by_hand_it_explains_itself_and_exits_1() {
    let without = Launch::like_terraform()
        .without("TF_PLUGIN_MAGIC_COOKIE")
        .run()
        .await;
    let wrong = Launch::like_terraform()
        .env("TF_PLUGIN_MAGIC_COOKIE", "d602")
        .run()
        .await;
    for refusal in [without, wrong] {
        assert_eq!(refusal.code, Some(1), "{refusal:?}");
        assert_eq!(refusal.stdout, "");
        for part in ["plugin", "Terraform", "terraform init"] {
            assert!(
                refusal.stderr.contains(part),
                "{part:?} is missing: {refusal:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_unreadable_client_certificate_stops_the_start() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE";
    for certificate in ["nonsense", broken] {
        let refusal = Launch::like_terraform()
            .env("PLUGIN_CLIENT_CERT", certificate)
            .run()
            .await;
        assert_eq!(refusal.code, Some(1), "{refusal:?}");
        assert_eq!(
            refusal.stdout, "",
            "nobody may be served without authentication"
        );
        assert!(refusal.stderr.contains("PLUGIN_CLIENT_CERT"), "{refusal:?}");
    }
}

#[tokio::test]
async fn an_empty_client_certificate_does_not_ask_for_plain_text() {
    let refusal = Launch::like_terraform()
        .env("PLUGIN_CLIENT_CERT", "")
        .run()
        .await;
    assert_eq!(refusal.code, Some(1), "{refusal:?}");
    assert_eq!(refusal.stdout, "");
    let words = "PLUGIN_CLIENT_CERT is set but empty";
    assert!(refusal.stderr.contains(words), "{refusal:?}");
}

#[tokio::test]
async fn nothing_is_written_to_standard_output_after_the_line() {
    let mut plugin = Launch::like_terraform()
        .env("TF_LOG", "TRACE")
        .start()
        .await;
    let tls = plugin.trusting(Some(plugin.identity()));
    plugin.health(Some(tls)).await.expect("a connection");
    plugin.signal("TERM");
    plugin.exit_code(Duration::from_secs(5)).await;
    assert_eq!(plugin.rest_of_stdout().await, "");
}

/// A plugin in debug mode with an attached client.
pub(crate) struct Debugged {
    /// Its client.
    pub(crate) provider: Provider,
    child: Child,
    quoted: String,
    attach: Value,
    launch: Launch,
    /// Standard output, which stays open because the plugin prints more lines.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Debugged {
    /// Starts a plugin in debug mode.
    pub(crate) async fn start() -> Self {
        Self::start_as(Self::launch(), Command::new(BINARY)).await
    }

    /// Returns the command of a manual start, which has no cookie.
    pub(crate) fn launch() -> Launch {
        Launch::plaintext()
            .without("TF_PLUGIN_MAGIC_COOKIE")
            .argument("-debug")
    }

    /// Starts a plugin with a command that becomes the plugin.
    pub(crate) async fn start_as(launch: Launch, command: Command) -> Self {
        let mut child = launch.spawn(command);
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let limit = Duration::from_secs(20);
        let quoted = within("the reattach line", limit, reattach(&mut stdout)).await;
        let value: Value = serde_json::from_str(&quoted).expect("JSON");
        let attach = value["registry.terraform.io/conductorone/confluence"].clone();
        // OpenTofu uses the provider's address in its own registry.
        assert_eq!(
            value["registry.opentofu.org/conductorone/confluence"],
            attach
        );
        let address = |key: &str| attach["Addr"][key].as_str().expect("an address").to_owned();
        let (network, address) = (address("Network"), address("String"));
        let dial = || crate::plugin::dial(&network, &address);
        // Terraform opens one silent connection before it uses the plugin.
        drop(dial().await.expect("a connection"));
        let channel = Channel::over(dial().await.expect("a connection")).await;
        Self {
            provider: Provider::over(channel.expect("a channel")).await,
            child,
            quoted,
            attach,
            launch,
            _stdout: stdout,
        }
    }

    /// Returns the text between the quotes as a shell reads it.
    pub(crate) fn quoted(&self) -> &str {
        &self.quoted
    }

    /// Its process ID.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("a running process")
    }

    /// The directory for its temporary files.
    pub(crate) fn dir(&self) -> &Path {
        self.launch.dir()
    }

    /// Returns the network (`unix` or `tcp`) and the address.
    pub(crate) fn address(&self) -> (&str, &str) {
        let part = |key: &str| self.attach["Addr"][key].as_str().expect("an address");
        (part("Network"), part("String"))
    }

    /// Presses Ctrl-C and returns the exit code.
    pub(crate) async fn interrupt(mut self) -> Option<i32> {
        crate::plugin::signal(self.id(), "INT");
        let end = within("the end", Duration::from_secs(10), self.child.wait()).await;
        end.expect("an exit status").code()
    }
}

#[tokio::test]
async fn debug_mode_prints_how_terraform_can_attach() {
    let debugged = Debugged::start().await;
    let attach = &debugged.attach;
    assert_eq!(attach["Protocol"], "grpc");
    assert_eq!(attach["ProtocolVersion"], 6);
    assert_eq!(attach["Pid"], debugged.id());
    assert_eq!(attach["Test"], true);
    assert_eq!(debugged.provider.schema.diagnostics, []);
    assert_eq!(
        debugged.interrupt().await,
        Some(0),
        "Ctrl-C ends debug mode"
    );
}

/// Reads lines up to the value of `TF_REATTACH_PROVIDERS`.
async fn reattach(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    loop {
        let line = lines
            .next_line()
            .await
            .expect("readable output")
            .expect("a reattach line");
        if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
            return value.strip_suffix('\'').expect("the end").to_owned();
        }
    }
}
