//! Whole manifests, committed for review. `UPDATE_MANIFESTS=1` writes them again.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{CLOUD, DATA_CENTER, call, content, environment, objects};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/provider/functions/kubernetes_manifests/tests/golden"
);

fn check(file: &str, variables: &[(&str, &str)], options: &Json) {
    let yaml = call(&json!(environment(variables)), options).unwrap();
    let (secret, _) = objects(&yaml);
    assert_eq!(content(secret), environment(variables));
    let path = Path::new(FOLDER).join(file);
    if std::env::var("UPDATE_MANIFESTS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &yaml).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed, yaml,
        "{file} is out of date; UPDATE_MANIFESTS=1 writes it again"
    );
}

#[test]
fn data_center() {
    check("data-center.yaml", DATA_CENTER, &json!({}));
}

#[test]
fn cloud() {
    check("cloud.yaml", CLOUD, &json!({}));
}

#[test]
fn replicas() {
    check("replicas.yaml", DATA_CENTER, &json!({"replicas": 3}));
}

#[test]
fn all_options() {
    let options = json!({
        "name": "wiki", "namespace": "connectors", "image": "registry.acme.example:5000/baton:1.2.3",
        "replicas": "1", "secret_name": "wiki.credentials",
        "image_pull_policy": "Always", "image_pull_secrets": ["registry", "mirror"],
        "labels": {"team": "iam", "acme.example/critical": true, "tier": 2},
        "annotations": {"Acme.example/contact": "iam@acme.example", "weight": 1},
        "resources": {
            "requests": {"cpu": 0.5, "memory": "128Mi"},
            "limits": {"memory": "256Mi"},
        },
        "security_context": {
            "run_as_non_root": "true", "run_as_user": 1000, "run_as_group": "any",
            "allow_privilege_escalation": false, "read_only_root_filesystem": false,
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "seccomp_profile": {"type": "Localhost", "localhost_profile": "profiles/baton.json"},
        },
        "node_selector": {"kubernetes.io/arch": "amd64"},
        "tolerations": [
            {"key": "dedicated", "value": "iam", "effect": "NoSchedule"},
            {"key": "acme.example/slow", "operator": "Exists", "effect": "NoExecute", "toleration_seconds": 300},
            {"operator": "Exists"},
        ],
        "service_account_name": "connectors", "automount_service_account_token": true,
    });
    check("all-options.yaml", DATA_CENTER, &options);
}
