//! The output, the arguments and the exit status.

use conductorone_emulator::{Fault, FaultAction};
use serde_json::json;

use crate::emulator::CheckedEmulator;
use crate::plugin::signal;
use crate::wait::{until, within};

use super::{LIMIT, Machine, add_connector, ended_sync, tenant};

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
    let guide = include_str!("../../../docs/guides/troubleshooting.md");
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
