//! The RPCs for resources, data sources and functions, including failures.

use std::sync::Arc;

use super::sample::{FORMATS, Sample, Thing, object};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::schema::Schema;
use crate::terraform::service::ServedProvider;
use crate::terraform::value::{Data, Value};

pub(super) const TYPE: &str = "sample_thing";

pub(super) async fn configured() -> Arc<ServedProvider<Sample>> {
    let served = Arc::new(ServedProvider::new(Sample));
    served
        .configure_provider(proto::configure_provider::Request::default())
        .await
        .unwrap();
    served
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of messages are optional"
)]
pub(super) fn sent(value: &Value) -> Option<DynamicValue> {
    Some(DynamicValue::encode(value))
}

pub(super) fn received(message: Option<&DynamicValue>) -> Value {
    let schema = Schema::from_declaration::<Thing>(0, FORMATS).unwrap();
    DynamicValue::decode(message, &schema.value_type()).unwrap()
}

/// Applies a change. Returns the new state and the severities of the diagnostics.
async fn apply(
    served: &ServedProvider<Sample>,
    prior: &Value,
    planned: &Value,
) -> (Value, Vec<i32>) {
    let response = served
        .apply_resource_change(proto::apply_resource_change::Request {
            type_name: TYPE.to_owned(),
            prior_state: sent(prior),
            planned_state: sent(planned),
            ..proto::apply_resource_change::Request::default()
        })
        .await
        .unwrap();
    let severities = response
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.severity)
        .collect();
    (received(response.new_state.as_ref()), severities)
}

const ERROR: i32 = 1;
const WARNING: i32 = 2;

fn new(name: &str) -> Value {
    object(&format!(
        r#"{{"id":"?","name":"{name}","region":"eu","kind":"plain","changes":"?"}}"#
    ))
}

fn made(name: &str) -> Value {
    object(&format!(
        r#"{{"id":"1","name":"{name}","region":"eu","kind":"plain","changes":0}}"#
    ))
}

