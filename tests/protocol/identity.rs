//! What newer clients ask for: identity, and configuration written by the provider.

use serde_json::{Map, Value, json};

use crate::plan::{ALL, Scene};
use crate::plugin::Launch;
use crate::provider::{Provider, dynamic, findings, object};
use crate::value::{complete, decode, encode};
use crate::wire::tfplugin6::{
    DynamicValue, ResourceIdentityData, generate_resource_config, get_resource_identity_schemas,
    import_resource_state, plan_resource_change, read_resource,
};

const CLOUD: &str = "confluence_integration";

/// An identity of these parts, all of them texts.
fn identity(value: &Value) -> ResourceIdentityData {
    let parts = value.as_object().expect("an object").keys();
    let types: Map<_, _> = parts.map(|part| (part.clone(), json!("string"))).collect();
    ResourceIdentityData {
        identity_data: dynamic(encode(value, &json!(["object", types]))),
    }
}

/// The parts of an identity.
pub(crate) fn parts(identity: Option<ResourceIdentityData>) -> Value {
    let data = identity.and_then(|identity| identity.identity_data);
    data.map_or(Value::Null, |data| decode(&data.msgpack))
}

/// A connector that exists, and what an import by identity and the read after it make of it.
async fn imported(scene: &Scene) -> read_resource::Response {
    let Scene {
        emulator, provider, ..
    } = scene;
    let ty = provider.resource_type(CLOUD);
    let config = scene.config(CLOUD);
    let plan = provider.plan(CLOUD, &Value::Null, &config, &[]).await;
    provider
        .apply(CLOUD, &Value::Null, &complete(&config, &ty), &plan)
        .await;
    let id = emulator.connectors()[0].id.clone();
    let by = json!({"app_id": emulator.app_id(), "id": id});
    import_and_read(provider, CLOUD, &by).await
}

/// What an import by identity and the read after it make of an object.
pub(crate) async fn import_and_read(
    provider: &Provider,
    name: &str,
    by: &Value,
) -> read_resource::Response {
    let request = import_resource_state::Request {
        type_name: name.to_owned(),
        identity: Some(identity(by)),
        ..Default::default()
    };
    let answer = provider.rpc.clone().import_resource_state(request).await;
    let mut answer = answer.expect("an answer").into_inner();
    assert_eq!(answer.diagnostics, []);
    let imported = answer.imported_resources.remove(0);
    assert_eq!(parts(imported.identity), *by);
    let request = read_resource::Request {
        type_name: name.to_owned(),
        current_state: imported.state,
        private: imported.private,
        ..Default::default()
    };
    let answer = provider.rpc.clone().read_resource(request).await;
    answer.expect("an answer").into_inner()
}

/// The configuration that the provider writes for a state.
pub(crate) async fn generate(
    provider: &Provider,
    name: &str,
    state: Option<DynamicValue>,
) -> Value {
    let request = generate_resource_config::Request {
        type_name: name.to_owned(),
        state,
    };
    let answer = provider.rpc.clone().generate_resource_config(request).await;
    object(answer.expect("an answer").into_inner().config).0
}

#[tokio::test]
async fn a_connector_is_imported_by_identity_and_keeps_it() {
    let scene = Scene::new().await;
    let Scene {
        emulator, provider, ..
    } = &scene;
    let read = imported(&scene).await;
    let expected = json!({"app_id": emulator.app_id(), "id": emulator.connectors()[0].id});
    assert_eq!(parts(read.new_identity), expected);
    let (state, bytes) = object(read.new_state);
    assert_eq!(state["site_domain"], "https://acme.atlassian.net");

    let config =
        json!({"app_id": emulator.app_id(), "site_domain": "acme", "username": "svc@acme.example"});
    let ty = provider.resource_type(CLOUD);
    let request = plan_resource_change::Request {
        type_name: CLOUD.to_owned(),
        prior_state: dynamic(bytes),
        config: dynamic(encode(&complete(&config, &ty), &ty)),
        prior_private: read.private,
        ..Default::default()
    };
    let answer = provider.rpc.clone().plan_resource_change(request).await;
    assert_eq!(
        parts(answer.expect("an answer").into_inner().planned_identity),
        expected
    );
}

#[tokio::test]
async fn an_identity_that_is_not_complete_is_refused_at_the_part_that_is_missing() {
    let plugin = Launch::like_terraform().start().await;
    let provider = Provider::over(plugin.connect().await).await;
    for (value, attribute) in [
        (json!({"app_id": "app", "id": null}), "id"),
        (json!({"app_id": "", "id": "connector"}), "app_id"),
    ] {
        let request = import_resource_state::Request {
            type_name: CLOUD.to_owned(),
            identity: Some(identity(&value)),
            ..Default::default()
        };
        let answer = provider.rpc.clone().import_resource_state(request).await;
        let found = findings(answer.expect("an answer").into_inner().diagnostics);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].attribute, attribute, "{found:?}");
    }
}

#[tokio::test]
async fn every_resource_says_by_what_it_is_known() {
    let plugin = Launch::like_terraform().start().await;
    let provider = Provider::over(plugin.connect().await).await;
    let request = get_resource_identity_schemas::Request {};
    let answer = provider
        .rpc
        .clone()
        .get_resource_identity_schemas(request)
        .await;
    let schemas = answer.expect("an answer").into_inner().identity_schemas;
    assert_eq!(schemas.len(), provider.schema.resource_schemas.len());
    for (name, schema) in schemas {
        assert!(!schema.identity_attributes.is_empty(), "{name}");
        for part in schema.identity_attributes {
            assert!(
                part.required_for_import && !part.optional_for_import,
                "{name}"
            );
            assert_eq!(part.r#type, b"\"string\"", "{name}.{}", part.name);
            assert!(!part.description.is_empty(), "{name}.{}", part.name);
        }
    }
}

#[tokio::test]
async fn no_configuration_is_written_without_a_state() {
    let plugin = Launch::like_terraform().start().await;
    let provider = Provider::over(plugin.connect().await).await;
    for name in ALL {
        let request = generate_resource_config::Request {
            type_name: name.to_owned(),
            state: None,
        };
        let answer = provider.rpc.clone().generate_resource_config(request).await;
        let answer = answer.expect("an answer").into_inner();
        assert_eq!(answer.config, None, "{name}");
        let found = findings(answer.diagnostics);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].is_error, "{name}: {found:?}");
        assert!(
            found[0].detail.contains("Terraform 1.14.1"),
            "{name}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_written_configuration_validates_and_says_only_what_must_be_said() {
    let scene = Scene::new().await;
    let provider = &scene.provider;
    let read = imported(&scene).await;
    let config = generate(provider, CLOUD, read.new_state).await;
    let set: Vec<_> = config
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        set,
        [
            "app_id",
            "display_name",
            "owner_ids",
            "site_domain",
            "username"
        ]
    );
    assert_eq!(provider.validate(CLOUD, &config).await, []);
}
