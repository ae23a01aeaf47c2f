//! The effect of the options on the pods, and the defaults.

use k8s_openapi::api::core::v1::{Container, PodSpec, SecurityContext};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{CLOUD, DATA_CENTER, call, environment, objects};

fn pod(options: &Json) -> PodSpec {
    pod_of(DATA_CENTER, options)
}

fn pod_of(variables: &[(&str, &str)], options: &Json) -> PodSpec {
    let (_, deployment) = objects(&call(&json!(environment(variables)), options).unwrap());
    deployment.spec.unwrap().template.spec.unwrap()
}

fn container(pod: PodSpec) -> Container {
    pod.containers.into_iter().next().unwrap()
}

fn security(options: &Json) -> SecurityContext {
    container(pod(&json!({"security_context": options})))
        .security_context
        .unwrap()
}

/// The profile "restricted" of the Kubernetes Pod Security Standards, and a read-only root file system.
#[test]
fn a_pod_is_restricted_unless_the_options_say_otherwise() {
    for variables in [CLOUD, DATA_CENTER] {
        let pod = pod_of(variables, &json!({}));
        assert_eq!(pod.automount_service_account_token, Some(false));
        assert_eq!(pod.service_account_name, None);
        let context = container(pod).security_context.unwrap();
        let expected = json!({
            "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
            "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"},
        });
        assert_eq!(json!(context), expected);
    }
}

#[test]
fn the_connector_writes_into_a_volume() {
    let pod = pod(&json!({}));
    let volume = pod.volumes.clone().unwrap().remove(0);
    assert!(volume.empty_dir.is_some());
    let container = container(pod);
    let mount = container.volume_mounts.unwrap().remove(0);
    assert_eq!(mount.name, volume.name);
    assert_ne!(mount.read_only, Some(true));
    let variables = container.env.unwrap();
    let directory = variables
        .into_iter()
        .find(|variable| variable.name == "BATON_C1Z_TEMP_DIR");
    assert_eq!(directory.unwrap().value, Some(mount.mount_path));
}

#[test]
fn a_directory_of_the_environment_counts() {
    let variables = [CLOUD, &[("BATON_C1Z_TEMP_DIR", "/var/tmp")]].concat();
    let variables = container(pod_of(&variables, &json!({}))).env.unwrap();
    assert!(
        variables
            .iter()
            .all(|variable| variable.name != "BATON_C1Z_TEMP_DIR")
    );
}

#[test]
fn a_security_context_changes_only_what_it_names() {
    let default = security(&json!({}));
    let changed = security(&json!({"run_as_user": "1000", "read_only_root_filesystem": false}));
    let expected = SecurityContext {
        run_as_user: Some(1000),
        read_only_root_filesystem: Some(false),
        ..default.clone()
    };
    assert_eq!(changed, expected);
    let any = security(&json!({"run_as_user": "any", "run_as_group": "any"}));
    let expected = SecurityContext {
        run_as_user: None,
        run_as_group: None,
        ..default.clone()
    };
    assert_eq!(any, expected);
    let root = security(&json!({
        "run_as_user": 0, "run_as_non_root": false, "allow_privilege_escalation": true,
        "capabilities": {"add": ["CHOWN"], "drop": []}, "seccomp_profile": {"type": "Unconfined"},
    }));
    let expected = json!({
        "runAsNonRoot": false, "runAsUser": 0, "runAsGroup": 65532,
        "allowPrivilegeEscalation": true, "readOnlyRootFilesystem": true,
        "capabilities": {"add": ["CHOWN"]}, "seccompProfile": {"type": "Unconfined"},
    });
    assert_eq!(json!(root), expected);
}

#[test]
fn annotations_are_on_both_objects_and_on_the_pods() {
    let options = json!({"annotations": {"acme.example/contact": "iam"}});
    let yaml = call(&json!(environment(CLOUD)), &options).unwrap();
    let (secret, deployment) = objects(&yaml);
    let pods = deployment.spec.unwrap().template.metadata.unwrap();
    for metadata in [&secret.metadata, &deployment.metadata, &pods] {
        let annotations = metadata.annotations.as_ref().unwrap();
        assert_eq!(annotations["acme.example/contact"], "iam");
    }
    assert!(pods.annotations.unwrap().contains_key("checksum/secret"));
}

proptest! {
    #[test]
    fn any_placement_reads_back(
        annotations in btree_map("[a-z]{1,9}(/[a-z]{1,9})?", any::<String>(), 0..4),
        node_selector in btree_map("[a-z]{1,9}(/[a-z]{1,9})?", "([a-z0-9]{1,9})?", 0..4),
        secrets in vec("[a-z]{1,9}", 0..4),
        tolerations in vec(("[a-z]{1,9}", option::of("[a-z]{0,9}"), 0..1000), 0..4),
    ) {
        let (given, expected): (Vec<_>, Vec<_>) = tolerations
            .iter()
            .map(|(key, value, seconds)| {
                let operator = if value.is_some() { "Equal" } else { "Exists" };
                let toleration = json!({"key": key, "operator": operator, "value": value, "effect": "NoExecute"});
                let with = |name: &str| {
                    let mut toleration = toleration.clone();
                    toleration[name] = json!(seconds);
                    toleration
                };
                (with("toleration_seconds"), with("tolerationSeconds"))
            })
            .unzip();
        let options = json!({
            "annotations": annotations, "node_selector": node_selector, "image_pull_secrets": secrets,
            "tolerations": given,
        });
        let (secret, deployment) = objects(&call(&json!(environment(CLOUD)), &options).unwrap());
        prop_assert_eq!(secret.metadata.annotations.unwrap_or_default(), annotations);
        let pod = deployment.spec.unwrap().template.spec.unwrap();
        prop_assert_eq!(pod.node_selector.unwrap_or_default(), node_selector);
        let names = pod.image_pull_secrets.unwrap_or_default().into_iter();
        prop_assert_eq!(names.map(|secret| secret.name).collect::<Vec<_>>(), secrets);
        let read = pod.tolerations.unwrap_or_default().into_iter();
        let read = read.map(|toleration| json!(toleration));
        let expected = expected.into_iter().map(|mut toleration| {
            toleration.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            toleration
        });
        prop_assert_eq!(read.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
