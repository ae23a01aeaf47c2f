//! The RPCs for list resources.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::rpcs::{TYPE, configured, received, sent};
use super::sample::{Sample, Which, object_of};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::list_resource::{Event, Request};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::service::ServedProvider;
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Value};

fn config(ids: &[&str]) -> Value {
    object_of::<Which>(&format!("{{\"ids\":{ids:?}}}"))
}

fn request(ids: &[&str], limit: i64) -> Request {
    Request {
        type_name: TYPE.to_owned(),
        config: sent(&config(ids)),
        limit,
        ..Request::default()
    }
}

/// Returns the events and the result of the call.
async fn list(
    served: &Arc<ServedProvider<Sample>>,
    request: Request,
) -> (Vec<Event>, Result<(), Diagnostics>) {
    let (sender, mut receiver) = mpsc::channel(100);
    let end = Arc::clone(served).list_resource(request, sender).await;
    let mut events = Vec::new();
    receiver.recv_many(&mut events, 100).await;
    (events, end)
}

fn names(events: &[Event]) -> Vec<&str> {
    let names = events.iter().map(|event| event.display_name.as_str());
    names.collect()
}

#[tokio::test]
async fn objects_are_listed_in_order_up_to_the_limit() {
    let served = configured().await;
    let ids = ["a", "b", "c"];
    let all = ["thing a", "thing b", "thing c"];
    for (limit, expected) in [(100, &all[..]), (2, &all[..2]), (0, &all), (-1, &all)] {
        let (events, end) = list(&served, request(&ids, limit)).await;
        assert_eq!(
            (names(&events), end),
            (expected.to_vec(), Ok(())),
            "{limit}"
        );
        assert!(events.iter().all(|event| event.resource_object.is_none()));
    }
    // The list resource does not look for objects beyond the limit.
    let (events, end) = list(&served, request(&["a", "fail"], 1)).await;
    assert_eq!((names(&events), end), (vec!["thing a"], Ok(())));
}

#[tokio::test]
async fn the_object_of_an_event_equals_a_read_after_an_import() {
    let served = configured().await;
    let request = Request {
        include_resource_object: true,
        ..request(&["a", "gone", "b"], 100)
    };
    let (events, end) = list(&served, request).await;
    // An object that no longer exists is left out without a diagnostic.
    assert_eq!((names(&events), end), (vec!["thing a", "thing b"], Ok(())));
    let event = &events[0];
    let found = received(event.resource_object.as_ref());
    assert_eq!(found.attribute("id"), &Value::from("a"));
    assert_eq!(found.attribute("name"), &Value::from("imported"));
    let ty = Type::Object([("id".to_owned(), Type::String)].into());
    let identity = event.identity.clone().unwrap().identity_data;
    let identity = DynamicValue::decode(identity.as_ref(), &ty).unwrap();
    assert_eq!(identity.attribute("id"), &Value::from("a"));
    assert_eq!(event.diagnostic, []);
}

#[tokio::test]
async fn a_failure_ends_the_list_after_the_objects_before_it() {
    let served = configured().await;
    let (events, end) = list(&served, request(&["a", "fail", "b"], 100)).await;
    assert_eq!(names(&events), ["thing a"]);
    assert!(end.unwrap_err().has_errors());
}

#[tokio::test]
async fn an_interrupt_ends_a_list() {
    let served = configured().await;
    let running = tokio::spawn({
        let served = Arc::clone(&served);
        async move { list(&served, request(&["a", "wait", "b"], 100)).await }
    });
    while !running.is_finished() {
        served
            .stop_provider(proto::stop_provider::Request::default())
            .await
            .unwrap();
        tokio::task::yield_now().await;
    }
    let (events, end) = running.await.unwrap();
    assert_eq!(names(&events), ["thing a"]);
    assert!(end.unwrap_err().has_errors());
}

#[tokio::test]
async fn listing_requires_a_known_configuration() {
    let served = Arc::new(ServedProvider::new(Sample));
    let summary = async |served: &Arc<ServedProvider<Sample>>| {
        let end = list(served, request(&["a"], 1)).await.1;
        end.unwrap_err().iter().next().unwrap().summary.clone()
    };
    assert_eq!(summary(&served).await, "Provider not configured");
    let unknown = Value::Known(Data::Map([("good".to_owned(), Value::Unknown)].into()));
    let request = proto::configure_provider::Request {
        config: sent(&unknown),
        ..proto::configure_provider::Request::default()
    };
    served.configure_provider(request).await.unwrap();
    assert_eq!(summary(&served).await, "Provider configuration not known");
}

#[tokio::test]
async fn a_configuration_is_validated_by_its_schema_and_by_the_list_resource() {
    let served = ServedProvider::new(Sample);
    let summaries = async |config: Option<DynamicValue>| {
        let request = proto::validate_list_resource_config::Request {
            type_name: TYPE.to_owned(),
            config,
            ..proto::validate_list_resource_config::Request::default()
        };
        let answer = served.validate_list_resource_config(request).await.unwrap();
        let found = answer.diagnostics.into_iter().map(|found| found.summary);
        found.collect::<Vec<_>>()
    };
    assert_eq!(summaries(sent(&config(&["a"]))).await, [""; 0]);
    assert_eq!(summaries(sent(&config(&["1"]))).await, ["Invalid ids[0]"]);
    assert_eq!(summaries(sent(&config(&[]))).await, ["It failed"]);
    // Without a block, all attributes are null.
    assert_eq!(summaries(None).await, ["Missing ids"]);
}
