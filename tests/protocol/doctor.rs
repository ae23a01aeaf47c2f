//! `-doctor`: its table for setups that work and that do not, and what it must never print.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use conductorone_emulator::{
    Fault, FaultAction, Options, OwnersApi, StoredConnector, Switches, SyncRun, Time, V2,
};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::closed_port::ClosedPort;
use crate::emulator::CheckedEmulator;
use crate::plugin::signal;
use crate::proxy::{Protocol, Proxy};
use crate::wait::{until, within};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-confluence");
/// The time limit of one run. Every step has its own, shorter limit.
const LIMIT: Duration = Duration::from_mins(2);
/// A client secret that no tenant knows.
const OTHER_SECRET: &str = "secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjJ6Y01LcWFYbHVtaXloT0Rpd0JNRUt2VUFSQ1BuZlZRdVJraVdPeHNMLUEiLCJkIjoiaGpJb291TnhRdElRcWdmZU1TdWFPUkN5am1HOGJHZXQyai1ocEs3ZXpaTSJ9";

/// A machine with an environment.
struct Machine {
    env: BTreeMap<&'static str, String>,
    dir: tempfile::TempDir,
}

/// The result of a run.
#[derive(Debug)]
struct Visit {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Machine {
    fn without_settings() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let env = BTreeMap::new();
        Self { env, dir }
    }

