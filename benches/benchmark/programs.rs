//! The compared programs: their files, configurations and single measurements.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::plugin::Launch;
use crate::report::results::{Program, Traits};
use crate::report::units::Samples;

const STARTS: usize = 100;

/// The files of the providers, and the command line tool.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) cli: &'static Path,
    provider: PathBuf,
    peer: Option<PathBuf>,
}

impl Programs {
    /// `PROVIDER` names this provider's file, and `PEER` the vendor's, if it is measured, too.
    pub(crate) fn from_env(cli: &'static Path) -> Self {
        let file = |variable| {
            let path = PathBuf::from(std::env::var_os(variable).filter(|it| !it.is_empty())?);
            let path = path.canonicalize();
            Some(path.unwrap_or_else(|error| panic!("{variable}: {error}")))
        };
        Self {
            cli,
            provider: file("PROVIDER").expect("PROVIDER is missing: run `make bench`"),
            peer: file("PEER"),
        }
    }

    pub(crate) fn has_peer(&self) -> bool {
        self.peer.is_some()
    }

    /// Returns the provider's file. The floor has none.
    pub(crate) fn binary(&self, program: Program) -> Option<&Path> {
        match program {
            Program::This => Some(&self.provider),
            Program::Peer => self.peer.as_deref(),
            Program::Floor => None,
        }
    }

    /// Measures the times from the start of each process to its first line, and the sizes of the files.
    pub(crate) fn traits(&self) -> Vec<Traits> {
        let all = Program::ALL.into_iter();
        let mut measured: Vec<_> = all
            .filter(|program| *program != Program::Peer || self.has_peer())
            .map(|program| Traits {
                program,
                start_ms: Samples::default(),
                binary_mb: self.binary(program).map(megabytes),
                schema_kb: None,
            })
            .collect();
        let launch = Launch::like_terraform();
        // For the sockets of killed plugins.
        let folder = tempfile::tempdir().expect("a folder");
        for _ in 0..STARTS {
            for traits in &mut measured {
                let binary = self.binary(traits.program);
                let binary = binary.unwrap_or(Path::new("/bin/echo"));
                traits
                    .start_ms
                    .push(start_ms(&launch, binary, folder.path()));
            }
        }
        measured
    }
}

/// Returns the time from the start of a process to its first line.
fn start_ms(launch: &Launch, program: &Path, folder: &Path) -> f64 {
    // Does not use the async runtime, which detects output late.
    let mut command = launch.prepare(Command::new(program)).into_std();
    command.env("TMPDIR", folder);
    let started = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("a line");
    let elapsed = started.elapsed().as_secs_f64() * 1e3;
    assert!(line.ends_with('\n'), "no line came");
    child.kill().and_then(|()| child.wait()).expect("its end");
    elapsed
}

fn megabytes(file: &Path) -> f64 {
    let bytes = std::fs::metadata(file).expect("the provider").len();
    (u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1e4).round() / 1e2
}

/// Returns a configuration with this number of connectors, or of built-in resources for the floor. An update changes
/// `skip_personal_spaces`.
pub(crate) fn configuration(
    program: Program,
    app_id: &str,
    connectors: usize,
    skip_personal_spaces: bool,
) -> Value {
    match program {
        Program::This => json!({"resource": {"confluence_integration": {"wiki": {
            "count": connectors,
            "app_id": app_id,
            "display_name": "Wiki ${count.index}",
            "site_domain": "acme${count.index}",
            "username": "svc-c1@acme.com",
            "api_key": "an-api-token",
            "skip_personal_spaces": skip_personal_spaces,
        }}}}),
        // This resource has no attribute for the name of a connector.
        Program::Peer => json!({
            "terraform": {"required_providers": {"conductorone": {"source": VENDOR}}},
            "resource": {"conductorone_integration_confluence_v2": {"wiki": {
                "count": connectors,
                "app_id": app_id,
                "domain_url": "acme${count.index}",
                "username": "svc-c1@acme.com",
                "api_key": "an-api-token",
                "skip_personal_spaces": skip_personal_spaces,
            }}},
        }),
        Program::Floor => json!({"resource": {"terraform_data": {"wiki": {
            "count": connectors,
            "input": {"name": "Wiki ${count.index}", "skip_personal_spaces": skip_personal_spaces},
        }}}}),
    }
}

/// The address of the vendor's provider.
pub(crate) const VENDOR: &str = "conductorone/conductorone";
