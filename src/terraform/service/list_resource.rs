//! `ListResource`: lists existing objects that can be imported.

use std::sync::Arc;

use futures_util::stream::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::decode::decode_block;
use super::identity::identity_of;
use super::served_provider::ServedProvider;
use crate::terraform::context::ContextBuilder;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::list_resource::Listed;
use crate::terraform::messages;
use crate::terraform::printable;
use crate::terraform::private_state::PrivateState;
use crate::terraform::proto::DynamicValue;
use crate::terraform::proto::list_resource::{Event, Request};
use crate::terraform::provider::Provider;
use crate::terraform::timeouts::TimedOperation;

/// The number of objects to read at the same time, which is also Terraform's default for a refresh.
const CONCURRENT_READS: usize = 10;

impl<P: Provider> ServedProvider<P> {
    /// Sends an event for each object until there are no more objects, the limit is reached, or the receiver is dropped. A
    /// limit of 0 or less means no limit.
    ///
    /// A separate task reads each object. Nobody polls the futures in the stream while its buffer is full or Terraform is
    /// busy, so they must not hold a lock or a permit that other calls wait for.
    pub(in crate::terraform) async fn list_resource(
        self: Arc<Self>,
        request: Request,
        events: mpsc::Sender<Event>,
    ) -> Result<(), Diagnostics> {
        let list = self.list_resource_type(&request.type_name)?;
        self.resource(&request.type_name)?;
        let config = decode_block(request.config.as_ref(), list.schema()?)?;
        let context = self
            .context()?
            .ok_or_else(|| messages::too_early(&format!("list {} objects", request.type_name)))?;
        let time_limit = TimedOperation::Read.limit(&config);
        let whole = (Instant::now() + time_limit.time, time_limit);
        let limit = usize::try_from(request.limit).ok().filter(|&most| most > 0);
        let listed = list.list(context.part_of(whole), config)?;
        let event = |listed| {
            let context = request
                .include_resource_object
                .then(|| context.part_of(whole));
            let (served, type_name) = (Arc::clone(&self), request.type_name.clone());
            let event = async move { served.event(&type_name, context, listed?).await };
            AbortOnDropHandle::new(tokio::spawn(event.in_current_span()))
        };
        let mut listed = listed
            .take(limit.unwrap_or(usize::MAX))
            .map(event)
            .buffered(CONCURRENT_READS);
        while let Some(event) = listed.next().await {
            let event = event.map_err(|_| messages::crashed())?;
            if let Some(event) = event?
                && events.send(event).await.is_err()
            {
                break;
            }
        }
        Ok(())
    }

    /// Returns the event for an object. With a context, it reads the object and returns `None` if the object no longer
    /// exists.
    async fn event(
        &self,
        type_name: &str,
        context: Option<ContextBuilder<P::Client>>,
        listed: Listed,
    ) -> Result<Option<Event>, Diagnostics> {
        let resource = self.resource(type_name)?;
        let object = resource.import(&listed.import_id)?;
        let mut event = Event {
            identity: identity_of(resource, &object),
            display_name: printable::line(&listed.display_name),
            ..Event::default()
        };
        if let Some(context) = context {
            let outcome = resource
                .read(context, object, PrivateState::imported())
                .await;
            if outcome.diagnostics.has_errors() {
                return Err(outcome.diagnostics);
            }
            if outcome.state.is_null() {
                return Ok(None);
            }
            event.resource_object = Some(DynamicValue::encode(&outcome.state));
            event.diagnostic = self.report(outcome.diagnostics).into();
        }
        Ok(Some(event))
    }
}
