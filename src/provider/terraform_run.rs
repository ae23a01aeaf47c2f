//! The run of Terraform that started this process: where it keeps its state, and which run it is.
//!
//! Two runs with the same state never work at the same time, because Terraform locks the state.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use serde::Deserialize;
use serde_json::Value as Json;

/// The variables in which services that run Terraform name the state. They start each run in another folder.
const WORKSPACES: [&[&str]; 5] = [
    &["TFC_WORKSPACE_SLUG"],
    &["TFC_PROJECT_NAME", "TFC_WORKSPACE_NAME"],
    &["SCALR_WORKSPACE_ID"],
    &["TF_VAR_spacelift_account_name", "TF_VAR_spacelift_stack_id"],
    &["ENV0_ENVIRONMENT_ID"],
];

/// The variables in which they name the run.
const RUNS: [&str; 4] = [
    "TFC_RUN_ID",
    "SCALR_RUN_ID",
    "TF_VAR_spacelift_run_id",
    "ENV0_DEPLOYMENT_LOG_ID",
];

/// The settings of a backend that identify a state. Credentials may change with every run, so they are not included.
const STATE_SETTINGS: [&str; 19] = [
    "address",
    "bucket",
    "container_name",
    "endpoint",
    "endpoints",
    "host",
    "hostname",
    "key",
    "namespace",
    "organization",
    "path",
    "prefix",
    "region",
    "resource_group_name",
    "schema_name",
    "secret_suffix",
    "storage_account_name",
    "workspace_key_prefix",
    "workspaces",
];

/// The number of bytes of a hash in a token.
const TOKEN_BYTES: usize = 4;

/// A run of Terraform.
#[derive(Clone, Debug)]
pub(super) struct TerraformRun {
    origin: String,
    id: Option<String>,
    /// The state file, if the state is a file on this machine.
    state_file: Option<PathBuf>,
}

/// The file in the data directory that describes the backend.
#[derive(Debug, Default, Deserialize)]
struct Initialized {
    backend: Option<Backend>,
}

#[derive(Debug, Deserialize)]
struct Backend {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    config: Json,
}

/// The part of a state that contains the IDs of its objects.
#[derive(Deserialize)]
struct State {
    #[serde(default)]
    resources: Vec<StoredResource>,
}

#[derive(Deserialize)]
struct StoredResource {
    #[serde(default)]
    instances: Vec<StoredInstance>,
}

#[derive(Deserialize)]
struct StoredInstance {
    #[serde(default)]
    attributes: Option<StoredAttributes>,
}

#[derive(Deserialize)]
struct StoredAttributes {
    #[serde(default)]
    id: Json,
}

impl TerraformRun {
    /// Detects the run of this process. `configuration` counts the configurations of this process, because a process in debug
    /// mode serves many runs.
    pub(super) fn detect(env: impl Fn(&str) -> Option<String>, configuration: usize) -> Self {
        let folder = std::env::current_dir().unwrap_or_default();
        let parent = parent_process();
        Self::in_folder(&folder, env, parent, configuration)
    }

    fn in_folder(
        folder: &Path,
        env: impl Fn(&str) -> Option<String>,
        parent: Option<String>,
        configuration: usize,
    ) -> Self {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let all = |names: &[&str]| {
            names
                .iter()
                .map(|name| env(name))
                .collect::<Option<Vec<_>>>()
        };
        let runner = WORKSPACES
            .into_iter()
            .find_map(|names| Some(all(names)?.join("/")));
        let data = folder.join(env("TF_DATA_DIR").unwrap_or_else(|| ".terraform".to_owned()));
        let workspace = workspace(&data, env("TF_WORKSPACE"));
        let backend = backend(&data);
        let remote = backend
            .as_ref()
            .filter(|backend| backend.kind != "local")
            .and_then(Backend::identity);
        let (mut parts, state) = match (runner, remote) {
            (Some(workspace), _) => (vec!["runner".to_owned(), workspace], None),
            (None, Some(identity)) => {
                let address = env("TF_HTTP_ADDRESS").unwrap_or_default();
                (vec!["backend".to_owned(), identity, address], None)
            }
            (None, None) => {
                let is_local = backend
                    .as_ref()
                    .is_none_or(|backend| backend.kind == "local");
                let state = is_local.then(|| local_state(folder, backend.as_ref(), &workspace));
                (folder_parts(folder, state.as_deref()), state)
            }
        };
        parts.push(workspace);
        let process = parent.map(|parent| format!("{parent}/{configuration}"));
        let runs = RUNS.into_iter().filter_map(env);
        let run = runs.chain(process).collect::<Vec<_>>();
        Self {
            origin: token(&parts),
            id: (!run.is_empty()).then(|| token(&run)),
            state_file: state,
        }
    }

