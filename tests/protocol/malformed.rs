//! Input that Terraform never sends. It causes an error, and never a panic, an exit or a successful response.

use std::time::Duration;

use http::Request;
use serde_json::{Value, json};
use tonic::body::Body;
use tower::{Service, ServiceExt};

use crate::plan::{ALL, CLOUD};
use crate::plugin::{Launch, Plugin};
use crate::provider::{Finding, Provider, dynamic, errors, findings};
use crate::value::{complete, encode, encode_untyped};
use crate::wait::within;
use crate::wire::tfplugin6::{self as rpc, DynamicValue};

const LIMIT: Duration = Duration::from_secs(20);

/// Invalid MessagePack, including values that claim a huge length.
fn broken_messages() -> Vec<(&'static str, Vec<u8>)> {
    let nested = |start: &[u8]| start.repeat(200_000);
    let mut dynamics = nested(b"\x92\xc4\x09\"dynamic\"");
    dynamics.push(0xc0);
    vec![
        ("a byte that means nothing", vec![0xc1]),
        (
            "an array of four billion",
            vec![0xdd, 0xff, 0xff, 0xff, 0xff],
        ),
        ("a map of four billion", vec![0xdf, 0xff, 0xff, 0xff, 0xff]),
        (
            "a text of four gigabytes",
            vec![0xdb, 0xff, 0xff, 0xff, 0xff],
        ),
        (
            "bytes of four gigabytes",
            vec![0xc6, 0xff, 0xff, 0xff, 0xff],
        ),
        (
            "an unknown of four gigabytes",
            vec![0xc9, 0xff, 0xff, 0xff, 0xff, 0x0c],
        ),
        ("a map that ends early", b"\x82\xa6app_id".to_vec()),
        ("arrays in arrays", nested(&[0x91])),
        ("maps in maps", nested(b"\x81\xa4sync")),
        ("dynamic values in dynamic values", dynamics),
        ("a number in place of the object", encode_untyped(&json!(7))),
        ("a text in place of the object", encode_untyped(&json!("x"))),
        (
            "an array in place of the object",
            encode_untyped(&json!([1, 2])),
        ),
        ("a number as a key", vec![0x81, 0x01, 0x01]),
    ]
}

