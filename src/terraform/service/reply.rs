//! Answers: every fault becomes a diagnostic, and nothing that goes wrong in one call reaches another.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Response, Status};
use tracing::{Instrument, Span};

use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::managed::settled;
use crate::terraform::printable;
use crate::terraform::problems;
use crate::terraform::proto;

/// A message that can carry what went wrong.
pub(super) trait Reply: Send + 'static {
    /// The answer of a call that failed as a whole.
    fn failed(diagnostics: Diagnostics) -> Self;
}

macro_rules! replies_with_diagnostics {
    ($($rpc:ident)*) => {
        $(#[expect(clippy::allow_attributes, reason = "only some messages have other fields")]
        #[allow(clippy::needless_update, reason = "only some messages have other fields")]
        impl Reply for proto::$rpc::Response {
            fn failed(diagnostics: Diagnostics) -> Self {
                Self { diagnostics: diagnostics.into(), ..Self::default() }
            }
        })*
    };
}

replies_with_diagnostics! {
    get_metadata get_provider_schema get_resource_identity_schemas
    validate_provider_config validate_resource_config validate_data_resource_config
    upgrade_resource_state upgrade_resource_identity configure_provider
    read_resource plan_resource_change apply_resource_change import_resource_state move_resource_state
    read_data_source generate_resource_config get_functions
    validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
    validate_list_resource_config validate_action_config plan_action
}

impl Reply for proto::call_function::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            error: Some(proto::FunctionError::about(None, &details(&diagnostics))),
            result: None,
        }
    }
}

impl Reply for proto::stop_provider::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            error: printable::lines(&details(&diagnostics)),
        }
    }
}

impl Reply for proto::list_resource::Event {
    fn failed(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostic: diagnostics.into(),
            ..Self::default()
        }
    }
}

/// The details as one text, for messages that carry nothing else.
fn details(diagnostics: &Diagnostics) -> String {
    let details = diagnostics.iter().map(Diagnostic::detail);
    details.collect::<Vec<_>>().join("\n")
}

static CALLS: AtomicU64 = AtomicU64::new(1);

/// Runs a call and makes its answer.
///
/// The call runs in a task of its own: when Terraform goes away the answer is dropped, but a creation must not stop
/// half-way.
pub(super) async fn answer<T: Reply>(
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
        Ok(Ok(reply)) => return Ok(Response::new(reply)),
        Ok(Err(diagnostics)) => diagnostics,
        Err(_) => problems::crashed().into(),
    };
    Ok(Response::new(T::failed(failure)))
}

/// Runs a call that answers with one event after the other, which `work` sends. It ends early when Terraform wants no more
/// of them.
pub(super) fn events<T: Reply, W>(
    rpc: &'static str,
    work: impl FnOnce(mpsc::Sender<T>) -> W + Send + 'static,
) -> impl Stream<Item = Result<T, Status>>
where
    W: Future<Output = Result<(), Diagnostics>> + Send,
{
    // No event is made long before it is wanted.
    let (sender, receiver) = mpsc::channel(1);
    let call = async move {
        tracing::trace!("call received");
        tokio::select! {
            () = sender.closed() => tracing::debug!("Terraform wants no more events"),
            result = settled(work(sender.clone())) => if let Err(diagnostics) = result {
                log(&diagnostics);
                // Nobody is there to hear it where this fails.
                sender.send(T::failed(diagnostics)).await.ok();
            },
        }
        tracing::trace!("call served");
    };
    tokio::spawn(call.instrument(span(rpc)));
    ReceiverStream::new(receiver).map(Ok)
}

/// What a call's lines in the log have in common.
fn span(rpc: &'static str) -> Span {
    let id = CALLS.fetch_add(1, Ordering::Relaxed);
    tracing::error_span!("rpc", tf_rpc = rpc, tf_req_id = id)
}

/// Notes summaries in the log; Terraform shows the rest to the user.
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
    #[expect(clippy::panic, reason = "it is about panics")]
    async fn a_panic_is_the_last_event() {
        let found = events("list_resource", |events| async move {
            events.send(event("one")).await.ok();
            panic!("a bug")
        });
        let found: Vec<Event> = found.filter_map(Result::ok).collect().await;
        let expected = [event("one"), Event::failed(problems::crashed().into())];
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn a_call_ends_as_soon_as_nobody_wants_its_events() {
        let (running, mut ended) = mpsc::channel::<()>(1);
        let mut found = Box::pin(events("list_resource", |events| async move {
            events.send(event("one")).await.ok();
            std::future::pending::<()>().await;
            drop(running);
            Ok(())
        }));
        assert!(found.next().await.is_some());
        drop(found);
        // The work is dropped, and what it holds.
        assert_eq!(ended.recv().await, None);
    }
}