    /// Returns a token for the place of the state.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns a token for the run. `None` if the system does not tell which process started this one.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the IDs of all objects in the state. `None` if the state is not a readable file on this machine.
    pub(super) fn ids_in_state(&self) -> Option<BTreeSet<String>> {
        let text = std::fs::read(self.state_file.as_ref()?).ok()?;
        // Terraform may be writing the file at this moment.
        let state: State = serde_json::from_slice(&text).ok()?;
        let instances = state.resources.into_iter().flat_map(|it| it.instances);
        let ids = instances.filter_map(|it| match it.attributes?.id {
            Json::String(id) => Some(id),
            _ => None,
        });
        Some(ids.collect())
    }

    #[cfg(test)]
    pub(super) fn new(origin: &str, id: Option<&str>) -> Self {
        Self {
            origin: origin.to_owned(),
            id: id.map(str::to_owned),
            state_file: None,
        }
    }
}

impl Backend {
    /// Returns the settings that identify the state for this type of backend. `None` if no setting does.
    fn identity(&self) -> Option<String> {
        let settings = self.config.as_object()?.iter();
        let named = settings
            .filter(|(name, value)| STATE_SETTINGS.contains(&name.as_str()) && !value.is_null());
        let named: serde_json::Map<_, _> = named
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        (!named.is_empty()).then(|| format!("{}{}", self.kind, Json::Object(named)))
    }
}

/// Returns what identifies a folder. Its number distinguishes it from the same path on another machine.
fn folder_parts(folder: &Path, state: Option<&Path>) -> Vec<String> {
    let path = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let state = state.map(|state| state.display().to_string());
    vec![
        "folder".to_owned(),
        path.display().to_string(),
        folder_number(&path).unwrap_or_default(),
        state.unwrap_or_default(),
    ]
}

#[cfg(unix)]
fn folder_number(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    Some(std::fs::metadata(path).ok()?.ino().to_string())
}

#[cfg(not(unix))]
fn folder_number(_: &Path) -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Returns what identifies the process that started this one, which is Terraform. Systems reuse process IDs, so the start time
/// is included. `None` if the system does not tell.
fn parent_process() -> Option<String> {
    let parent = parent_id()?;
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let facts = std::fs::read_to_string(format!("/proc/{parent}/stat")).unwrap_or_default();
    // The name of the program, in parentheses, may hold anything. The start is the 20th field after it.
    let (_, fields) = facts.rsplit_once(')').unwrap_or_default();
    let start = fields.split_whitespace().nth(19).unwrap_or_default();
    Some(format!("{}/{parent}/{start}", boot.trim()))
}

fn parent_id() -> Option<u32> {
    #[cfg(unix)]
    let id = Some(std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    let id = None;
    id
}

/// Returns the selected workspace.
fn workspace(data: &Path, variable: Option<String>) -> String {
    let file = || std::fs::read_to_string(data.join("environment")).ok();
    let chosen = variable.or_else(file).map(|name| name.trim().to_owned());
    chosen
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "default".to_owned())
}

/// Returns the backend with which the folder was initialized.
fn backend(data: &Path) -> Option<Backend> {
    let text = std::fs::read(data.join("terraform.tfstate")).ok()?;
    serde_json::from_slice::<Initialized>(&text).ok()?.backend
}

/// Returns the state file of a local backend.
fn local_state(folder: &Path, backend: Option<&Backend>, workspace: &str) -> PathBuf {
    let setting = |name: &str, default: &str| {
        let value = backend.and_then(|backend| backend.config.get(name)?.as_str());
        folder.join(value.unwrap_or(default))
    };
    if workspace == "default" {
        setting("path", "terraform.tfstate")
    } else {
        setting("workspace_dir", "terraform.tfstate.d")
            .join(workspace)
            .join("terraform.tfstate")
    }
}