#[tokio::test]
async fn a_failed_creation_keeps_what_was_created() {
    let served = configured().await;
    let cases = [
        ("n", made("n"), vec![]),
        ("fail early", Value::Null, vec![ERROR]),
        // Other resources cannot use the object, so Terraform replaces it.
        ("fail unready", made("fail unready"), vec![ERROR]),
        // An error would make Terraform destroy the object.
        ("fail late", made("fail late"), vec![WARNING]),
        ("panic late", made("panic late"), vec![WARNING]),
    ];
    for (name, state, severities) in cases {
        let outcome = apply(&served, &Value::Null, &new(name)).await;
        assert!(outcome == (state, severities), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_failed_update_keeps_the_steps_that_succeeded() {
    let served = configured().await;
    let planned = |name: &str| {
        object(&format!(
            r#"{{"id":"1","name":"{name}","region":"eu","kind":"plain","changes":"?"}}"#
        ))
    };
    let reached = |name: &str| {
        object(&format!(
            r#"{{"id":"1","name":"{name}","region":"eu","kind":"plain","changes":1}}"#
        ))
    };
    let cases = [
        ("m", reached("m"), vec![]),
        ("fail early", made("n"), vec![ERROR]),
        ("fail late", reached("fail late"), vec![ERROR]),
        ("panic late", reached("panic late"), vec![ERROR]),
    ];
    for (name, state, severities) in cases {
        let outcome = apply(&served, &made("n"), &planned(name)).await;
        assert!(outcome == (state, severities), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_failed_deletion_keeps_the_object() {
    let served = configured().await;
    assert!(apply(&served, &made("n"), &Value::Null).await == (Value::Null, vec![]));
    assert!(apply(&served, &made("stay"), &Value::Null).await == (made("stay"), vec![ERROR]));
}

#[tokio::test]
async fn an_interrupt_cancels_running_calls_only() {
    let served = configured().await;
    let running = tokio::spawn({
        let served = Arc::clone(&served);
        async move { apply(&served, &Value::Null, &new("wait")).await }
    });
    while !running.is_finished() {
        served
            .stop_provider(proto::stop_provider::Request::default())
            .await
            .unwrap();
        tokio::task::yield_now().await;
    }
    assert!(running.await.unwrap() == (made("wait"), vec![WARNING]));
    assert!(apply(&served, &Value::Null, &new("n")).await == (made("n"), vec![]));
}

async fn read(
    served: &ServedProvider<Sample>,
    state: &Value,
    private: Vec<u8>,
) -> proto::read_resource::Response {
    let request = proto::read_resource::Request {
        type_name: TYPE.to_owned(),
        current_state: sent(state),
        private,
        ..proto::read_resource::Request::default()
    };
    served.read_resource(request).await.unwrap()
}

#[tokio::test]
async fn a_refresh_keeps_semantically_equal_values_and_removes_missing_objects() {
    let served = configured().await;
    let response = read(&served, &made("n"), Vec::new()).await;
    assert!(received(response.new_state.as_ref()) == made("n"));
    let response = read(&served, &object(r#"{"id":"gone"}"#), Vec::new()).await;
    assert!(received(response.new_state.as_ref()).is_null());
}

#[tokio::test]
async fn only_the_first_read_after_an_import_is_marked() {
    let served = configured().await;
    let request = proto::import_resource_state::Request {
        type_name: TYPE.to_owned(),
        id: "7".to_owned(),
        ..proto::import_resource_state::Request::default()
    };
    let imported = served
        .import_resource_state(request)
        .await
        .unwrap()
        .imported_resources
        .remove(0);
    let state = received(imported.state.as_ref());
    let first = read(&served, &state, imported.private).await;
    let state = received(first.new_state.as_ref());
    assert_eq!(state.attribute("name"), &Value::from("imported"));
    let renamed = object(r#"{"id":"7","name":"n"}"#);
    let second = read(&served, &renamed, first.private).await;
    assert_eq!(
        received(second.new_state.as_ref()).attribute("name"),
        &Value::from("n")
    );
}

#[tokio::test]
async fn a_read_with_an_unknown_configuration_returns_the_state_and_a_warning() {
    let served = ServedProvider::new(Sample);
    assert!(served.context().is_err());
    let unknown = Value::Known(Data::Map([("good".to_owned(), Value::Unknown)].into()));
    let request = proto::configure_provider::Request {
        config: sent(&unknown),
        ..proto::configure_provider::Request::default()
    };
    served.configure_provider(request).await.unwrap();
    let response = read(&served, &made("n"), b"{}".to_vec()).await;
    assert!(received(response.new_state.as_ref()) == made("n"));
    assert_eq!(
        response
            .diagnostics
            .first()
            .map(|diagnostic| diagnostic.severity),
        Some(WARNING)
    );
}

#[tokio::test]
async fn a_data_source_returns_an_object_or_an_error() {
    let served = configured().await;
    let request = |name: &str| {
        let config = [
            ("name".to_owned(), Value::from(name)),
            ("id".to_owned(), Value::Null),
        ];
        proto::read_data_source::Request {
            type_name: "sample_lookup".to_owned(),
            config: sent(&Value::Known(Data::Map(config.into()))),
            ..proto::read_data_source::Request::default()
        }
    };
    let found = served.read_data_source(request("somebody")).await.unwrap();
    let ty = served
        .data_source("sample_lookup")
        .unwrap()
        .schema()
        .unwrap()
        .value_type();
    let found = DynamicValue::decode(found.state.as_ref(), &ty).unwrap();
    assert_eq!(found.attribute("id"), &Value::from("1"));
    assert!(
        served
            .read_data_source(request("nobody"))
            .await
            .unwrap_err()
            .has_errors()
    );
}

#[tokio::test]
async fn a_function_returns_a_result_or_an_error_for_an_argument() {
    use crate::terraform::types::Type;
    let served = ServedProvider::new(Sample);
    let call = |argument: Value| proto::call_function::Request {
        name: "echo".to_owned(),
        arguments: vec![DynamicValue::encode(&argument)],
    };
    let value = Value::Known(Data::Dynamic(Type::String, Box::new(Value::from("hello"))));
    let response = served.call_function(call(value.clone())).await.unwrap();
    assert_eq!(
        DynamicValue::decode(response.result.as_ref(), &Type::Dynamic),
        Ok(value)
    );
    let error = served
        .call_function(call(Value::Null))
        .await
        .unwrap()
        .error
        .unwrap();
    assert_eq!(
        (error.text.as_str(), error.function_argument),
        ("nothing to give back", Some(0))
    );
}

/// `OpenTofu` calls functions with partly known arguments.
#[tokio::test]
async fn the_result_of_a_function_is_unknown_until_its_arguments_are_known() {
    use crate::terraform::types::Type;
    let served = ServedProvider::new(Sample);
    let ty = Type::List(Box::new(Type::String));
    let list = Value::Known(Data::List(vec![Value::from("known"), Value::Unknown]));
    let argument = Value::Known(Data::Dynamic(ty, Box::new(list)));
    let request = proto::call_function::Request {
        name: "echo".to_owned(),
        arguments: vec![DynamicValue::encode(&argument)],
    };
    let response = served.call_function(request).await.unwrap();
    assert_eq!(
        DynamicValue::decode(response.result.as_ref(), &Type::Dynamic),
        Ok(Value::Unknown)
    );
}
