//! State from another provider address: of the vendor's provider, or of this provider under another name.

use serde_json::{Value, json};

use crate::identity::parts;
use crate::plan::{ALL, Scene};
use crate::provider::{Finding, Provider, findings, object};
use crate::wire::tfplugin6::{RawState, move_resource_state, upgrade_resource_identity};

/// The addresses of the vendor's provider: complete addresses of Terraform and OpenTofu, of a mirror, of a fork, and
/// without host and namespace in OpenTofu 1.11.0 to 1.11.11 and 1.12.0 to 1.12.3.
const VENDOR: [&str; 6] = [
    "registry.terraform.io/conductorone/conductorone",
    "registry.opentofu.org/conductorone/conductorone",
    "terraform.corp.acme.example/conductorone/conductorone",
    "registry.terraform.io/acme/conductorone",
    "conductorone/conductorone",
    "conductorone",
];
/// The addresses of this provider.
const OWN: [&str; 6] = [
    "registry.terraform.io/conductorone/confluence",
    "registry.opentofu.org/conductorone/confluence",
    "terraform.corp.acme.example/conductorone/confluence",
    "registry.terraform.io/acme/confluence",
    "conductorone/confluence",
    "confluence",
];

/// Returns a move of an object with this state to `target`.
fn request(
    target: &str,
    provider: &str,
    source: &str,
    state: &Value,
) -> move_resource_state::Request {
    move_resource_state::Request {
        source_provider_address: provider.to_owned(),
        source_type_name: source.to_owned(),
        source_state: raw(state),
        target_type_name: target.to_owned(),
        ..Default::default()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "message fields are optional")]
fn raw(json: &Value) -> Option<RawState> {
    Some(RawState {
        json: json.to_string().into_bytes(),
        ..RawState::default()
    })
}

async fn moved(
    provider: &Provider,
    request: move_resource_state::Request,
) -> move_resource_state::Response {
    let answer = provider.rpc.clone().move_resource_state(request).await;
    answer.expect("an answer").into_inner()
}

/// Returns the only error of a refused move.
async fn refused(provider: &Provider, request: move_resource_state::Request) -> Finding {
    let answer = moved(provider, request).await;
    assert_eq!(answer.target_state, None);
    only(findings(answer.diagnostics))
}

fn only(mut findings: Vec<Finding>) -> Finding {
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].is_error, "{findings:#?}");
    findings.remove(0)
}

#[tokio::test]
async fn the_vendors_provider_is_known_by_every_spelling_of_its_address() {
    let (_plugin, provider) = Provider::launched().await;
    let state =
        json!({"id": "connector", "app_id": "app", "user_ids": ["user"], "deleted_at": null});
    for (source, target) in [
        (
            "conductorone_integration_confluence",
            "confluence_integration",
        ),
        (
            "conductorone_integration_confluence_v2",
            "confluence_integration",
        ),
        (
            "conductorone_integration_baton",
            "confluence_datacenter_integration",
        ),
        (
            "conductorone_integration_baton",
            "confluence_self_hosted_integration",
        ),
    ] {
        for address in VENDOR {
            let answer = moved(&provider, request(target, address, source, &state)).await;
            assert_eq!(findings(answer.diagnostics), [], "{source} of {address}");
            let (value, _) = object(answer.target_state);
            assert_eq!(value["owner_ids"], json!(["user"]), "{source} of {address}");
            assert_eq!(
                parts(answer.target_identity),
                json!({"id": "connector", "app_id": "app"})
            );
        }
        for address in [
            "registry.terraform.io/conductorone/other",
            "other",
            "conductorone/",
            "",
        ] {
            let refused = refused(&provider, request(target, address, source, &state)).await;
            assert_eq!(refused.summary, "Resource cannot be moved", "{address:?}");
        }
    }
}

#[tokio::test]
async fn state_of_the_same_type_under_another_address_stays_what_it_is() {
    let scene = Scene::new().await;
    for name in ALL {
        let config = scene.config(name);
        let state = scene.create(name, &config).await;
        let identity = match name {
            "confluence_app" => json!({"id": state.value["id"]}),
            _ => json!({"id": state.value["id"], "app_id": state.value["app_id"]}),
        };
        for address in OWN {
            let request = move_resource_state::Request {
                source_private: state.private.clone(),
                source_identity: raw(&identity),
                ..request(name, address, name, &state.value)
            };
            let answer = moved(&scene.provider, request).await;
            assert_eq!(findings(answer.diagnostics), [], "{name} of {address}");
            let (value, bytes) = object(answer.target_state);
            assert_eq!(value, state.value, "{name} of {address}");
            assert_eq!(bytes, state.bytes, "{name} of {address}");
            assert_eq!(answer.target_private, state.private, "{name} of {address}");
            assert_eq!(
                parts(answer.target_identity),
                identity,
                "{name} of {address}"
            );
        }
    }
}

#[tokio::test]
async fn state_of_a_newer_version_is_refused() {
    let (_plugin, provider) = Provider::launched().await;
    let state = json!({"id": "object", "app_id": "app"});
    for name in ALL {
        let newer = provider.schema.resource_schemas[name].version + 1;
        let request = move_resource_state::Request {
            source_schema_version: newer,
            ..request(name, OWN[3], name, &state)
        };
        let by_move = refused(&provider, request).await;
        let upgraded = provider.upgrade(name, newer, &state.to_string()).await;
        assert_eq!(upgraded.value, Value::Null, "{name}");
        let identity = upgrade_resource_identity::Request {
            type_name: name.to_owned(),
            version: 1,
            raw_identity: raw(&state),
        };
        let identity = provider
            .rpc
            .clone()
            .upgrade_resource_identity(identity)
            .await;
        let identity = identity.expect("an answer").into_inner().diagnostics;
        for refused in [by_move, only(upgraded.findings), only(findings(identity))] {
            assert_eq!(
                refused.summary,
                "Resource managed by a newer version of the provider"
            );
            let versions = format!(
                "has version {newer}, and this version of the provider reads versions up to {}",
                newer - 1
            );
            assert!(refused.detail.contains(&versions), "{}", refused.detail);
        }
    }
}

#[tokio::test]
async fn state_that_names_no_object_is_refused() {
    let (_plugin, provider) = Provider::launched().await;
    let theirs = "conductorone_integration_confluence_v2";
    for (target, address, source, missing) in [
        ("confluence_integration", VENDOR[0], theirs, "app_id and id"),
        (
            "confluence_integration",
            OWN[3],
            "confluence_integration",
            "app_id and id",
        ),
        ("confluence_app", OWN[3], "confluence_app", "id"),
    ] {
        let state = json!({"app_id": "app", "id": null});
        let refused = refused(&provider, request(target, address, source, &state)).await;
        assert_eq!(refused.summary, "Resource cannot be moved");
        assert!(
            refused
                .detail
                .contains(&format!("which requires {missing}")),
            "{}",
            refused.detail
        );
    }
}