fn token(parts: &[String]) -> String {
    let mut hash = Context::new(&SHA256);
    for part in parts {
        hash.update(&part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hash = hash.finish();
    let mut token = String::new();
    for byte in hash.as_ref().iter().take(TOKEN_BYTES) {
        // Writing to memory does not fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

/// Returns whether a text has the form of a token.
pub(super) fn is_token(text: &str) -> bool {
    text.len() == 2 * TOKEN_BYTES
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use std::fs::{create_dir_all, write};

    use tempfile::tempdir;

    use super::*;

    fn run_in(folder: &Path, env: &[(&str, &str)]) -> TerraformRun {
        let env = |name: &str| {
            let found = env.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        TerraformRun::in_folder(folder, env, Some("1".to_owned()), 1)
    }

    fn origin(folder: &Path, env: &[(&str, &str)]) -> String {
        let run = run_in(folder, env);
        assert!(is_token(run.origin()), "{run:?}");
        run.origin().to_owned()
    }

    #[test]
    fn folder_and_workspace_tell_local_states_apart() {
        let (first, second) = (tempdir().unwrap(), tempdir().unwrap());
        let here = origin(first.path(), &[]);
        assert_eq!(origin(first.path(), &[]), here);
        assert_ne!(origin(second.path(), &[]), here);
        let staging = origin(first.path(), &[("TF_WORKSPACE", "staging")]);
        assert_ne!(staging, here);
        assert_eq!(origin(first.path(), &[("TF_WORKSPACE", "default")]), here);
        create_dir_all(first.path().join("data")).unwrap();
        write(first.path().join("data/environment"), "staging").unwrap();
        assert_eq!(origin(first.path(), &[("TF_DATA_DIR", "data")]), staging);
    }

    #[test]
    fn a_backend_names_its_state_from_every_folder() {
        let (first, second) = (tempdir().unwrap(), tempdir().unwrap());
        let initialize = |folder: &Path, config: &str| {
            create_dir_all(folder.join(".terraform")).unwrap();
            let text = format!(r#"{{"version":3,"backend":{{"type":"s3","config":{config}}}}}"#);
            write(folder.join(".terraform/terraform.tfstate"), text).unwrap();
            origin(folder, &[])
        };
        let wiki = initialize(first.path(), r#"{"bucket":"b","key":"wiki","token":"a"}"#);
        let same = initialize(second.path(), r#"{"bucket":"b","key":"wiki","token":"b"}"#);
        let other = initialize(second.path(), r#"{"bucket":"b","key":"other"}"#);
        let unnamed = initialize(second.path(), r#"{"bucket":null,"token":"b"}"#);
        assert_eq!(wiki, same);
        assert_ne!(wiki, other);
        assert_ne!(unnamed, initialize(first.path(), r#"{"token":"b"}"#));
        assert_eq!(run_in(second.path(), &[]).ids_in_state(), None);
    }

    #[test]
    fn a_runner_s_workspace_stands_for_its_folders() {
        let (first, second) = (tempdir().unwrap(), tempdir().unwrap());
        let runners: [&[(&str, &str)]; 5] = [
            &[("TFC_WORKSPACE_SLUG", "acme/wiki")],
            &[("TFC_PROJECT_NAME", "acme"), ("TFC_WORKSPACE_NAME", "wiki")],
            &[("SCALR_WORKSPACE_ID", "ws-1")],
            &[
                ("TF_VAR_spacelift_account_name", "acme"),
                ("TF_VAR_spacelift_stack_id", "wiki"),
            ],
            &[("ENV0_ENVIRONMENT_ID", "1")],
        ];
        for runner in runners {
            assert_eq!(origin(first.path(), runner), origin(second.path(), runner));
        }
    }

    #[test]
    fn runs_of_one_place_have_names_of_their_own() {
        let folder = tempdir().unwrap();
        let run = |parent: Option<&str>, configuration, id: &'static str| {
            let env = move |name: &str| match name {
                "SCALR_WORKSPACE_ID" | "SCALR_RUN_ID" => Some(id.to_owned()),
                _ => None,
            };
            let parent = parent.map(str::to_owned);
            let run = TerraformRun::in_folder(folder.path(), env, parent, configuration);
            run.id().map(str::to_owned)
        };
        let first = run(Some("1"), 1, "");
        assert!(first.is_some());
        assert_eq!(run(Some("1"), 1, ""), first);
        assert_ne!(run(Some("2"), 1, ""), first);
        assert_ne!(run(Some("1"), 2, ""), first);
        assert_ne!(run(Some("1"), 1, "run-1"), first);
        assert_eq!(run(None, 1, ""), None);
        assert_ne!(run(None, 1, "run-1"), run(None, 1, "run-2"));
        assert!(TerraformRun::detect(|_| None, 1).id().is_some() || cfg!(not(unix)));
    }

    #[test]
    fn a_local_state_tells_what_it_holds() {
        let folder = tempdir().unwrap();
        let in_state = || run_in(folder.path(), &[]).ids_in_state();
        assert_eq!(in_state(), None);
        let file = folder.path().join("terraform.tfstate");
        let state = r#"{"version":4,"resources":[{"instances":[
            {"attributes":{"id":"a"}}, {"deposed":"1","attributes":{"id":"b"}}, {"attributes":{"id":1}}, {}
        ]}]}"#;
        write(&file, state).unwrap();
        let ids = ["a", "b"].map(str::to_owned);
        assert_eq!(in_state(), Some(ids.into()));
        write(&file, "{").unwrap();
        assert_eq!(in_state(), None);
    }
}
