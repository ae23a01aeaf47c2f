//! Function calls as Terraform makes them.

use serde_json::{Value, json};

use crate::provider::{Provider, dynamic};
use crate::value::{decode, encode, unknown};
use crate::wire::tfplugin6::function::Parameter;
use crate::wire::tfplugin6::{self as rpc, FunctionError};

const MANIFESTS: &str = "kubernetes_manifests";

/// Calls a function of an unconfigured provider, with arguments of the types that its signature names.
async fn call(
    provider: &Provider,
    name: &str,
    arguments: &[Value],
) -> Result<Value, FunctionError> {
    let parameters = &provider.schema.functions[name].parameters;
    assert_eq!(parameters.len(), arguments.len());
    let encoded = parameters
        .iter()
        .zip(arguments)
        .map(|(parameter, argument)| {
            let ty = serde_json::from_slice(&parameter.r#type).expect("a type in JSON");
            dynamic(encode(argument, &ty)).expect("a value")
        });
    let request = rpc::call_function::Request {
        name: name.to_owned(),
        arguments: encoded.collect(),
    };
    let answer = provider.rpc.clone().call_function(request).await;
    let answer = answer.expect("an answer").into_inner();
    match (answer.result, answer.error) {
        (Some(result), None) => Ok(decode(&result.msgpack)),
        (None, Some(error)) => Err(error),
        other => panic!("either a result or an error, not {other:?}"),
    }
}

fn environment() -> Value {
    json!({
        "BATON_HOSTNAME": "https://confluence.corp.acme.example", "BATON_ACCESS_TOKEN": "pat-1",
        "BATON_CLIENT_ID": "green-fox-12345@acme.conductor.one/ccc", "BATON_CLIENT_SECRET": "secret-1",
    })
}

/// Returns the parameters of all functions that satisfy the condition.
fn parameters(provider: &Provider, holds: fn(&Parameter) -> bool) -> Vec<(&str, &str)> {
    let functions = provider.schema.functions.iter();
    let named = functions.flat_map(|(name, function)| {
        let parameters = function.parameters.iter();
        let found = parameters.filter(move |parameter| holds(parameter));
        found.map(move |parameter| (name.as_str(), parameter.name.as_str()))
    });
    named.collect()
}

/// `OpenTofu` passes no plain null to a dynamic parameter. If the parameter may be null, the result stays unknown.
#[tokio::test]
async fn only_the_environment_of_manifests_may_be_null() {
    let (_plugin, provider) = Provider::launched().await;
    let nullable = parameters(&provider, |parameter| parameter.allow_null_value);
    assert_eq!(nullable, [(MANIFESTS, "environment")]);
    let unknown = parameters(&provider, |parameter| parameter.allow_unknown_values);
    assert_eq!(
        unknown,
        [(MANIFESTS, "environment"), (MANIFESTS, "options")]
    );
}

#[tokio::test]
async fn manifests_check_in_a_plan_what_is_known() {
    let (_plugin, provider) = Provider::launched().await;
    let mut partly = environment();
    partly["BATON_CLIENT_SECRET"] = unknown();
    let cases = [
        (unknown(), json!({}), unknown()),
        (partly, json!({}), unknown()),
        (environment(), json!({"namespace": unknown()}), unknown()),
        (environment(), unknown(), unknown()),
        (Value::Null, json!({}), Value::Null),
    ];
    for (environment, options, expected) in cases {
        let result = call(&provider, MANIFESTS, &[environment, options.clone()]).await;
        assert_eq!(result, Ok(expected), "{options}");
    }
    for environment in [unknown(), Value::Null] {
        let options = json!({"replica": 2, "namespace": unknown()});
        let error = call(&provider, MANIFESTS, &[environment, options]).await;
        let error = error.expect_err("an error");
        assert_eq!(error.function_argument, Some(1), "{}", error.text);
        assert!(
            error.text.contains("did you mean replicas?"),
            "{}",
            error.text
        );
    }
}

#[tokio::test]
async fn manifests_take_options_of_any_shape() {
    let (_plugin, provider) = Provider::launched().await;
    let plain = call(&provider, MANIFESTS, &[environment(), json!({})]).await;
    let plain = plain.expect("manifests");
    assert!(
        plain
            .as_str()
            .is_some_and(|yaml| yaml.contains("name: \"baton-confluence-datacenter\"\n"))
    );
    let options = json!({
        "name": "wiki", "replicas": "3", "image": null, "labels": {"tier": 2},
        "resources": {"limits": {"cpu": 0.5}}, "image_pull_secrets": ["registry"],
        "tolerations": [{"operator": "Exists"}, {"key": "dedicated", "value": "iam"}],
    });
    let manifests = call(&provider, MANIFESTS, &[environment(), options]).await;
    let manifests = manifests.expect("manifests");
    let yaml = manifests.as_str().expect("text");
    for line in [
        "  name: \"wiki\"\n",
        "  replicas: 3\n",
        "    \"tier\": \"2\"\n",
        "\"cpu\": \"0.5\"\n",
        "- name: \"registry\"\n",
        "- operator: \"Exists\"\n",
    ] {
        assert!(yaml.contains(line), "{line:?} in {yaml}");
    }
}

#[tokio::test]
async fn an_error_names_its_argument() {
    let (_plugin, provider) = Provider::launched().await;
    let mut incomplete = environment();
    incomplete["BATON_CLIENT_SECRET"] = Value::Null;
    let cases = [
        ("site_domain", vec![json!("http://acme")], 0, "https://"),
        (MANIFESTS, vec![json!({}), json!({})], 0, "empty"),
        (
            MANIFESTS,
            vec![incomplete, json!({})],
            0,
            "BATON_CLIENT_SECRET",
        ),
        (
            MANIFESTS,
            vec![environment(), json!({"replica": 2})],
            1,
            "replicas?",
        ),
        (MANIFESTS, vec![environment(), json!([1])], 1, "an object"),
    ];
    for (name, arguments, argument, part) in cases {
        let error = call(&provider, name, &arguments)
            .await
            .expect_err("an error");
        assert_eq!(error.function_argument, Some(argument), "{}", error.text);
        assert!(error.text.contains(part), "{part:?} in {}", error.text);
    }
}