    /// Returns a machine that is set up for this tenant.
    fn of_tenant(emulator: &CheckedEmulator) -> Self {
        let mut machine = Self::without_settings()
            .with("CONDUCTORONE_SERVER_URL", emulator.url())
            .with("CONDUCTORONE_CLIENT_ID", emulator.client_id())
            .with("CONDUCTORONE_CLIENT_SECRET", emulator.client_secret());
        if let Some(pem) = emulator.ca_pem() {
            let file = machine.dir.path().join("ca.pem");
            std::fs::write(&file, pem).expect("a file");
            machine = machine.with("SSL_CERT_FILE", &file.display().to_string());
        }
        machine
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.env.insert(name, value.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("-doctor").args(arguments);
        command.env_clear().envs(&self.env).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str]) -> Visit {
        let output = self.command(arguments).output();
        let output = within("the end of the examination", LIMIT, output).await;
        let output = output.expect("the program starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Visit {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Examines the setup and returns the exit code and the rows.
    async fn examined(&self, arguments: &[&str]) -> Report {
        let visit = self.run(&[arguments, &["-json"]].concat()).await;
        assert_eq!(visit.stderr, "");
        let report: Value = serde_json::from_str(&visit.stdout).expect("JSON");
        assert_eq!(report["format_version"], 1);
        assert_eq!(report["provider_version"], env!("CARGO_PKG_VERSION"));
        let rows = report["checks"].as_array().expect("rows").clone();
        let report = Report {
            code: visit.code,
            rows,
        };
        for row in &report.rows {
            report.check(row);
        }
        report
    }
}

/// A report and the exit code.
#[derive(Debug)]
struct Report {
    code: Option<i32>,
    rows: Vec<Value>,
}

impl Report {
    /// Checks what holds for each row.
    fn check(&self, row: &Value) {
        let text = |name: &str| row[name].as_str().expect("a text");
        let fields = row.as_object().expect("an object");
        let fields: Vec<_> = fields.keys().map(String::as_str).collect();
        assert_eq!(fields, ["detail", "name", "remedy", "state", "subject"]);
        assert_ne!(text("detail"), "", "{row}");
        let wants_remedy = matches!(text("state"), "failed" | "warning");
        assert_eq!(text("remedy").is_empty(), !wants_remedy, "{row}");
        let failed = self.rows.iter().any(|row| row["state"] == "failed");
        assert_eq!(self.code, Some(i32::from(failed)), "{self:#?}");
    }

    /// Returns the only row of this check, or the one about this subject: `catalog Baton`.
    fn row(&self, name: &str) -> &Value {
        let is_it = |row: &&Value| {
            let text = |name: &str| row[name].as_str().unwrap_or_default();
            format!("{} {}", text("name"), text("subject")).trim() == name
        };
        let mut rows = self.rows.iter().filter(is_it);
        let row = rows.next().unwrap_or_else(|| panic!("{name}: {self:#?}"));
        assert_eq!(rows.next(), None, "{name}");
        row
    }

    fn state(&self, name: &str) -> &str {
        self.row(name)["state"].as_str().expect("a state")
    }

    /// Checks the state of a check, and that its texts contain these words.
    fn says(&self, name: &str, state: &str, words: &[&str]) {
        let row = self.row(name);
        assert_eq!(row["state"], state, "{self:#?}");
        let text = format!("{} {}", row["detail"], row["remedy"]);
        for word in words {
            assert!(text.contains(word), "{word}: {row:#}");
        }
    }

    /// Returns the checks that are not in order.
    fn complaints(&self) -> Vec<&str> {
        let bad = self.rows.iter().filter(|row| row["state"] != "ok");
        bad.filter_map(|row| row["name"].as_str()).collect()
    }
}

async fn tenant(tls: bool) -> CheckedEmulator {
    let switches = Switches {
        full_form: true,
        ..Switches::default()
    };
    CheckedEmulator::start(Options {
        tls,
        switches,
        ..Options::default()
    })
    .await
}

fn add_connector(tenant: &CheckedEmulator, edit: impl FnOnce(&mut StoredConnector)) -> String {
    let id = tenant
        .add_connector(&tenant.app_id(), V2)
        .expect("a connector");
    tenant.set_owners(&id, &[tenant.user_id("alice")]);
    tenant.edit_connector(&id, edit);
    id
}

fn ended_sync(error: Option<&str>) -> SyncRun {
    let now = Time::now();
    SyncRun {
        started_at: now,
        completed_at: now,
        error: error.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_setup_that_works_is_in_order_and_nothing_is_written() {
    for tls in [false, true] {
        let tenant = tenant(tls).await;
        add_connector(&tenant, |_| ());
        let report = Machine::of_tenant(&tenant).examined(&[]).await;
        assert_eq!(report.complaints(), Vec::<&str>::new(), "{report:#?}");
        report.says("host", "ok", &[tenant.url(), "CONDUCTORONE_SERVER_URL"]);
        let variables = ["CONDUCTORONE_CLIENT_ID", "CONDUCTORONE_CLIENT_SECRET"];
        report.says("credentials", "ok", &variables);
        report.says("identity", "ok", &["a service principal", "system:owner"]);
        report.says("owners_api", "ok", &["role slugs: owner"]);
        report.says("managed_state", "ok", &["2 discovered apps"]);
        let issuer = if tls {
            "conductorone-emulator"
        } else {
            "plain HTTP"
        };
        report.says("tls", "ok", &[issuer]);
        for request in tenant.journal() {
            let reads = [
                "/search/",
                "/introspect",
                "/connectorcatalog",
                "/auth/v1/token",
            ];
            let is_read = reads.iter().any(|part| request.path.contains(part));
            assert!(request.method == "GET" || is_read, "{request:?}");
        }
    }
}

#[tokio::test]
async fn the_table_has_the_same_rows() {
    let tenant = tenant(false).await;
    let machine = Machine::of_tenant(&tenant);
    let visit = machine.run(&[]).await;
    assert_eq!(
        (visit.code, visit.stderr.as_str()),
        (Some(0), ""),
        "{visit:?}"
    );
    for row in machine.examined(&[]).await.rows {
        let text = |name: &str| row[name].as_str().expect("a text").to_owned();
        let name = format!("{} {}", text("name"), text("subject"));
        let line = format!("{:9}{}", text("state"), name.trim_end());
        let found = visit.stdout.lines().any(|it| it.starts_with(&line));
        assert!(found, "{line}: {}", visit.stdout);
    }
    let last = visit.stdout.lines().last();
    assert_eq!(last, Some("0 failed, 0 with warnings, 1 skipped"));
}

#[tokio::test]
async fn the_guide_shows_the_checks_of_a_run() {
    let guide = include_str!("../../docs/guides/troubleshooting.md");
    let sample = guide
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let names = |text: &str| {
        let is_row = |line: &&str| !line.starts_with(' ') && line.len() > 33;
        let names = text
            .lines()
            .filter(is_row)
            .map(|line| line[9..33].trim().to_owned());
        names.collect::<Vec<_>>()
    };
    let tenant = tenant(false).await;
    let visit = Machine::of_tenant(&tenant).run(&[]).await;
    let summary = |text: &str| {
        text.lines()
            .last()
            .is_some_and(|it| it.ends_with("skipped"))
    };
    let sample = sample.expect("a sample");
    assert!(summary(sample) && summary(&visit.stdout), "{visit:?}");
    let without_summary = |text: &str| names(text.rsplit_once("\n0 failed").expect("an end").0);
    assert_eq!(without_summary(sample), without_summary(&visit.stdout));
}

#[tokio::test]
async fn without_settings_each_one_is_named_and_the_rest_is_skipped() {
    let report = Machine::without_settings().examined(&[]).await;
    report.says("environment", "ok", &["no variable of the provider is set"]);
    let only = "This examination reads the environment only.";
    report.says("host", "failed", &["CONDUCTORONE_TENANT_DOMAIN", only]);
    report.says(
        "credentials",
        "failed",
        &["CONDUCTORONE_CLIENT_SECRET", only],
    );
    report.says("dns", "skipped", &["host failed"]);
    report.says("token", "skipped", &["credentials failed"]);
    report.says("catalog", "skipped", &["token was skipped"]);
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_from_a_bad_network() {
    let tenant = tenant(true).await;
    let machine = Machine::of_tenant(&tenant).with("CONDUCTORONE_CLIENT_SECRET", OTHER_SECRET);
    let report = machine.examined(&[]).await;
    report.says("tls", "ok", &[]);
    report.says(
        "token",
        "failed",
        &["HTTP 401", "CONDUCTORONE_CLIENT_SECRET"],
    );
    report.says("identity", "skipped", &["token failed"]);

    let report = machine.with("CONDUCTORONE_ACCESS_TOKEN", "wrong-token");
    let report = report.examined(&[]).await;
    report.says("credentials", "ok", &["CONDUCTORONE_ACCESS_TOKEN"]);
    report.says("identity", "failed", &["HTTP 401", "access_token"]);
}

#[tokio::test]
async fn each_step_of_a_connection_fails_for_itself() {
    let tenant = tenant(true).await;
    let closed = ClosedPort::new();
    let refused = format!("https://{}", closed.address());
    let trusting = || Machine::of_tenant(&tenant);
    let cases = [
        (
            trusting().with("CONDUCTORONE_SERVER_URL", "https://acme.invalid"),
            "dns",
            "resolve the host name",
        ),
        (
            trusting().with("CONDUCTORONE_SERVER_URL", &refused),
            "tcp",
            "connection refused",
        ),
        (
            trusting().without("SSL_CERT_FILE"),
            "tls",
            "issued by: conductorone-emulator",
        ),
        (
            trusting().with("SSL_CERT_FILE", "/nowhere/ca.pem"),
            "environment",
            "SSL_CERT_FILE",
        ),
        (
            trusting()
                .with("CONDUCTORONE_SERVER_URL", "https://acme.example")
                .with(
                    "HTTPS_PROXY",
                    &format!("http://u:hunter2@{}", closed.address()),
                ),
            "tcp",
            "the proxy http://127.0.0.1",
        ),
        (
            trusting().with("CONDUCTORONE_TENANT_DOMAIN", "https://a.b/c"),
            "host",
            "CONDUCTORONE_TENANT_DOMAIN is invalid",
        ),
    ];
    for (machine, check, words) in cases {
        let report = machine.examined(&[]).await;
        report.says(check, "failed", &[words]);
        assert_eq!(report.state("token"), "skipped", "{check}");
    }
}

#[tokio::test]
async fn a_certificate_is_read_through_a_proxy_too() {
    let options = Options {
        tls: true,
        host_names: vec!["acme.tenant.test".to_owned()],
        ..Options::default()
    };
    let tenant = CheckedEmulator::start(options).await;
    let port = tenant
        .url()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok());
    let port: u16 = port.expect("a port");
    let proxy = Proxy::to(port, Protocol::Http, Some(("alice", "hunter2"))).await;
    let machine = || {
        Machine::of_tenant(&tenant)
            .with(
                "CONDUCTORONE_SERVER_URL",
                &format!("https://acme.tenant.test:{port}"),
            )
            .with(
                "HTTPS_PROXY",
                &format!("http://alice:hunter2@{}", proxy.address),
            )
    };
    let report = machine().examined(&[]).await;
    report.says(
        "proxy",
        "ok",
        &[&format!("http://{}", proxy.address), "HTTPS_PROXY"],
    );
    report.says("dns", "ok", &["the proxy"]);
    let issuer = ["issued by: conductorone-emulator"];
    report.says("tls", "ok", &issuer);
    assert_eq!(report.state("token"), "ok");
    let report = machine().without("SSL_CERT_FILE").examined(&[]).await;
    report.says("tls", "failed", &issuer);
    let wrong = format!("http://alice:wrong-password@{}", proxy.address);
    let visit = machine().with("HTTPS_PROXY", &wrong).run(&[]).await;
    assert!(
        visit.stdout.contains("user name and a password"),
        "{visit:?}"
    );
    for secret in ["alice", "hunter2", "wrong-password"] {
        assert!(!visit.stdout.contains(secret), "{secret}: {visit:?}");
    }
}

#[tokio::test]
async fn an_old_tenant_causes_warnings_only() {
    let tenant = tenant(false).await;
    add_connector(&tenant, |_| ());
    tenant.switch(|switches| switches.owners_api = OwnersApi::Absent);
    tenant.refuse("GET", "/managed_state_bindings", 501);
    let report = Machine::of_tenant(&tenant).examined(&[]).await;
    assert_eq!(report.complaints(), ["managed_state", "owners_api"]);
    report.says("owners_api", "warning", &["no API for the owners"]);
    report.says("managed_state", "warning", &["unmanaged_app"]);
}

#[tokio::test]
async fn what_the_credential_may_not_do_is_named() {
    let tenant = tenant(false).await;
    let id = add_connector(&tenant, |_| ());
    let connectors = format!("*/apps/{}/connectors", tenant.app_id());
    let owners = format!("*/connectors/{id}/owners/users");
    for (method, path, checks) in [
        ("GET", "*/iam/roles", &["roles"][..]),
        ("POST", "*/users/introspect", &["identity", "users"]),
        ("POST", "*/search/users", &["users"]),
        ("GET", "*/v1/apps", &["apps", "managed_state", "owners_api"]),
        ("GET", "*/resource_types", &["managed_state"]),
        ("GET", "*/managed_state_bindings", &["managed_state"]),
        (
            "POST",
            "*/connectorcatalog",
            &["catalog", "catalog", "catalog"],
        ),
        ("GET", &connectors, &["owners_api"]),
        ("GET", &owners, &["owners_api"]),
    ] {
        tenant.clear_faults();
        tenant.refuse(method, path, 403);
        let report = Machine::of_tenant(&tenant).examined(&[]).await;
        assert_eq!(report.complaints(), checks, "{path}: {report:#?}");
        let refused = report.rows.iter().find(|row| row["state"] == "failed");
        let refused = refused.expect("a failed check");
        assert_eq!(refused["name"], checks[0], "{path}");
        let text = refused.to_string();
        for words in ["HTTP 403", "Connector Administrator"] {
            assert!(text.contains(words), "{path}: {text}");
        }
    }
}

#[tokio::test]
async fn a_user_without_a_fitting_role_causes_a_warning() {
    let tenant = tenant(false).await;
    let basic = tenant
        .users()
        .into_iter()
        .find(|user| user.display_name == "Carol Clark");
    let basic = basic.expect("a user").role_ids;
    let caller = tenant.user_id("terraform");
    tenant.edit_user(&caller, |user| user.role_ids = basic);
    let report = Machine::of_tenant(&tenant).examined(&[]).await;
    report.says(
        "identity",
        "warning",
        &["system:user", "Super Administrator"],
    );
}

/// A form of the current entry with these fields: each key, and whether it is required.
fn form(fields: &[(&str, bool)]) -> Value {
    let field = |(name, required): &(&str, bool)| {
        json!({
            "name": name, "displayName": name, "description": "", "required": required, "readOnly": false,
            "stringField": {"defaultValue": "", "placeholder": "", "rules": null, "textField": {"multiline": false}},
        })
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    json!({"schema": null, "formSchema": {
        "id": V2, "displayName": "Confluence v2", "description": "", "fields": fields,
        "fieldGroups": [], "fieldRelationships": [],
    }})
}

#[tokio::test]
async fn a_catalog_entry_with_another_form_is_described() {
    let tenant = tenant(false).await;
    let known = [
        ("domain-url", true),
        ("username", true),
        ("api-key", true),
        ("skip-personal-spaces", false),
        ("noun", false),
        ("verb", false),
        ("use-rbac", false),
    ];
    let changed = |from: &str, to: Option<(&'static str, bool)>| {
        let others = known.into_iter().filter(|(key, _)| *key != from);
        others.chain(to).collect::<Vec<_>>()
    };
    for (fields, state, words) in [
        (known.to_vec(), "ok", "the 7 settings"),
        (changed("verb", None), "warning", "(missing: verb)"),
        (
            changed("username", None),
            "failed",
            "(missing and required: username)",
        ),
        (
            changed("", Some(("region", false))),
            "warning",
            "(unknown: region)",
        ),
        (
            changed("", Some(("region", true))),
            "failed",
            "(unknown and required: region)",
        ),
        (
            changed("noun", Some(("noun", true))),
            "warning",
            "(required by only one of both: noun)",
        ),
        (
            changed("", Some(("Call Alice Adams", false))),
            "warning",
            "(unknown: (withheld))",
        ),
    ] {
        let form = form(&fields);
        tenant.switch(|switches| {
            switches.configuration_schemas.insert(V2.to_owned(), form);
        });
        let report = Machine::of_tenant(&tenant).examined(&[]).await;
        report.says("catalog Confluence v2", state, &[words]);
    }
    tenant.refuse("POST", "/connectorcatalog", 404);
    let report = Machine::of_tenant(&tenant).examined(&[]).await;
    report.says("catalog Baton", "warning", &["does not have this entry"]);
}

#[tokio::test]
async fn a_wrong_clock_is_a_warning() {
    let tenant = tenant(false).await;
    tenant.switch(|switches| switches.clock_ahead_s = 630);
    let report = Machine::of_tenant(&tenant).examined(&[]).await;
    report.says("clock", "warning", &["10m", "behind ConductorOne's"]);
    report.says("token", "ok", &[]);
}

#[tokio::test]
async fn the_connectors_of_an_app_have_a_status() {
    let tenant = tenant(false).await;
    let secret = "the error names alice@acme.example";
    let new = add_connector(&tenant, |_| ());
    let good = add_connector(&tenant, |it| it.syncs = vec![ended_sync(None)]);
    let bad = add_connector(&tenant, |it| it.syncs = vec![ended_sync(Some(secret))]);
    let paused = add_connector(&tenant, |it| it.sync_disabled_at = Some(Time::now()));
    let machine = Machine::of_tenant(&tenant);
    let report = machine.examined(&["-app", &tenant.app_id()]).await;
    report.says("app", "ok", &[]);
    for (id, state, status) in [
        (&new, "warning", "NOT_CONNECTED"),
        (&good, "ok", "CONNECTED"),
        (&bad, "failed", "ERROR"),
        (&paused, "warning", "DISABLED"),
    ] {
        let words = [status, "confluence_integration"];
        report.says(&format!("connector {id}"), state, &words);
    }
    let empty = machine.examined(&["-app", &tenant.other_app_id()]).await;
    empty.says("connector", "ok", &["no connectors"]);
    let report = machine.examined(&["-app", &tenant.unused_id()]).await;
    report.says("app", "failed", &["app"]);
    report.says("connector", "skipped", &["app failed"]);
}

#[tokio::test]
async fn wrong_arguments_end_with_2_and_the_usage() {
    let machine = Machine::without_settings();
    for arguments in [
        &["-xml"][..],
        &["-app"],
        &["-app", "-json"],
        &["-json", "x"],
    ] {
        let visit = machine.run(arguments).await;
        assert_eq!(
            (visit.code, visit.stdout.as_str()),
            (Some(2), ""),
            "{visit:?}"
        );
        assert!(visit.stderr.contains("\nUsage: "), "{visit:?}");
    }
    let visit = machine.run(&["-help"]).await;
    assert_eq!(
        (visit.code, visit.stderr.as_str()),
        (Some(0), ""),
        "{visit:?}"
    );
    assert!(visit.stdout.starts_with("Usage: "), "{visit:?}");
}

#[tokio::test]
async fn ctrl_c_ends_it() {
    let tenant = tenant(false).await;
    let delay = FaultAction::DelayBefore { ms: 600_000 };
    tenant.add_fault(Fault::every("GET", "*/iam/roles", delay));
    let machine = Machine::of_tenant(&tenant);
    let mut child = machine.command(&[]).spawn().expect("the program starts");
    let asked = || {
        let journal = tenant.journal();
        journal
            .iter()
            .any(|it| it.path.ends_with("/roles"))
            .then_some(())
    };
    until("the request", LIMIT, asked).await;
    signal(child.id().expect("a running program"), "INT");
    let status = within("the end", LIMIT, child.wait()).await;
    assert_eq!(status.expect("a status").code(), Some(1));
}

/// Everything that the output must not contain.
fn private(tenant: &CheckedEmulator, machine: &Machine) -> Vec<String> {
    let users = tenant.users().into_iter();
    let mut private: Vec<_> = users
        .flat_map(|user| [user.id, user.display_name, user.email])
        .collect();
    private.extend(tenant.apps().into_iter().map(|app| app.display_name));
    let names = tenant.connectors().into_iter();
    private.extend(names.map(|connector| connector.display_name));
    let secret_variables = [
        "CONDUCTORONE_CLIENT_ID",
        "CONDUCTORONE_CLIENT_SECRET",
        "CONDUCTORONE_ACCESS_TOKEN",
        "SSL_CERT_FILE",
    ];
    let values = secret_variables
        .iter()
        .filter_map(|name| machine.env.get(name));
    private.extend(values.cloned());
    private.extend([tenant.access_token().to_owned(), "hunter2".to_owned()]);
    // The catalog entry has the name that new connectors get.
    private.retain(|text| text.len() > 3 && !text.starts_with("Confluence"));
    assert!(private.len() > 12, "{private:?}");
    private
}

#[tokio::test]
async fn no_output_contains_a_secret_or_personal_data() {
    let tenant = tenant(true).await;
    let error = "alice@acme.example (Alice Adams) may not read";
    add_connector(&tenant, |connector| {
        connector.display_name = "Wiki of Alice Adams".to_owned();
        connector.syncs = vec![ended_sync(Some(error))];
    });
    let app_id = tenant.app_id();
    let machine = Machine::of_tenant(&tenant);
    let private = private(&tenant, &machine);
    let echo = private.join(" ");
    let answer = |status: u16, content_type: &str, body: &str| FaultAction::Body {
        status,
        content_type: content_type.to_owned(),
        body: body.to_owned(),
    };
    let json =
        json!({"code": 7, "message": echo, "error": "invalid_client", "error_description": echo});
    let json = json.to_string();
    let redirect = FaultAction::Redirect {
        location: format!("https://alice-adams.example/{}", tenant.access_token()),
    };
    let mut faults = vec![None, Some(redirect)];
    for status in [400, 401, 403, 404, 409, 501] {
        faults.push(Some(answer(status, "application/json", &json)));
    }
    faults.push(Some(answer(403, "text/plain", &echo)));
    faults.push(Some(answer(
        200,
        "text/html",
        &format!("<html>{echo}</html>"),
    )));
    faults.push(Some(answer(200, "application/json", &json)));
    let token = json!({"access_token": "t-1", "token_type": echo, "expires_in": 9}).to_string();
    faults.push(Some(answer(200, "application/json", &token)));
    // Every request, every request but the one for a token, and only that one.
    for path in ["/", "/api/", "/auth/v1/token"] {
        for fault in &faults {
            tenant.clear_faults();
            if let Some(action) = fault {
                for method in ["GET", "POST"] {
                    tenant.add_fault(Fault::every(method, path, action.clone()));
                }
            }
            for arguments in [&["-app", &app_id][..], &["-json", "-app", &app_id]] {
                let visit = machine.run(arguments).await;
                let text = format!("{}{}", visit.stdout, visit.stderr);
                assert!(text.contains("token"), "{visit:?}");
                for secret in private.iter().chain([&"alice".to_owned()]) {
                    let shown = text.to_lowercase().contains(&secret.to_lowercase());
                    assert!(!shown, "{secret} in {path} {fault:?}: {text}");
                }
            }
        }
    }
}
