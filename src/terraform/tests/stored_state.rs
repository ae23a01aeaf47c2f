//! State of older releases and of other types, imports, identities and private state.

use super::rpcs::{TYPE, received};
use super::sample::{Sample, object};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::service::ServedProvider;
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Value};

fn raw(json: &str) -> proto::RawState {
    let json = json.as_bytes().to_vec();
    proto::RawState {
        json,
        ..proto::RawState::default()
    }
}

/// Returns the ID in an identity.
fn id(identity: Option<&proto::ResourceIdentityData>) -> Value {
    let ty = Type::Object([("id".to_owned(), Type::String)].into());
    let data = identity.and_then(|identity| identity.identity_data.as_ref());
    DynamicValue::decode(data, &ty)
        .unwrap()
        .attribute("id")
        .clone()
}

fn identity(id: Value) -> proto::ResourceIdentityData {
    let identity = Value::Known(Data::Map([("id".to_owned(), id)].into()));
    proto::ResourceIdentityData {
        identity_data: Some(DynamicValue::encode(&identity)),
    }
}

#[tokio::test]
async fn stored_state_is_upgraded_to_the_schema() {
    let served = ServedProvider::new(Sample);
    let upgrade = |version: i64, json: &str| proto::upgrade_resource_state::Request {
        type_name: TYPE.to_owned(),
        version,
        raw_state: Some(raw(json)),
    };
    let thing = r#"{"id":"1","name":"n"}"#;
    let cases = [
        (1, r#"{"id":"1","name":"n","old":true}"#),
        (0, r#"{"id":"1","title":"n"}"#),
    ];
    for (version, json) in cases {
        let response = served.upgrade_resource_state(upgrade(version, json)).await;
        let state = received(response.unwrap().upgraded_state.as_ref());
        assert!(state == object(thing), "{json}: {state:?}");
    }
    for json in ["", "null", "[]", r#"{"changes":"many"}"#] {
        for version in [0, 1] {
            let refused = served.upgrade_resource_state(upgrade(version, json)).await;
            assert!(refused.unwrap_err().has_errors(), "{json}");
        }
    }
}

#[tokio::test]
async fn a_resource_of_another_type_can_be_moved() {
    let served = ServedProvider::new(Sample);
    let moved = |provider: &str, type_name: &str, json: &str| proto::move_resource_state::Request {
        source_provider_address: provider.to_owned(),
        source_type_name: type_name.to_owned(),
        source_state: Some(raw(json)),
        target_type_name: TYPE.to_owned(),
        ..proto::move_resource_state::Request::default()
    };
    let theirs = r#"{"key":"1","label":"n","tags":["x"]}"#;
    for address in [
        "registry.terraform.io/acme/other",
        "registry.opentofu.org/acme/other",
        "other",
    ] {
        let request = moved(address, "other_thing", theirs);
        let response = served.move_resource_state(request).await.unwrap();
        let state = received(response.target_state.as_ref());
        assert!(
            state == object(r#"{"id":"1","name":"n","changes":7}"#),
            "{state:?}"
        );
        assert_eq!(id(response.target_identity.as_ref()), Value::from("1"));
    }
    let refused = [
        moved("registry.terraform.io/acme/else", "other_thing", theirs),
        moved("registry.terraform.io/acme/other", "another", theirs),
        moved("registry.terraform.io/acme/other", "other_thing", "[]"),
    ];
    for request in refused {
        let refused = served.move_resource_state(request).await.unwrap_err();
        assert!(refused.has_errors());
    }
}

#[tokio::test]
async fn a_resource_of_another_provider_address_is_upgraded() {
    let served = ServedProvider::new(Sample);
    let moved = |version: i64, json: &str| proto::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/else/sample".to_owned(),
        source_type_name: TYPE.to_owned(),
        source_schema_version: version,
        source_state: Some(raw(json)),
        source_private: b"kept as it is".to_vec(),
        target_type_name: TYPE.to_owned(),
        ..proto::move_resource_state::Request::default()
    };
    for (version, json) in [
        (0, r#"{"id":"1","title":"n"}"#),
        (1, r#"{"id":"1","name":"n","old":true}"#),
    ] {
        let response = served.move_resource_state(moved(version, json)).await;
        let response = response.unwrap();
        let state = received(response.target_state.as_ref());
        assert!(state == object(r#"{"id":"1","name":"n"}"#), "{state:?}");
        assert_eq!(id(response.target_identity.as_ref()), Value::from("1"));
        assert_eq!(response.target_private, b"kept as it is");
    }
    for (version, json) in [(2, r#"{"id":"1"}"#), (1, r#"{"name":"n"}"#), (1, "[]")] {
        let refused = served.move_resource_state(moved(version, json)).await;
        assert!(refused.unwrap_err().has_errors(), "{version}: {json}");
    }
}

#[tokio::test]
async fn an_object_can_be_imported_by_its_identity() {
    let served = ServedProvider::new(Sample);
    let schemas = served
        .get_resource_identity_schemas(proto::get_resource_identity_schemas::Request::default())
        .await
        .unwrap()
        .identity_schemas;
    let attributes = &schemas[TYPE].identity_attributes;
    let names: Vec<_> = attributes
        .iter()
        .map(|part| (part.name.as_str(), part.required_for_import))
        .collect();
    assert_eq!(names, [("id", true)]);

    let import = |part: Value| proto::import_resource_state::Request {
        type_name: TYPE.to_owned(),
        identity: Some(identity(part)),
        ..proto::import_resource_state::Request::default()
    };
    let imported = served
        .import_resource_state(import(Value::from("7")))
        .await
        .unwrap();
    let imported = imported.imported_resources.first().unwrap();
    assert!(received(imported.state.as_ref()) == object(r#"{"id":"7"}"#));
    assert_eq!(id(imported.identity.as_ref()), Value::from("7"));
    assert!(
        served
            .import_resource_state(import(Value::Null))
            .await
            .is_err()
    );

    let upgraded = served
        .upgrade_resource_identity(proto::upgrade_resource_identity::Request {
            type_name: TYPE.to_owned(),
            raw_identity: Some(raw(r#"{"id":"7","old":1}"#)),
            ..proto::upgrade_resource_identity::Request::default()
        })
        .await
        .unwrap();
    assert_eq!(id(upgraded.upgraded_identity.as_ref()), Value::from("7"));
}

#[tokio::test]
async fn write_only_values_require_a_client_that_supports_them() {
    let served = ServedProvider::new(Sample);
    let validate = |allowed: bool| proto::validate_resource_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(DynamicValue::encode(&object(
            r#"{"name":"n","region":"eu","write_only":"secret"}"#,
        ))),
        client_capabilities: Some(proto::ClientCapabilities {
            write_only_attributes_allowed: allowed,
            ..proto::ClientCapabilities::default()
        }),
    };
    for (allowed, count) in [(true, 0), (false, 1)] {
        let response = served
            .validate_resource_config(validate(allowed))
            .await
            .unwrap();
        assert_eq!(response.diagnostics.len(), count, "allowed: {allowed}");
    }
}

#[tokio::test]
async fn private_state_is_stored_beside_the_state() {
    let served = ServedProvider::new(Sample);
    served
        .configure_provider(proto::configure_provider::Request::default())
        .await
        .unwrap();
    let planned = r#"{"id":"?","name":"n","region":"eu","kind":"plain","changes":"?"}"#;
    let configs = [
        (
            r#"{"name":"n","region":"eu","write_only":"s"}"#,
            r#"{"kept":{"passed":true}}"#,
        ),
        (r#"{"name":"n","region":"eu"}"#, r#"{"kept":{}}"#),
    ];
    for (config, private) in configs {
        let request = proto::apply_resource_change::Request {
            type_name: TYPE.to_owned(),
            planned_state: Some(DynamicValue::encode(&object(planned))),
            config: Some(DynamicValue::encode(&object(config))),
            ..proto::apply_resource_change::Request::default()
        };
        let response = served.apply_resource_change(request).await.unwrap();
        assert_eq!(
            String::from_utf8(response.private.clone()).unwrap(),
            private
        );
        let request = proto::read_resource::Request {
            type_name: TYPE.to_owned(),
            current_state: response.new_state,
            private: response.private,
            ..proto::read_resource::Request::default()
        };
        let read = served.read_resource(request).await.unwrap();
        assert_eq!(String::from_utf8(read.private).unwrap(), private);
        assert_eq!(id(read.new_identity.as_ref()), Value::from("1"));
    }
}
