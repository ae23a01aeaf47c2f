//! The checks of a tenant: rights, roles, catalog entries and connectors.

use conductorone_emulator::{OwnersApi, Time, V2};
use serde_json::{Value, json};

use super::{Machine, add_connector, ended_sync, tenant};

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
