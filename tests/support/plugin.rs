//! The built binary as a process, started as Terraform starts it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::process::{Child, ChildStdout, Command};
use tokio_rustls::TlsConnector;

use crate::tls::{self, Identity};
use crate::wait::{until, within};
use crate::wire::goplugin::Empty;
use crate::wire::goplugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::health::health_client::HealthClient;
use crate::wire::health::{HealthCheckRequest, HealthCheckResponse};
use crate::wire::{Channel, Stream};

/// The plugin under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-confluence");
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// The number of started plugins. Each belongs to a separate run, although the same process starts all of them.
static RUNS: AtomicUsize = AtomicUsize::new(0);
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(20);
const EXIT_LIMIT: Duration = Duration::from_secs(20);

/// The start of a plugin. By default, it starts as Terraform does, with mutual TLS and no other variables.
#[derive(Debug)]
pub(crate) struct Launch {
    env: BTreeMap<String, String>,
    arguments: Vec<String>,
    identity: Option<Identity>,
    dir: TempDir,
}

impl Launch {
    /// Returns a start as Terraform does it.
    pub(crate) fn like_terraform() -> Self {
        let identity = Identity::like_terraforms();
        let dir = tempfile::tempdir().expect("a temporary directory");
        let tmpdir = dir.path().display().to_string();
        let run = format!("run-{}", RUNS.fetch_add(1, Ordering::Relaxed));
        let env = [
            ("TFC_RUN_ID", run.as_str()),
            ("TF_PLUGIN_MAGIC_COOKIE", COOKIE),
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
            ("PLUGIN_CLIENT_CERT", &identity.pem),
            ("TMPDIR", &tmpdir),
        ];
        let env = env
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        Self {
            env,
            arguments: Vec::new(),
            identity: Some(identity),
            dir,
        }
    }

    /// Returns a start as Terraform does it when TLS for plugins is disabled.
    pub(crate) fn plaintext() -> Self {
        let launch = Self::like_terraform().without("PLUGIN_CLIENT_CERT");
        Self {
            identity: None,
            ..launch
        }
    }

    /// Sets a variable of the plugin's environment.
    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.env.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Removes a variable from the plugin's environment.
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.env.remove(key);
        self
    }

    /// Adds an argument of the command line.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Returns the directory for the plugin's temporary files, such as its socket.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Starts the plugin and reads its handshake line.
    pub(crate) async fn start(self) -> Plugin {
        self.start_as(Command::new(BINARY)).await
    }

    /// Starts the plugin through a shell that becomes its parent and writes the plugin's process id to standard error.
    pub(crate) async fn start_orphan_to_be(self) -> Plugin {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#""$0" & echo "pid $!" >&2; wait"#, BINARY]);
        self.start_as(shell).await
    }

    /// Starts the plugin with a command that becomes the plugin or its parent, and reads its handshake line.
    pub(crate) async fn start_as(self, command: Command) -> Plugin {
        let mut child = self.spawn(command);
        let stderr = Log::of(&mut child);
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let line = stderr.line_of(&mut stdout).await;
        Plugin {
            handshake: Handshake::parse(&line),
            child,
            stdout,
            stderr,
            launch: self,
        }
    }

    /// Starts the plugin and waits until it exits.
    pub(crate) async fn run(self) -> Refusal {
        let child = self.spawn(Command::new(BINARY));
        let output = within("the plugin's end", EXIT_LIMIT, child.wait_with_output()).await;
        let output = output.expect("the plugin's output");
        Refusal {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts the plugin and returns its pipes, for starts without a handshake.
    pub(crate) fn spawn(&self, command: Command) -> Child {
        self.prepare(command).spawn().expect("the plugin starts")
    }

    /// Sets the environment of a program as Terraform does for the plugin.
    pub(crate) fn prepare(&self, mut command: Command) -> Command {
        command
            .args(&self.arguments)
            .env_clear()
            .envs(&self.env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// The result of a plugin that did not serve.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The exit code, or none after a signal.
    pub(crate) code: Option<i32>,
    /// Everything on standard output.
    pub(crate) stdout: String,
    /// Everything on standard error.
    pub(crate) stderr: String,
}

/// The handshake line.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// All of it, without the newline.
    pub(crate) line: String,
    /// `unix` or `tcp`.
    pub(crate) network: String,
    /// Path or host and port.
    pub(crate) address: String,
    /// The decoded sixth field. Empty without TLS.
    pub(crate) certificate: Vec<u8>,
}

impl Handshake {
    fn parse(line: &str) -> Self {
        let fields: Vec<&str> = line.trim_end_matches('\n').split('|').collect();
        assert!(fields.len() >= 6, "not a handshake line: {line:?}");
        Self {
            line: line.to_owned(),
            network: fields[2].to_owned(),
            address: fields[3].to_owned(),
            certificate: STANDARD_NO_PAD
                .decode(fields[5])
                .expect("base64 without padding"),
        }
    }
}

/// Standard error, line by line, collected in the background.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
}

impl Log {
    fn of(child: &mut Child) -> Self {
        let log = Self::default();
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let collector = log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = stderr.next_line().await {
                collector.lines.lock().expect("no poison").push(line);
            }
            collector.ended.store(true, Ordering::Release);
        });
        log
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no poison").clone()
    }

    /// Returns whether standard error is closed, because the plugin has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    async fn line_of(&self, stdout: &mut BufReader<ChildStdout>) -> String {
        let mut line = String::new();
        let read = tokio::time::timeout(HANDSHAKE_LIMIT, stdout.read_line(&mut line)).await;
        let complete = matches!(read, Ok(Ok(_))) && line.ends_with('\n');
        assert!(
            complete,
            "no handshake line but {line:?}; standard error: {:#?}",
            self.lines()
        );
        line
    }
}

