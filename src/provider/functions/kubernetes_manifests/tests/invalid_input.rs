//! Invalid arguments.

use serde_json::{Value as Json, json};

use super::{CLOUD, DATA_CENTER, call, environment};

fn with(variables: &[(&str, &str)], name: &str, value: &Json) -> Json {
    let mut environment = json!(environment(variables));
    environment[name] = value.clone();
    environment
}

fn without(variables: &[(&str, &str)], names: &[&str]) -> Json {
    let mut environment = environment(variables);
    for name in names {
        environment.remove(*name);
    }
    json!(environment)
}

/// Checks that the error is about this argument, contains all `parts` and contains no secret.
fn assert_error(environment: &Json, options: &Json, argument: usize, parts: &[&str]) {
    let error = call(environment, options).expect_err("an error");
    assert_eq!(error.argument, Some(argument), "{}", error.text);
    for part in parts {
        assert!(error.text.contains(part), "{part:?} in {}", error.text);
    }
    for secret in ["pat-1", "key-1", "secret-token"] {
        assert!(!error.text.contains(secret), "{}", error.text);
    }
}

#[test]
fn environments_that_no_connector_can_run_with() {
    let id = ["BATON_CLIENT_ID"];
    let both = ["BATON_CLIENT_ID", "BATON_CLIENT_SECRET"];
    let cases: &[(Json, &[&str])] = &[
        (json!({}), &["empty", "confluence_datacenter_integration"]),
        (
            with(DATA_CENTER, "", &json!("x")),
            &["\"\" is not a variable name"],
        ),
        (
            with(DATA_CENTER, "1A", &json!("x")),
            &["\"1A\"", "such as BATON_HOSTNAME"],
        ),
        (with(DATA_CENTER, "A-B", &json!("x")), &["\"A-B\""]),
        (with(DATA_CENTER, "Ä", &json!("x")), &["\"Ä\""]),
        (
            with(DATA_CENTER, "BATON_USERNAME", &json!(null)),
            &["BATON_USERNAME is null"],
        ),
        (
            with(
                DATA_CENTER,
                "BATON_DOMAIN_URL",
                &json!("https://acme.atlassian.net"),
            ),
            &["BATON_DOMAIN_URL is for Confluence Cloud", "one connector"],
        ),
        (
            with(CLOUD, "BATON_PASSWORD", &json!("x")),
            &[
                "BATON_PASSWORD is for Confluence Data Center",
                "BATON_API_KEY",
            ],
        ),
        (
            without(DATA_CENTER, &["BATON_HOSTNAME", "BATON_ACCESS_TOKEN"]),
            &[
                "not for a Confluence connector",
                "BATON_HOSTNAME",
                "BATON_DOMAIN_URL",
            ],
        ),
        (
            without(DATA_CENTER, &["BATON_HOSTNAME"]),
            &[
                "BATON_HOSTNAME is missing",
                "https://confluence.corp.acme.com",
            ],
        ),
        (
            with(CLOUD, "BATON_DOMAIN_URL", &json!("")),
            &["BATON_DOMAIN_URL is missing", "https://acme.atlassian.net"],
        ),
        (
            without(CLOUD, &id),
            &["BATON_CLIENT_ID is missing", "connector's page"],
        ),
        (
            without(DATA_CENTER, &both),
            &[
                "BATON_CLIENT_ID and BATON_CLIENT_SECRET are missing",
                "environment attribute of a",
            ],
        ),
        (
            with(DATA_CENTER, "BATON_CLIENT_SECRET", &json!("")),
            &["BATON_CLIENT_SECRET is missing"],
        ),
    ];
    for (environment, parts) in cases {
        assert_error(environment, &json!({}), 0, parts);
    }
}

#[test]
fn one_host_id_does_not_serve_several_replicas() {
    let environment = with(DATA_CENTER, "BATON_HOST_ID", &json!("wiki"));
    assert!(call(&environment, &json!({"replicas": 1})).is_ok());
    assert_error(
        &environment,
        &json!({"replicas": 2}),
        0,
        &["BATON_HOST_ID", "replicas"],
    );
}

