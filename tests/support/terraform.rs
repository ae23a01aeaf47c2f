//! The real `terraform` (or `tofu`) in a separate directory, with the built provider.

use std::collections::BTreeMap;
use std::env::consts::{ARCH, OS};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use conductorone_emulator::Emulator;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-confluence");
const SOURCE: &str = "conductorone/confluence";
/// The vendor's provider, whose objects can move here. The command line tool requires it if a state names it.
const VENDOR: &str = "conductorone/conductorone";
/// This provider under the address of a fork. State that names it requires it, too.
pub(crate) const FORK: &str = "acme/confluence";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The CLI configuration file.
const SETTINGS: &str = "cli.tfrc";
/// The time limit of every command, because every wait of the provider ends.
const LIMIT: Duration = Duration::from_mins(2);

/// Returns the command line tool: `terraform`, or `tofu`. Without one, the test is skipped, except in CI.
pub(crate) fn cli() -> Option<&'static Path> {
    static CLI: OnceLock<Option<PathBuf>> = OnceLock::new();
    CLI.get_or_init(|| {
        let cli = installed("terraform").or_else(|| installed("tofu"));
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(
            cli.is_some() || !in_ci,
            "neither terraform nor tofu is installed"
        );
        if cli.is_none() {
            skip("no acceptance test runs: neither terraform nor tofu is installed");
        }
        cli
    })
    .as_deref()
}

fn installed(name: &str) -> Option<PathBuf> {
    let directories = std::env::var_os("PATH")?;
    let mut candidates = std::env::split_paths(&directories).map(|dir| dir.join(name));
    candidates.find(|path| path.is_file())
}

