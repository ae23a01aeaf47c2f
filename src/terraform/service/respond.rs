//! Runs calls and creates their responses. Errors and panics become diagnostics of the call.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Response, Status};
use tracing::{Instrument, Span};

use crate::terraform::catch_panic::catch_panic;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::messages;
use crate::terraform::printable;
use crate::terraform::proto;

/// A response that can contain diagnostics.
pub(super) trait FailureResponse: Send + 'static {
    /// Returns the response of a call that failed as a whole.
    fn failed(diagnostics: Diagnostics) -> Self;
}

macro_rules! responses_with_diagnostics {
    ($($rpc:ident)*) => {
        $(#[expect(clippy::allow_attributes, reason = "only some messages have other fields")]
        #[allow(clippy::needless_update, reason = "only some messages have other fields")]
        impl FailureResponse for proto::$rpc::Response {
            fn failed(diagnostics: Diagnostics) -> Self {
                Self { diagnostics: diagnostics.into(), ..Self::default() }
            }
        })*
    };
}

responses_with_diagnostics! {
    get_metadata get_provider_schema get_resource_identity_schemas
    validate_provider_config validate_resource_config validate_data_resource_config
    upgrade_resource_state upgrade_resource_identity configure_provider
    read_resource plan_resource_change apply_resource_change import_resource_state move_resource_state
    read_data_source generate_resource_config get_functions
    validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
    validate_list_resource_config validate_action_config plan_action
}

impl FailureResponse for proto::call_function::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            error: Some(proto::FunctionError::new(None, &details(&diagnostics))),
            result: None,
        }
    }
}

impl FailureResponse for proto::stop_provider::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            error: printable::lines(&details(&diagnostics)),
        }
    }
}

impl FailureResponse for proto::list_resource::Event {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostic: diagnostics.into(),
            ..Self::default()
        }
    }
}

impl FailureResponse for proto::invoke_action::Event {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self::completed(diagnostics)
    }
}

/// Joins the details of diagnostics, for responses that contain only text.
fn details(diagnostics: &Diagnostics) -> String {
    let details = diagnostics.iter().map(Diagnostic::detail);
    details.collect::<Vec<_>>().join("\n")
}

static CALLS: AtomicU64 = AtomicU64::new(1);

/// Runs a call and returns its response.
///
/// The call runs in a separate task. If Terraform disconnects, the response is dropped, but a creation must not stop halfway.
pub(super) async fn respond<T: FailureResponse>(
    rpc: &'static str,
    work: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
) -> Result<Response<T>, Status> {
    let work = async move {
        tracing::trace!("call received");
        let result = work.await;
        if let Err(diagnostics) = &result {
            log(diagnostics);
        }
        tracing::trace!("call served");
        result
    };
    let failure = match tokio::spawn(work.instrument(span(rpc))).await {
        Ok(Ok(response)) => return Ok(Response::new(response)),
        Ok(Err(diagnostics)) => diagnostics,
        Err(_) => messages::crashed().into(),
    };
    Ok(Response::new(T::failed(failure)))
}

/// Runs a call that returns a stream of events, which `work` sends. The call ends early if Terraform drops the stream.
pub(super) fn respond_with_events<T: FailureResponse, W>(
    rpc: &'static str,
    work: impl FnOnce(mpsc::Sender<T>) -> W + Send + 'static,
) -> impl Stream<Item = Result<T, Status>>
where
    W: Future<Output = Result<(), Diagnostics>> + Send,
{
    // The small buffer keeps the call from creating events long before Terraform reads them.
    let (sender, receiver) = mpsc::channel(1);
    let call = async move {
        tracing::trace!("call received");
        tokio::select! {
            () = sender.closed() => tracing::debug!("Terraform closed the event stream"),
            result = catch_panic(work(sender.clone())) => if let Err(diagnostics) = result {
                log(&diagnostics);
                // An error means that Terraform has closed the stream.
                sender.send(T::failed(diagnostics)).await.ok();
            },
        }
        tracing::trace!("call served");
    };
    tokio::spawn(call.instrument(span(rpc)));
    ReceiverStream::new(receiver).map(Ok)
}

/// Returns the span with the fields that all log lines of a call have.
fn span(rpc: &'static str) -> Span {
    let id = CALLS.fetch_add(1, Ordering::Relaxed);
    tracing::error_span!("rpc", tf_rpc = rpc, tf_req_id = id)
}

/// Logs the summaries. Terraform shows the full diagnostics to the user.
fn log(diagnostics: &Diagnostics) {
    for diagnostic in diagnostics.iter() {
        tracing::debug!(
            diagnostic_severity = ?diagnostic.severity,
            diagnostic_attribute = %diagnostic.attribute,
            diagnostic_summary = diagnostic.summary,
            "diagnostic"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terraform::proto::list_resource::Event;

    fn event(display_name: &str) -> Event {
        Event {
            display_name: display_name.to_owned(),
            ..Event::default()
        }
    }

    #[tokio::test]
    #[expect(clippy::panic, reason = "this tests a panic")]
    async fn a_panic_becomes_the_last_event() {
        let found = respond_with_events("list_resource", |events| async move {
            events.send(event("one")).await.ok();
            panic!("a bug")
        });
        let found: Vec<Event> = found.filter_map(Result::ok).collect().await;
        let expected = [event("one"), Event::failed(messages::crashed().into())];
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn a_call_ends_when_its_stream_is_dropped() {
        let (running, mut ended) = mpsc::channel::<()>(1);
        let mut found = Box::pin(respond_with_events("list_resource", |events| async move {
            events.send(event("one")).await.ok();
            std::future::pending::<()>().await;
            drop(running);
            Ok(())
        }));
        assert!(found.next().await.is_some());
        drop(found);
        // The work and everything that it owns is dropped.
        assert_eq!(ended.recv().await, None);
    }
}