#[test]
fn options_that_kubernetes_would_refuse() {
    let cases: &[(Json, &[&str])] = &[
        (
            json!("x"),
            &["expected an object such as { namespace", "got \"x\""],
        ),
        (json!(["x"]), &["got a list"]),
        (
            json!({"name": "Wiki"}),
            &["name: expected", "such as wiki-connector, got \"Wiki\""],
        ),
        (json!({"name": "a.b"}), &["name: expected"]),
        (json!({"name": ["a"]}), &["name: expected", "got a list"]),
        (
            json!({"namespace": ""}),
            &["namespace: expected", "got \"\""],
        ),
        (
            json!({"image": "a b"}),
            &["image: expected", "registry.acme.com"],
        ),
        (json!({"image": {}}), &["image: expected", "got an object"]),
        (
            json!({"secret_name": "-a"}),
            &["secret_name: expected", "wiki-secrets"],
        ),
        (
            json!({"replicas": -1}),
            &["replicas: expected a whole number", "such as 2, got -1"],
        ),
        (json!({"replicas": 1.5}), &["got 1.5"]),
        (json!({"replicas": "many"}), &["got \"many\""]),
        (json!({"replicas": ""}), &["got \"\""]),
        (json!({"replicas": true}), &["got true"]),
        (json!({"replicas": 2_147_483_648_u32}), &["got 2147483648"]),
        (
            json!({"labels": "x"}),
            &["labels: expected a map", "{ team = \"iam\" }"],
        ),
        (
            json!({"labels": {"a b": "x"}}),
            &["labels[\"a b\"]: expected", "acme.com/team"],
        ),
        (
            json!({"labels": {"a": "x y"}}),
            &["labels[\"a\"]: expected", "got \"x y\""],
        ),
        (
            json!({"labels": {"a": ["x"]}}),
            &["labels[\"a\"]: expected", "got a list"],
        ),
        (
            json!({"labels": {"app": "x"}}),
            &["labels[\"app\"]", "which the function sets"],
        ),
        (
            json!({"labels": {"baton": "x"}}),
            &["labels[\"baton\"]", "which the function sets"],
        ),
        (
            json!({"labels": {"baton-app": "x"}}),
            &["labels[\"baton-app\"]"],
        ),
        (
            json!({"resources": 5}),
            &["resources: expected an object", "got 5"],
        ),
        (
            json!({"resources": {"limits": "1"}}),
            &["resources.limits: expected", "got \"1\""],
        ),
        (
            json!({"resources": {"limits": {"cpu": "1 GB"}}}),
            &[
                "resources.limits[\"cpu\"]: expected a quantity",
                "got \"1 GB\"",
            ],
        ),
        (
            json!({"resources": {"requests": {"mem": "1Gi"}}}),
            &["resources.requests[\"mem\"]: expected", "nvidia.com/gpu"],
        ),
    ];
    assert_errors(cases);
}