/// Returns Go's name of an operating system or a processor.
fn in_go(name: &str) -> &str {
    match name {
        "macos" => "darwin",
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Returns Terraform's name of this platform.
pub(crate) fn platform() -> String {
    format!("{}_{}", in_go(OS), in_go(ARCH))
}

/// Creates a link to a provider's binary, and its folders.
fn link(binary: &Path, link: &Path) {
    let folder = link.parent().expect("a link is in a folder");
    std::fs::create_dir_all(folder).expect("a directory");
    std::os::unix::fs::symlink(binary, link).expect("a link to the provider");
}

/// Reports a skipped test directly on standard error, because the harness captures the output of tests.
pub(crate) fn skip(what: &str) {
    // If standard error is closed, there is nowhere left to report it.
    let _ = writeln!(std::io::stderr(), "\nSKIPPED: {what}\n");
}

/// A working directory with its own configuration, state, and command line settings.
#[derive(Debug)]
pub(crate) struct Workspace {
    dir: TempDir,
    cli: &'static Path,
    env: BTreeMap<String, String>,
    /// The time limit of a command.
    limit: Duration,
    /// Whether the terminal sends Ctrl-C to commands, too.
    shares_terminal: bool,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Run {
    /// The command line, for messages.
    pub(crate) command: String,
    /// The exit code, or none after a signal.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Run {
    /// Returns both outputs, without frames and line breaks that depend on the terminal width.
    pub(crate) fn text(&self) -> String {
        let text = format!("{} {}", self.stdout, self.stderr);
        let words = text
            .split_whitespace()
            .filter(|word| !matches!(*word, "│" | "╷" | "╵"));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Returns itself. The command must have succeeded.
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// Returns itself. The command must have failed.
    pub(crate) fn failed(self) -> Self {
        assert_eq!(self.code, Some(1), "{self}");
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            command,
            code,
            stdout,
            stderr,
        } = self;
        write!(
            formatter,
            "`{command}` exited with {code:?}\n{stdout}\n{stderr}"
        )
    }
}

/// The result of `plan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The plan is empty.
    NoChanges,
    /// The plan has changes.
    Changes,
    /// The plan failed.
    Error,
}

/// A saved plan.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its JSON form.
    pub(crate) json: Value,
}

impl Plan {
    /// Returns the planned actions of a resource, for example `["update"]`.
    pub(crate) fn actions(&self, address: &str) -> Vec<&str> {
        let actions = self.change(address)["actions"].as_array();
        let actions = actions.expect("actions").iter();
        actions.filter_map(Value::as_str).collect()
    }

    /// Returns the planned change of a resource.
    pub(crate) fn change(&self, address: &str) -> &Value {
        let changes = self.json["resource_changes"].as_array().expect("changes");
        let change = changes.iter().find(|change| change["address"] == address);
        let change = change.unwrap_or_else(|| panic!("{address} is not in the plan: {changes:#?}"));
        &change["change"]
    }
}

impl Workspace {
    /// Returns an empty directory that uses the built provider without `init`.
    pub(crate) fn new(cli: &'static Path) -> Self {
        Self::running(cli, Path::new(BINARY))
    }

    /// Returns the same with another build of the provider.
    pub(crate) fn running(cli: &'static Path, binary: &Path) -> Self {
        let workspace = Self::overriding(cli, &[SOURCE, VENDOR, FORK], binary);
        let required =
            json!({"terraform": {"required_providers": {"confluence": {"source": SOURCE}}}});
        std::fs::write(workspace.path("versions.tf.json"), required.to_string()).expect("a file");
        workspace
    }

    /// Returns an empty directory that uses a provider's binary under these addresses without `init`.
    pub(crate) fn overriding(cli: &'static Path, sources: &[&str], binary: &Path) -> Self {
        let workspace = Self::without_provider(cli);
        let plugins = workspace.path("plugins");
        // A link, because Terraform also considers other files next to the built binary.
        let overrides = sources.iter().map(|source| {
            let folder = plugins.join(source);
            let name = source.rsplit('/').next().expect("a type");
            link(binary, &folder.join(format!("terraform-provider-{name}")));
            format!("    {source:?} = \"{}\"\n", folder.display())
        });
        workspace.settings(&format!(
            "provider_installation {{\n  dev_overrides {{\n{}  }}\n  direct {{}}\n}}\n",
            overrides.collect::<String>()
        ));
        workspace
    }

    /// Returns an empty directory with the built provider installed as by `make install`, so that `init` finds it.
    pub(crate) fn installed(cli: &'static Path) -> Self {
        let workspace = Self::without_provider(cli);
        let mirror = workspace.path("plugins");
        let file = format!("terraform-provider-confluence_v{VERSION}");
        for host in ["registry.terraform.io", "registry.opentofu.org"] {
            let folder = mirror.join(host).join(SOURCE).join(VERSION);
            link(Path::new(BINARY), &folder.join(platform()).join(&file));
        }
        workspace.settings(&format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n",
            mirror.display()
        ));
        workspace
    }

    fn without_provider(cli: &'static Path) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = |name: &str| dir.path().join(name).display().to_string();
        let env = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", path("")),
            ("TF_CLI_CONFIG_FILE", path(SETTINGS)),
            ("TF_DATA_DIR", path(".terraform")),
            // The sockets of killed plugins are deleted with the directory.
            ("TMPDIR", path("")),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ];
        let env = env.map(|(key, value)| (key.to_owned(), value)).into();
        Self {
            dir,
            cli,
            env,
            limit: LIMIT,
            shares_terminal: true,
        }
    }

    /// Changes the time limit of commands, and leaves it to this process to interrupt them: the terminal's Ctrl-C would be a
    /// second interrupt, which makes Terraform exit without saving its state.
    pub(crate) fn apart(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self.shares_terminal = false;
        self
    }

    /// Configures the provider for a tenant over TLS.
    pub(crate) fn of_tenant(mut self, emulator: &Emulator) -> Self {
        let certificate = self.path("ca.pem");
        std::fs::write(&certificate, emulator.ca_pem().expect("TLS")).expect("a file");
        self.env("SSL_CERT_FILE", &certificate.display().to_string());
        self.env("CONDUCTORONE_SERVER_URL", emulator.url());
        self.env("CONDUCTORONE_CLIENT_ID", emulator.client_id());
        self.env("CONDUCTORONE_CLIENT_SECRET", emulator.client_secret());
        self
    }

    /// Writes the CLI configuration.
    fn settings(&self, text: &str) {
        std::fs::write(self.path(SETTINGS), text).expect("a file");
    }

    /// Sets an environment variable for all following commands.
    pub(crate) fn env(&mut self, key: &str, value: &str) {
        self.env.insert(key.to_owned(), value.to_owned());
    }

    /// Removes a variable.
    pub(crate) fn without(&mut self, key: &str) {
        self.env.remove(key);
    }

    /// A file of the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes the configuration, in Terraform's JSON syntax: every string is a template.
    pub(crate) fn write(&self, config: &Value) {
        let text = serde_json::to_string_pretty(config).expect("JSON");
        std::fs::write(self.path("main.tf.json"), text).expect("a file");
    }

    /// Runs a command.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        self.run_until(arguments, std::future::pending()).await
    }

    /// Runs a command, and interrupts it like Ctrl-C when `moment` completes.
    pub(crate) async fn run_until(
        &self,
        arguments: &[&str],
        moment: impl Future<Output = ()>,
    ) -> Run {
        let child = self.spawn(arguments);
        let id = child.id().expect("a running command");
        let interrupt = async {
            moment.await;
            let kill = format!("kill -INT {id}");
            let kill = Command::new("sh").args(["-c", &kill]).status();
            assert!(
                kill.await.is_ok_and(|status| status.success()),
                "kill failed"
            );
            std::future::pending::<()>().await;
        };
        let command = format!("{} {}", self.cli.display(), arguments.join(" "));
        let output = tokio::select! {
            output = child.wait_with_output() => output.expect("the command line runs"),
            () = interrupt => unreachable!("it waits for ever"),
            () = tokio::time::sleep(self.limit) => panic!("`{command}` ran for {:?}", self.limit),
        };
        Run {
            command,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts a command and returns its pipes.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.start_program(self.cli, arguments)
    }

    /// Starts the provider by itself, with the variables of commands.
    pub(crate) fn start_plugin(&self, arguments: &[&str]) -> Child {
        self.start_program(Path::new(BINARY), arguments)
    }

    fn start_program(&self, program: &Path, arguments: &[&str]) -> Child {
        let mut command = Command::new(program);
        if !self.shares_terminal {
            command.process_group(0);
        }
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .envs(&self.env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts")
    }

    /// The command line tool and its version, for example `Terraform v1.11.4`.
    pub(crate) async fn version(&self) -> String {
        let run = self.run(&["version"]).await.succeeded();
        run.stdout.lines().next().unwrap_or_default().to_owned()
    }

    /// Returns the major and minor version of Terraform, or none for OpenTofu.
    pub(crate) async fn terraform_version(&self) -> Option<(u32, u32)> {
        let version = self.version().await;
        let mut parts = version.strip_prefix("Terraform v")?.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }

    /// Checks the configuration.
    pub(crate) async fn validate(&self) -> Run {
        self.run(&["validate", "-no-color"]).await
    }

    /// Plans and returns the result.
    pub(crate) async fn plan(&self) -> (Outcome, Run) {
        let run = self
            .run(&["plan", "-no-color", "-input=false", "-detailed-exitcode"])
            .await;
        let outcome = match run.code {
            Some(0) => Outcome::NoChanges,
            Some(2) => Outcome::Changes,
            _ => Outcome::Error,
        };
        (outcome, run)
    }

    /// Fails the test unless the plan is empty.
    pub(crate) async fn assert_quiet(&self, when: &str) {
        let (outcome, run) = self.plan().await;
        assert_eq!(outcome, Outcome::NoChanges, "{when}: {run}");
    }

    /// Saves a plan, which must succeed, for [`Self::apply_plan`].
    pub(crate) async fn save_plan(&self) -> Plan {
        let arguments = ["plan", "-no-color", "-input=false", "-out=plan.bin"];
        self.run(&arguments).await.succeeded();
        let shown = self.run(&["show", "-json", "plan.bin"]).await.succeeded();
        Plan {
            json: serde_json::from_str(&shown.stdout).expect("JSON"),
        }
    }

    /// Applies the saved plan.
    pub(crate) async fn apply_plan(&self) -> Run {
        self.run(&["apply", "-no-color", "-input=false", "plan.bin"])
            .await
    }

    /// Plans and applies a change of this resource in place. The plan afterwards is empty.
    pub(crate) async fn apply_update(&self, address: &str, what: &str) {
        let plan = self.save_plan().await;
        assert_eq!(plan.actions(address), ["update"], "{what}");
        self.apply_plan().await.succeeded();
        self.assert_quiet(what).await;
    }

    /// Plans and applies with additional arguments.
    pub(crate) async fn apply(&self, arguments: &[&str]) -> Run {
        let apply = ["apply", "-no-color", "-input=false", "-auto-approve"];
        self.run(&[&apply, arguments].concat()).await
    }

    /// Destroys everything.
    pub(crate) async fn destroy(&self) -> Run {
        self.run(&["destroy", "-no-color", "-input=false", "-auto-approve"])
            .await
    }

    /// Imports an existing object.
    pub(crate) async fn import(&self, address: &str, id: &str) -> Run {
        self.run(&["import", "-no-color", "-input=false", address, id])
            .await
    }

    /// Returns a resource of the state with `values` and `tainted`, or none if the state does not contain it.
    pub(crate) async fn resource(&self, address: &str) -> Option<Value> {
        let shown = self.run(&["show", "-json"]).await.succeeded();
        let state: Value = serde_json::from_str(&shown.stdout).expect("JSON");
        let resources = state.pointer("/values/root_module/resources")?.as_array()?;
        resources
            .iter()
            .find(|resource| resource["address"] == address)
            .cloned()
    }

    /// The attributes of a resource that must be in the state.
    pub(crate) async fn state(&self, address: &str) -> Value {
        let resource = self.resource(address).await;
        resource.unwrap_or_else(|| panic!("{address} is not in the state"))["values"].clone()
    }
}
