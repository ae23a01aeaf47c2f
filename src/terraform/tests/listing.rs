//! List resources over the RPCs.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::sample::{Sample, Which, object_of};
use super::service::{TYPE, configured, received, sent};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::list_resource::{Event, Request};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::service::Served;
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

/// What is sent, and how it ends.
async fn list(
    served: &Arc<Served<Sample>>,
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
async fn objects_are_found_in_their_order_up_to_the_limit() {
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
    // What comes after the limit is not even looked for.
    let (events, end) = list(&served, request(&["a", "fail"], 1)).await;
    assert_eq!((names(&events), end), (vec!["thing a"], Ok(())));
}

#[tokio::test]
async fn an_object_is_what_a_read_after_its_import_gives() {
    let served = configured().await;
    let request = Request {
        include_resource_object: true,
        ..request(&["a", "gone", "b"], 100)
    };
    let (events, end) = list(&served, request).await;
    // Who went away since it was found is left out, without a word.
    assert_eq!((names(&events), end), (vec!["thing a", "thing b"], Ok(())));
    let event = &events[0];
    let found = received(event.resource_object.as_ref());
    assert_eq!(found.attribute("id"), &Value::from("a"));
    assert_eq!(found.attribute("name"), &Value::from("imported"));
    let ty = Type::Object([("id".to_owned(), Type::String)].into());
    let identity = event.identity.clone().unwrap().identity_data;
    let identity = DynamicValue::read(identity.as_ref(), &ty).unwrap();
    assert_eq!(identity.attribute("id"), &Value::from("a"));
    assert_eq!(event.diagnostic, []);
}

#[tokio::test]
async fn a_failure_ends_the_list_and_what_was_found_before_stays() {
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
async fn nothing_is_listed_before_the_configuration_is_known() {
    let served = Arc::new(Served::new(Sample));
    let summary = async |served: &Arc<Served<Sample>>| {
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
async fn a_configuration_is_checked_by_its_schema_and_by_the_list_resource() {
    let served = Served::new(Sample);
    let complaints = async |config: Option<DynamicValue>| {
        let request = proto::validate_list_resource_config::Request {
            type_name: TYPE.to_owned(),
            config,
            ..proto::validate_list_resource_config::Request::default()
        };
        let answer = served.validate_list_resource_config(request).await.unwrap();
        let said = answer.diagnostics.into_iter().map(|said| said.summary);
        said.collect::<Vec<_>>()
    };
    assert_eq!(complaints(sent(&config(&["a"]))).await, [""; 0]);
    assert_eq!(complaints(sent(&config(&["1"]))).await, ["Invalid ids[0]"]);
    assert_eq!(complaints(sent(&config(&[]))).await, ["It failed"]);
    // Where there is no block, all attributes are null.
    assert_eq!(complaints(None).await, ["Missing ids"]);
}