#[test]
fn placements_that_kubernetes_would_refuse() {
    assert_errors(&[
        (
            json!({"image_pull_policy": "always"}),
            &["image_pull_policy: expected Always, IfNotPresent or Never, got \"always\""],
        ),
        (
            json!({"image_pull_secrets": "registry"}),
            &["image_pull_secrets: expected a list", "got \"registry\""],
        ),
        (
            json!({"image_pull_secrets": ["a", "B", null]}),
            &[
                "image_pull_secrets[1]: expected the name of a Secret",
                "[2]: expected",
                "got null",
            ],
        ),
        (
            json!({"annotations": {"checksum/secret": "x"}}),
            &[
                "annotations[\"checksum/secret\"]",
                "which the function sets",
            ],
        ),
        (
            json!({"annotations": {"a b": "x"}}),
            &["annotations[\"a b\"]: expected a key"],
        ),
        (
            json!({"annotations": {"a": {}}}),
            &["expected text, got an object"],
        ),
        (
            json!({"node_selector": {"a": "b c"}}),
            &["node_selector[\"a\"]: expected", "got \"b c\""],
        ),
        (
            json!({"node_selector": {"a/": "b"}}),
            &["node_selector[\"a/\"]: expected the key"],
        ),
        (
            json!({"service_account_name": "A"}),
            &["service_account_name: expected"],
        ),
        (
            json!({"automount_service_account_token": "yes"}),
            &["automount_service_account_token: expected true or false, got \"yes\""],
        ),
        (
            json!({"tolerations": {"key": "a"}}),
            &["tolerations: expected a list", "got an object"],
        ),
        (
            json!({"tolerations": ["a"]}),
            &["tolerations[0]: expected an object", "got \"a\""],
        ),
        (
            json!({"tolerations": [null]}),
            &["tolerations[0]: a toleration without key"],
        ),
        (
            json!({"tolerations": [{"key": "a"}, {"value": "b"}]}),
            &["tolerations[1]: a toleration without key requires operator = \"Exists\""],
        ),
        (
            json!({"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}),
            &["tolerations[0].value: operator = \"Exists\" allows no value"],
        ),
        (
            json!({"tolerations": [{"key": "a", "effect": "NoSchedule", "toleration_seconds": 5}]}),
            &["tolerations[0].toleration_seconds: requires effect = \"NoExecute\""],
        ),
        (
            json!({"tolerations": [{"key": "a", "operator": "In", "effect": "Never"}]}),
            &[
                "tolerations[0].operator: expected Equal or Exists",
                "[0].effect: expected NoSchedule",
            ],
        ),
        (
            json!({"tolerations": [{"key": "/", "value": "a b", "toleration_seconds": -1}]}),
            &[
                "[0].key: expected",
                "[0].value: expected",
                "[0].toleration_seconds: expected",
            ],
        ),
    ]);
}

#[test]
fn security_contexts_that_kubernetes_would_refuse() {
    let in_context = |context: Json| json!({"security_context": context});
    assert_errors(&[
        (
            in_context(json!("strict")),
            &["security_context: expected an object", "got \"strict\""],
        ),
        (
            in_context(json!({"run_as_non_root": 1})),
            &["security_context.run_as_non_root: expected true or false, got 1"],
        ),
        (
            in_context(json!({"run_as_user": "root", "run_as_group": -1})),
            &[
                "run_as_user: expected a whole number",
                "run_as_group: expected",
                "got -1",
            ],
        ),
        (
            in_context(json!({"run_as_user": 0})),
            &["security_context.run_as_user: 0 is root; also set run_as_non_root = false"],
        ),
        (
            in_context(json!({"capabilities": {"add": ["CAP_CHOWN"]}})),
            &[
                "security_context.capabilities.add[0]: expected",
                "without CAP_",
            ],
        ),
        (
            in_context(json!({"seccomp_profile": {"type": "Localhost"}})),
            &["security_context.seccomp_profile.localhost_profile: set it if and only if"],
        ),
        (
            in_context(json!({"seccomp_profile": {"localhost_profile": "a.json"}})),
            &["localhost_profile: set it if and only if"],
        ),
        (
            in_context(
                json!({"seccomp_profile": {"type": "Localhost", "localhost_profile": "/a"}}),
            ),
            &["localhost_profile: expected a path below"],
        ),
        (
            in_context(json!({"seccomp_profile": {"type": "none"}})),
            &["type: expected RuntimeDefault"],
        ),
    ]);
}

fn assert_errors(cases: &[(Json, &[&str])]) {
    for (options, parts) in cases {
        assert_error(&json!(environment(DATA_CENTER)), options, 1, parts);
    }
}

#[test]
fn options_that_do_not_exist() {
    let all = "ptions are name, namespace, image, image_pull_policy, image_pull_secrets, replicas, secret_name, labels, \
               annotations, resources, security_context, node_selector, tolerations, service_account_name, \
               automount_service_account_token";
    let cases: &[(Json, &[&str])] = &[
        (
            json!({"replica": 2}),
            &[
                "replica: this option does not exist; did you mean replicas?",
                all,
            ],
        ),
        (
            json!({"secretName": "x"}),
            &["secretName", "did you mean secret_name?"],
        ),
        (json!({"Namespace": null}), &["did you mean namespace?"]),
        (
            json!({"host_aliases": "x"}),
            &["this option does not exist; the options are", all],
        ),
        (
            json!({"resources": {"request": {}}}),
            &[
                "resources.request: ",
                "did you mean requests?",
                "The options are requests, limits",
            ],
        ),
        (
            json!({"security_context": {"runAsUser": 1000}}),
            &["security_context.runAsUser", "did you mean run_as_user?"],
        ),
        (
            json!({"security_context": {"capabilities": {"drops": []}}}),
            &["security_context.capabilities.drops", "did you mean drop?"],
        ),
        (
            json!({"tolerations": [{"key": "a", "efect": "NoSchedule"}]}),
            &["tolerations[0].efect", "did you mean effect?"],
        ),
        (
            json!({"tolerations": [{"key": "a", "tolerationSeconds": 5}]}),
            &["did you mean toleration_seconds?"],
        ),
    ];
    assert_errors(cases);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let options = json!({"name": "A", "replicas": -1, "resources": {"limit": {}}, "x": 1});
    let error = call(&json!(environment(DATA_CENTER)), &options).expect_err("errors");
    assert_eq!(error.text.matches("\n- ").count(), 4, "{}", error.text);
}
