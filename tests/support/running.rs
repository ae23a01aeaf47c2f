//! A running command, for tests that kill it or its plugin.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::terraform::{Run, Workspace};
use crate::wait::{until, within};

/// The time limit for processes to react.
const SOON: Duration = Duration::from_secs(20);

/// The output of a process so far, and whether it has ended.
#[derive(Debug)]
struct Output {
    text: Arc<Mutex<String>>,
    end: JoinHandle<()>,
}

impl Output {
    fn of(pipe: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let text: Arc<Mutex<String>> = Arc::default();
        let collected = Arc::clone(&text);
        let end = tokio::spawn(async move {
            let mut lines = BufReader::new(pipe).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut text = collected.lock().expect("no poison");
                text.push_str(&line);
                text.push('\n');
            }
        });
        Self { text, end }
    }

    fn so_far(&self) -> String {
        self.text.lock().expect("no poison").clone()
    }
}

/// A running command. Dropping it kills the command line tool, and then its plugin exits.
#[derive(Debug)]
pub(crate) struct Running {
    command: String,
    child: Child,
    stdout: Output,
    stderr: Output,
    plugins: PathBuf,
}

impl Workspace {
    /// Starts to plan and apply.
    pub(crate) fn start_apply(&self) -> Running {
        self.start(&["apply", "-no-color", "-input=false", "-auto-approve"])
    }

    /// Starts a command.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self.spawn(arguments);
        Running {
            command: arguments.join(" "),
            stdout: Output::of(child.stdout.take().expect("a pipe")),
            stderr: Output::of(child.stderr.take().expect("a pipe")),
            child,
            plugins: self.path("plugins"),
        }
    }
}

impl Running {
    /// The command line tool.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("a running command")
    }

    /// Returns the plugins of the command, including orphaned ones.
    pub(crate) async fn plugins(&self) -> Vec<u32> {
        let mut listing = Command::new("ps");
        listing.args(["-A", "-ww", "-o", "pid=,args="]);
        let listing = listing.output().await.expect("`ps` lists processes");
        let text = String::from_utf8_lossy(&listing.stdout).into_owned();
        let path = self.plugins.display().to_string();
        let processes = text.lines().filter(|line| line.contains(&path));
        let ids = processes.filter_map(|line| line.split_whitespace().next()?.parse().ok());
        ids.collect()
    }

    /// Kills the plugin. There must be exactly one.
    pub(crate) async fn kill_plugins(&self) {
        let plugins = self.plugins().await;
        assert!(!plugins.is_empty(), "no plugin runs");
        for plugin in plugins {
            signal(plugin, "KILL").await;
        }
    }

    /// Returns whether the command has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a status").is_some()
    }

    /// Waits until no plugin is left.
    pub(crate) async fn plugins_gone(&self) {
        self.plugins_gone_within(SOON).await;
    }

    /// Waits until no plugin is left, up to a limit.
    pub(crate) async fn plugins_gone_within(&self, limit: Duration) {
        within("the end of the plugins", limit, async {
            while !self.plugins().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    }

    /// Waits until the command prints this text to standard output.
    pub(crate) async fn says(&self, text: &str) {
        until(text, SOON, || {
            self.stdout.so_far().contains(text).then_some(())
        })
        .await;
    }

    /// Waits for the end.
    pub(crate) async fn end(self) -> Run {
        self.end_within(SOON).await
    }

    /// Waits for the end, up to a limit.
    pub(crate) async fn end_within(mut self, limit: Duration) -> Run {
        let status = within("the end of the command", limit, self.child.wait()).await;
        let pipes = async {
            let _ = tokio::join!(&mut self.stdout.end, &mut self.stderr.end);
        };
        within("the end of its output", SOON, pipes).await;
        Run {
            command: self.command,
            code: status.expect("an exit status").code(),
            stdout: self.stdout.so_far(),
            stderr: self.stderr.so_far(),
        }
    }
}

/// Sends a signal, for example `KILL`.
pub(crate) async fn signal(process: u32, name: &str) {
    assert!(
        try_signal(process, name).await,
        "`kill -{name} {process}` failed"
    );
}

/// Sends a signal. Returns false if the process has ended.
pub(crate) async fn try_signal(process: u32, name: &str) -> bool {
    let kill = format!("kill -{name} {process}");
    let status = Command::new("sh").args(["-c", &kill]).status().await;
    status.is_ok_and(|it| it.success())
}
