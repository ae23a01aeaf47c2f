//! The content of the manifests.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, Secret};
use proptest::collection::btree_map;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::yaml::Yaml;
use super::{CLOUD, DATA_CENTER, call, content, documents, environment, objects};

fn manifests(variables: &[(&str, &str)], options: &Json) -> (Secret, Deployment) {
    objects(&call(&json!(environment(variables)), options).unwrap())
}

fn checksum(variables: &[(&str, &str)]) -> String {
    let template = manifests(variables, &json!({})).1.spec.unwrap().template;
    let annotations = template.metadata.unwrap().annotations.unwrap();
    annotations["checksum/secret"].clone()
}

fn container(deployment: Deployment) -> Container {
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    pod.containers.into_iter().next().unwrap()
}

/// Returns the value of a variable that is not in the Secret.
fn variable(deployment: Deployment, name: &str) -> Option<String> {
    let variables = container(deployment).env.unwrap_or_default();
    let variable = variables.into_iter().find(|variable| variable.name == name);
    variable.and_then(|variable| variable.value)
}

#[test]
fn the_deployment_reads_the_secret_and_selects_its_own_pods() {
    let named = json!({"name": "wiki", "labels": {"team": "iam"}});
    for (variables, options, name, app) in [
        (
            DATA_CENTER,
            json!({}),
            "baton-confluence-datacenter",
            "confluence-datacenter",
        ),
        (CLOUD, json!({}), "baton-confluence", "confluence"),
        (CLOUD, named, "wiki", "confluence"),
    ] {
        let (secret, deployment) = manifests(variables, &options);
        let spec = deployment.spec.clone().unwrap();
        let selector = spec.selector.match_labels.unwrap();
        assert_eq!(
            selector,
            BTreeMap::from([("app".to_owned(), name.to_owned())])
        );
        let labels = spec.template.metadata.unwrap().labels.unwrap();
        assert_eq!(
            (&labels["app"], &labels["baton-app"]),
            (&name.to_owned(), &app.to_owned())
        );
        assert_eq!(deployment.metadata.name.as_deref(), Some(name));
        let container = container(deployment);
        assert_eq!(container.name, name);
        let source = container.env_from.unwrap().remove(0).secret_ref.unwrap();
        assert_eq!(Some(source.name), secret.metadata.name);
        assert_eq!(secret.type_.as_deref(), Some("Opaque"));
    }
}

#[test]
fn labels_are_on_both_objects_and_on_the_pods() {
    let (secret, deployment) =
        manifests(CLOUD, &json!({"labels": {"team": "iam"}, "namespace": "n"}));
    let pod = deployment.spec.unwrap().template.metadata.unwrap();
    for metadata in [&secret.metadata, &deployment.metadata, &pod] {
        let labels = metadata.labels.as_ref().unwrap();
        assert_eq!(labels.get("team").map(String::as_str), Some("iam"));
    }
    for metadata in [&secret.metadata, &deployment.metadata] {
        assert_eq!(metadata.namespace.as_deref(), Some("n"));
    }
}

#[test]
fn only_a_single_replica_has_a_fixed_host_id() {
    for (options, replicas) in [
        (json!({}), 1),
        (json!({"replicas": 0}), 0),
        (json!({"replicas": "1"}), 1),
        (json!({"replicas": 2.0}), 2),
        (json!({"replicas": "3"}), 3),
    ] {
        let (_, deployment) = manifests(CLOUD, &options);
        let spec = deployment.spec.clone().unwrap();
        assert_eq!(spec.replicas, Some(replicas));
        let strategy = spec.strategy.and_then(|strategy| strategy.type_);
        let (host_id, recreate) = if replicas > 1 {
            (None, None)
        } else {
            (Some("baton-confluence"), Some("Recreate"))
        };
        let found = variable(deployment, "BATON_HOST_ID");
        assert_eq!((found.as_deref(), strategy.as_deref()), (host_id, recreate));
    }
}

#[test]
fn a_host_id_of_the_environment_counts() {
    let with_id = [DATA_CENTER, &[("BATON_HOST_ID", "wiki")]].concat();
    let (secret, deployment) = manifests(&with_id, &json!({}));
    assert_eq!(content(secret)["BATON_HOST_ID"], "wiki");
    assert_eq!(variable(deployment, "BATON_HOST_ID"), None);
}

#[test]
fn options_that_are_null_or_empty_count_as_unset() {
    let without = call(&json!(environment(CLOUD)), &json!({})).unwrap();
    for options in [
        json!({"name": null, "replicas": null, "labels": null, "resources": null}),
        json!({"labels": {}, "resources": {}}),
        json!({"labels": {"team": null}, "resources": {"limits": {}, "requests": {"cpu": null}}}),
        json!({"annotations": {}, "node_selector": null, "tolerations": [], "image_pull_secrets": []}),
        json!({"security_context": null}),
        json!({"security_context": {"run_as_user": null, "capabilities": {"drop": null}, "seccomp_profile": {}}}),
    ] {
        assert_eq!(call(&json!(environment(CLOUD)), &options).unwrap(), without);
    }
}

#[test]
fn the_pods_change_with_every_variable() {
    let before = checksum(DATA_CENTER);
    assert_eq!(before.len(), 64);
    assert_eq!(before, checksum(DATA_CENTER));
    let other = [DATA_CENTER, &[("BATON_CLIENT_SECRET", "another")]].concat();
    assert_ne!(before, checksum(&other));
    // The same text, split at another position.
    let [one, two] =
        [("A", "BC"), ("AB", "C")].map(|pair| checksum(&[DATA_CENTER, &[pair]].concat()));
    assert_ne!(one, two);
}

#[test]
fn text_from_outside_stays_text() {
    let hostile = [
        "",
        " ",
        "true",
        "on",
        "null",
        "~",
        "1e3",
        "0x1F",
        "2026-01-01",
        "- a",
        "a: b",
        "a #b",
        "\"",
        "\\",
        "\\n",
        "'",
        "a\nb\r\n\tc",
        "---\nkind: Pod",
        "%YAML",
        "&a *b !c",
        "|",
        ">",
        "{}",
        "\u{0}\u{1b}\u{7f}",
        "\u{85}\u{a0}",
        "\u{2028}\u{2029}\u{feff}\u{202e}",
        "naïve 漢字 🦊\u{10ffff}",
    ];
    for text in hostile {
        let variables = [DATA_CENTER, &[("TEXT", text), ("null", text), ("y", text)]].concat();
        let (secret, _) = manifests(&variables, &json!({}));
        assert_eq!(content(secret), environment(&variables), "{text:?}");
    }
}

#[test]
fn the_yaml_is_printable() {
    let yaml = Yaml::Text("\"\\\n\r\t\u{0}\u{7f}\u{85}ä\u{2028}🦊").document();
    assert_eq!(
        yaml,
        "\"\\\"\\\\\\n\\r\\t\\x00\\x7f\\x85\\xe4\\u2028\\U0001f98a\"\n"
    );
}

proptest! {
    #[test]
    fn any_map_of_text_reads_back(map in btree_map(any::<String>(), any::<String>(), 0..8)) {
        let texts = map.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let read = documents(&Yaml::Map(texts.collect()).document());
        prop_assert_eq!(read, [json!(map)]);
    }

    #[test]
    fn any_environment_reads_back(
        others in btree_map("[A-Za-z_][A-Za-z0-9_]{0,9}", any::<String>(), 0..6),
    ) {
        let mut all = environment(CLOUD);
        all.extend(others);
        let (secret, _) = objects(&call(&json!(all), &json!({})).unwrap());
        prop_assert_eq!(content(secret), all);
    }
}
