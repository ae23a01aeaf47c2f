//! The life of an object over the RPCs, with everything that can go wrong on the way.

use std::sync::Arc;

use super::sample::{FORMATS, Sample, Thing, object};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::schema::Schema;
use crate::terraform::service::Served;
use crate::terraform::value::{Data, Value};

pub(super) const TYPE: &str = "sample_thing";

pub(super) async fn configured() -> Arc<Served<Sample>> {
    let served = Arc::new(Served::new(Sample));
    served
        .configure_provider(proto::configure_provider::Request::default())
        .await
        .unwrap();
    served
}

#[expect(clippy::unnecessary_wraps, reason = "as the messages have it")]
pub(super) fn sent(value: &Value) -> Option<DynamicValue> {
    Some(DynamicValue::of(value))
}

pub(super) fn received(message: Option<&DynamicValue>) -> Value {
    let schema = Schema::of::<Thing>(0, FORMATS).unwrap();
    DynamicValue::read(message, &schema.ty()).unwrap()
}

/// Applies and returns the new state and the severities of what was said.
async fn apply(served: &Served<Sample>, prior: &Value, planned: &Value) -> (Value, Vec<i32>) {
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
async fn what_was_created_is_never_lost() {
    let served = configured().await;
    let cases = [
        ("n", made("n"), vec![]),
        ("fail early", Value::Null, vec![ERROR]),
        // Others cannot use it: Terraform replaces the object.
        ("fail unready", made("fail unready"), vec![ERROR]),
        // An error would make Terraform destroy the object.
        ("fail late", made("fail late"), vec![WARNING]),
        ("panic late", made("panic late"), vec![WARNING]),
    ];
    for (name, state, said) in cases {
        let outcome = apply(&served, &Value::Null, &new(name)).await;
        assert!(outcome == (state, said), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_failed_update_keeps_what_was_reached() {
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
    for (name, state, said) in cases {
        let outcome = apply(&served, &made("n"), &planned(name)).await;
        assert!(outcome == (state, said), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_failed_deletion_keeps_the_object() {
    let served = configured().await;
    assert!(apply(&served, &made("n"), &Value::Null).await == (Value::Null, vec![]));
    assert!(apply(&served, &made("stay"), &Value::Null).await == (made("stay"), vec![ERROR]));
}

#[tokio::test]
async fn an_interrupt_ends_what_runs_and_nothing_that_comes_later() {
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
    served: &Served<Sample>,
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
async fn a_refresh_keeps_the_spelling_and_drops_what_is_gone() {
    let served = configured().await;
    let response = read(&served, &made("n"), Vec::new()).await;
    assert!(received(response.new_state.as_ref()) == made("n"));
    let response = read(&served, &object(r#"{"id":"gone"}"#), Vec::new()).await;
    assert!(received(response.new_state.as_ref()).is_null());
}

#[tokio::test]
async fn only_the_first_read_after_an_import_knows_of_it() {
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
async fn without_a_known_configuration_nothing_is_refreshed_and_nothing_fails() {
    let served = Served::new(Sample);
    assert!(served.environment().is_err());
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
async fn data_sources_find_or_fail() {
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
        .ty();
    let found = DynamicValue::read(found.state.as_ref(), &ty).unwrap();
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
async fn functions_give_a_result_or_blame_an_argument() {
    use crate::terraform::types::Type;
    let served = Served::new(Sample);
    let call = |argument: Value| proto::call_function::Request {
        name: "echo".to_owned(),
        arguments: vec![DynamicValue::of(&argument)],
    };
    let value = Value::Known(Data::Dynamic(Type::String, Box::new(Value::from("hello"))));
    let response = served.call_function(call(value.clone())).await.unwrap();
    assert_eq!(
        DynamicValue::read(response.result.as_ref(), &Type::Dynamic),
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

/// `OpenTofu` passes on what is known in part.
#[tokio::test]
async fn functions_wait_for_what_they_do_not_take() {
    use crate::terraform::types::Type;
    let served = Served::new(Sample);
    let ty = Type::List(Box::new(Type::String));
    let list = Value::Known(Data::List(vec![Value::from("known"), Value::Unknown]));
    let argument = Value::Known(Data::Dynamic(ty, Box::new(list)));
    let request = proto::call_function::Request {
        name: "echo".to_owned(),
        arguments: vec![DynamicValue::of(&argument)],
    };
    let response = served.call_function(request).await.unwrap();
    assert_eq!(
        DynamicValue::read(response.result.as_ref(), &Type::Dynamic),
        Ok(Value::Unknown)
    );
}
