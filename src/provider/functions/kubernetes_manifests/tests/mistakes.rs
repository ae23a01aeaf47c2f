//! Arguments that make no sense.

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

/// Checks that the error is on this argument and says all of `parts`, and no secret.
fn assert_mistake(environment: &Json, options: &Json, argument: usize, parts: &[&str]) {
    let error = call(environment, options).expect_err("a mistake");
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
        (with(DATA_CENTER, "", &json!("x")), &["\"\" is no name"]),
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
                "no connector for Confluence",
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
                "environment of a",
            ],
        ),
        (
            with(DATA_CENTER, "BATON_CLIENT_SECRET", &json!("")),
            &["BATON_CLIENT_SECRET is missing"],
        ),
    ];
    for (environment, parts) in cases {
        assert_mistake(environment, &json!({}), 0, parts);
    }
}

#[test]
fn one_host_id_does_not_serve_several_replicas() {
    let environment = with(DATA_CENTER, "BATON_HOST_ID", &json!("wiki"));
    assert!(call(&environment, &json!({"replicas": 1})).is_ok());
    assert_mistake(
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
    for (options, parts) in cases {
        assert_mistake(&json!(environment(DATA_CENTER)), options, 1, parts);
    }
}

#[test]
fn options_that_do_not_exist() {
    let all = "All of them: name, namespace, image, replicas, secret_name, labels, resources";
    let cases: &[(Json, &[&str])] = &[
        (
            json!({"replica": 2}),
            &[
                "replica: there is no such option; did you mean replicas?",
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
            &["there is no such option; All", all],
        ),
        (
            json!({"resources": {"request": {}}}),
            &[
                "resources.request: ",
                "did you mean requests?",
                "All of them: requests, limits",
            ],
        ),
    ];
    for (options, parts) in cases {
        assert_mistake(&json!(environment(DATA_CENTER)), options, 1, parts);
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let options = json!({"name": "A", "replicas": -1, "resources": {"limit": {}}, "x": 1});
    let error = call(&json!(environment(DATA_CENTER)), &options).expect_err("mistakes");
    assert_eq!(error.text.matches("\n- ").count(), 4, "{}", error.text);
}