#[tokio::test]
async fn broken_messagepack_is_an_error_in_every_call_that_carries_values() {
    let (plugin, provider) = Provider::launched().await;
    for (what, bytes) in broken_messages() {
        for name in ALL {
            for (rpc, answer) in calls(&provider, name, &bytes).await {
                assert_refused(&format!("{what} in {rpc} of {name}"), answer);
            }
        }
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn values_of_the_wrong_type_are_errors() {
    let (plugin, provider) = Provider::launched().await;
    let wrong = [
        ("app_id", json!([1])),
        ("app_id", json!({"a": "b"})),
        ("owner_ids", json!("alice")),
        ("owner_ids", json!([["alice"]])),
        ("owner_ids", json!({"a": "alice"})),
        ("skip_personal_spaces", json!([])),
        ("connector_version", json!({})),
        ("connector_version", json!("two")),
        ("connector_version", json!("1e999999999")),
        ("connector_version", json!("0x10")),
    ];
    for (attribute, value) in wrong {
        let mut config = complete(&json!({"app_id": "a"}), &provider.resource_type(CLOUD));
        config[attribute] = value.clone();
        let answer = provider
            .validate_bytes(CLOUD, encode_untyped(&config))
            .await;
        assert_refused(
            &format!("{attribute} = {value}"),
            answer.map_err(|status| status.to_string()),
        );
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn invalid_numbers_are_errors() {
    let (plugin, provider) = Provider::launched().await;
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let config = json!({"app_id": "a", "connector_version": "HERE"});
        let bytes = encode(&config, &provider.resource_type(CLOUD));
        let mut float = vec![0xcb];
        float.extend(number.to_be_bytes());
        let bytes = replace(&bytes, b"\xa4HERE", &float);
        let answer = provider.validate_bytes(CLOUD, bytes).await;
        assert_refused(
            &number.to_string(),
            answer.map_err(|status| status.to_string()),
        );
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn invalid_unicode_is_an_error() {
    let (plugin, provider) = Provider::launched().await;
    let bytes = encode(&json!({"app_id": "HERE"}), &provider.resource_type(CLOUD));
    let bytes = replace(&bytes, b"HERE", b"\xff\xfe\xc0\x80");
    let answer = provider.validate_bytes(CLOUD, bytes).await;
    assert_refused("bytes as text", answer.map_err(|status| status.to_string()));
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn unknown_attributes_are_errors() {
    let (plugin, provider) = Provider::launched().await;
    for name in ALL {
        let mut config = complete(&json!({}), &provider.resource_type(name));
        config["nonsense"] = json!("x");
        for (rpc, answer) in calls(&provider, name, &encode_untyped(&config)).await {
            assert_refused(&format!("an unknown attribute in {rpc} of {name}"), answer);
        }
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn state_files_of_the_wrong_shape_are_errors() {
    let (plugin, provider) = Provider::launched().await;
    let nested = format!("{}{}", r#"{"sync":"#.repeat(50_000), "}".repeat(50_000));
    let texts = [
        "",
        "null",
        "7",
        "[]",
        "\"x\"",
        "{",
        r#"{"app_id": [1]}"#,
        r#"{"owner_ids": "alice"}"#,
        r#"{"owner_ids": [{}]}"#,
        r#"{"connector_version": "two"}"#,
        r#"{"connector_version": 1e999999999}"#,
        r#"{"skip_personal_spaces": {}}"#,
        &nested,
    ];
    for text in texts {
        let what = text.get(..60).unwrap_or(text);
        let state = provider.upgrade(CLOUD, 0, text).await;
        assert_refused(&format!("the state {what}"), Ok(state.findings));
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn a_message_that_claims_half_a_gigabyte_is_refused_before_it_is_read() {
    let plugin = Launch::like_terraform().start().await;
    let mut channel = plugin.connect().await;
    // A gRPC frame: not compressed, with 0x20000000 bytes that never arrive.
    let frame = Body::new("\0\u{20}\0\0\0".to_owned());
    let request = Request::post("/tfplugin6.Provider/ValidateResourceConfig")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(frame)
        .expect("a request");
    let channel = channel.ready().await.expect("a connection");
    let answer = within("a refusal", LIMIT, channel.call(request))
        .await
        .expect("an answer");
    let status = answer
        .headers()
        .get("grpc-status")
        .expect("a refusal without a body");
    assert_ne!(status, "0");
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn broken_function_arguments_are_errors() {
    let (plugin, provider) = Provider::launched().await;
    for name in provider.schema.functions.keys() {
        let no_arguments = vec![("no argument", Vec::new())];
        // The function may accept a text.
        let broken = broken_messages()
            .into_iter()
            .filter(|(what, _)| !what.contains("a text"));
        let broken = broken.map(|(what, bytes)| (what, dynamic(bytes).into_iter().collect()));
        for (what, arguments) in no_arguments.into_iter().chain(broken) {
            let request = rpc::call_function::Request {
                name: name.clone(),
                arguments,
            };
            if let Ok(answer) = provider.rpc.clone().call_function(request).await {
                let error = answer.into_inner().error;
                assert!(error.is_some(), "{name} accepted {what}");
            }
        }
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn foreign_private_data_is_not_a_crash() {
    let (plugin, provider) = Provider::launched().await;
    for name in ALL {
        let config = complete(&json!({}), &provider.resource_type(name));
        for private in [
            &b"\xff\xfe"[..],
            b"[]",
            b"{\"a\":",
            b"{\"a\": {\"b\": [1]}}",
            b"null",
        ] {
            // The provider may ignore such data or report an error.
            provider.plan(name, &config, &config, private).await;
        }
    }
    assert_alive(&plugin).await;
}

#[tokio::test]
async fn a_missing_value_is_not_a_crash() {
    let (plugin, provider) = Provider::launched().await;
    for name in ALL.into_iter().chain(["confluence_nonsense"]) {
        // The result is not checked, because null is a valid value.
        calls(&provider, name, &[]).await;
    }
    assert_alive(&plugin).await;
}

type Answer = Result<Vec<Finding>, String>;

/// Sends `bytes` as every value of every call that has one.
async fn calls(provider: &Provider, name: &str, bytes: &[u8]) -> Vec<(&'static str, Answer)> {
    macro_rules! call {
        ($method:ident { $($field:ident: $value:expr),* }) => {{
            let request = rpc::$method::Request { $($field: $value,)* ..Default::default() };
            let mut client = provider.rpc.clone();
            let answer = within(stringify!($method), LIMIT, client.$method(request)).await;
            let answer = answer.map(|answer| findings(answer.into_inner().diagnostics));
            (stringify!($method), answer.map_err(|status| status.to_string()))
        }};
    }
    let value = || -> Option<DynamicValue> { dynamic(bytes.to_vec()) };
    let name = || name.to_owned();
    vec![
        call!(validate_provider_config { config: value() }),
        call!(validate_resource_config {
            type_name: name(),
            config: value()
        }),
        call!(read_resource {
            type_name: name(),
            current_state: value()
        }),
        call!(plan_resource_change {
            type_name: name(),
            prior_state: value(),
            proposed_new_state: value(),
            config: value()
        }),
        call!(apply_resource_change {
            type_name: name(),
            prior_state: value(),
            planned_state: value(),
            config: value()
        }),
        call!(configure_provider { config: value() }),
    ]
}

fn assert_refused(what: &str, answer: Answer) {
    if let Ok(findings) = answer {
        assert!(
            !errors(&findings).is_empty(),
            "{what} was accepted: {findings:?}"
        );
    }
}

async fn assert_alive(plugin: &Plugin) {
    let provider = Provider::over(plugin.connect().await).await;
    let findings = provider.validate(CLOUD, &json!({"app_id": "a"})).await;
    assert_eq!(findings, [], "a good configuration is refused");
    let crash = plugin
        .stderr
        .lines()
        .into_iter()
        .find(|line| line.starts_with("panic: "));
    assert_eq!(crash, None);
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let start = bytes
        .windows(from.len())
        .position(|window| window == from)
        .expect("the place");
    [&bytes[..start], to, &bytes[start + from.len()..]].concat()
}

#[test]
fn the_codec_reads_what_it_writes() {
    let value = json!({"a": [1, -5, 0.5, "x", null, true, {"$unknown": true}], "b": {"c": "y"}});
    assert_eq!(crate::value::decode(&encode_untyped(&value)), value);
    let ty: Value = json!(["object", {"a": ["set", "string"], "b": "number"}]);
    let bytes = encode(&json!({"a": ["x"]}), &ty);
    assert_eq!(crate::value::decode(&bytes), json!({"a": ["x"], "b": null}));
}
