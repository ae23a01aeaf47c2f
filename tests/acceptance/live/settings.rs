//! The settings of a live run, from the environment.

use std::io::Write as _;
use std::path::PathBuf;

/// The variables of the provider that a live run passes on.
const PASSED_ON: [&str; 9] = [
    "CONDUCTORONE_TENANT_DOMAIN",
    "CONDUCTORONE_SERVER_URL",
    "CONDUCTORONE_CLIENT_ID",
    "CONDUCTORONE_CLIENT_SECRET",
    "CONDUCTORONE_ACCESS_TOKEN",
    "CONDUCTORONE_OIDC_TOKEN",
    "TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE",
    "TFC_WORKLOAD_IDENTITY_TOKEN_C1",
    "TFC_WORKLOAD_IDENTITY_TOKEN",
];

/// The settings of a live run.
#[derive(Debug)]
pub(super) struct Settings {
    /// The app in which the connectors are created.
    pub(super) app_id: String,
    /// The file for the report.
    pub(super) report: PathBuf,
    /// The variables of the provider.
    pub(super) provider: Vec<(&'static str, String)>,
    /// Whether the user has already agreed.
    agreed: bool,
}

impl Settings {
    /// Reads the environment. Ends the run if it does not name an app.
    pub(super) fn read() -> Self {
        let app_id = variable("APP_ID");
        let app_id = app_id.expect("set APP_ID: make live APP_ID=… names the app to test in");
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let default = target
            .unwrap_or_else(|| "target".into())
            .join("live-report.md");
        let passed_on = PASSED_ON.into_iter();
        Self {
            app_id,
            report: variable("LIVE_REPORT").map_or(default, PathBuf::from),
            provider: passed_on
                .filter_map(|name| Some((name, variable(name)?)))
                .collect(),
            agreed: variable("YES").as_deref() == Some("1"),
        }
    }

    /// Asks the user whether the run may change the tenant. Ctrl-C ends the run here, because nothing has happened yet.
    pub(super) fn confirm(&self, tenant: &str, app: &str) -> bool {
        say(&format!(
            "\nThis creates two connectors in the app {app:?} ({}) of {tenant},\nchanges them, rotates a credential, and \
             deletes both. It changes nothing else.",
            self.app_id
        ));
        if self.agreed {
            return true;
        }
        say("Type yes to continue:");
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && answer.trim() == "yes"
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Prints a text for the user. The harness of the tests does not capture standard error.
pub(super) fn say(text: &str) {
    // If standard error is closed, there is nowhere left to report it.
    let _ = writeln!(std::io::stderr(), "{text}");
}