/// A running plugin. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Plugin {
    /// The plugin's handshake line.
    pub(crate) handshake: Handshake,
    /// The plugin's standard error.
    pub(crate) stderr: Log,
    child: Child,
    stdout: BufReader<ChildStdout>,
    launch: Launch,
}

impl Plugin {
    /// Connects as Terraform does.
    pub(crate) async fn connect(&self) -> Channel {
        let config = self
            .launch
            .identity
            .as_ref()
            .map(|identity| self.trusting(Some(identity)));
        self.connect_with(config)
            .await
            .expect("a connection to the plugin")
    }

    /// A TLS client that trusts this plugin and presents `identity`.
    pub(crate) fn trusting(&self, identity: Option<&Identity>) -> ClientConfig {
        tls::client(self.handshake.certificate.clone(), identity)
    }

    /// Returns the client certificate that the plugin accepts.
    pub(crate) fn identity(&self) -> &Identity {
        self.launch.identity.as_ref().expect("a launch with TLS")
    }

    /// Connects with TLS of this configuration, or in plain text.
    pub(crate) async fn connect_with(&self, config: Option<ClientConfig>) -> io::Result<Channel> {
        let stream = dial(&self.handshake.network, &self.handshake.address).await?;
        let Some(config) = config else {
            return Channel::over(stream).await;
        };
        let name = ServerName::try_from("localhost").expect("a valid name");
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await?;
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(&b"h2"[..]),
            "no protocol was agreed"
        );
        Channel::over(stream).await
    }

    /// Connects and requests the health of the service `plugin`.
    pub(crate) async fn health(&self, config: Option<ClientConfig>) -> Result<i32, String> {
        let connection = Box::pin(self.connect_with(config));
        let channel = connection.await.map_err(|error| error.to_string())?;
        let request = HealthCheckRequest {
            service: "plugin".to_owned(),
        };
        let answer = HealthClient::new(channel).check(request).await;
        let HealthCheckResponse { status } =
            answer.map_err(|status| status.to_string())?.into_inner();
        Ok(status)
    }

    /// Sends a signal, for example `INT`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// The process ID of the plugin, or of the shell that started it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("a running process")
    }

    /// The process that this test started: the plugin, or its parent shell.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Stops the plugin as Terraform does, and returns the exit code.
    pub(crate) async fn shut_down(&mut self) -> Option<i32> {
        let mut controller = GrpcControllerClient::new(self.connect().await);
        // The connection may close before the response. Terraform accepts both.
        let _ = within("the answer", EXIT_LIMIT, controller.shutdown(Empty {})).await;
        self.exit_code(EXIT_LIMIT).await
    }

    /// Waits for the end and returns the exit code.
    pub(crate) async fn exit_code(&mut self, limit: Duration) -> Option<i32> {
        let status = within("the plugin's end", limit, self.child.wait()).await;
        until("the end of standard error", limit, || {
            self.stderr.has_ended().then_some(())
        })
        .await;
        status.expect("an exit status").code()
    }

    /// Returns the standard output after the handshake line. The plugin must have ended.
    pub(crate) async fn rest_of_stdout(&mut self) -> String {
        let mut rest = String::new();
        let read = self.stdout.read_to_string(&mut rest);
        within("the end of standard output", EXIT_LIMIT, read)
            .await
            .expect("readable output");
        rest
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "--- the plugin's standard error\n{}",
                self.stderr.lines().join("\n")
            );
        }
    }
}

/// Returns a shell command that runs a prefix, for example `umask 000`, and then becomes the plugin.
pub(crate) fn after(setup: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!(r#"{setup}; exec "$0" "$@""#), BINARY]);
    shell
}

/// Sends a signal to a process of this test.
pub(crate) fn signal(process: u32, name: &str) {
    let kill = format!("kill -{name} {process}");
    let status = std::process::Command::new("sh")
        .args(["-c", &kill])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "`{kill}` failed"
    );
}

/// Connects to the address of a handshake or reattach line.
pub(crate) async fn dial(network: &str, address: &str) -> io::Result<Box<dyn Stream>> {
    Ok(match network {
        "unix" => Box::new(UnixStream::connect(address).await?),
        _ => Box::new(TcpStream::connect(address).await?),
    })
}
