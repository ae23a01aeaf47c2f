//! List resources: what exists and could be imported.

use std::sync::Arc;

use futures_util::stream::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::{Served, identity, read_block};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::list_resource::{AnyListResource, Listed};
use crate::terraform::managed::Environment;
use crate::terraform::printable;
use crate::terraform::private::Private;
use crate::terraform::problems;
use crate::terraform::proto::{self, DynamicValue, list_resource::Event};
use crate::terraform::provider::Provider;
use crate::terraform::timeouts::Timed;

/// Objects that are read at the same time: as many as Terraform refreshes at once.
const READ_AT_ONCE: usize = 10;

impl<P: Provider> Served<P> {
    fn listing(&self, type_name: &str) -> Result<&dyn AnyListResource<P::Client>, Diagnostic> {
        let found = self.list_resources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| problems::unknown_type("list resource", type_name))
    }

    pub(in crate::terraform) async fn validate_list_resource_config(
        &self,
        request: proto::validate_list_resource_config::Request,
    ) -> Result<proto::validate_list_resource_config::Response, Diagnostics> {
        let list = self.listing(&request.type_name)?;
        let config = read_block(request.config.as_ref(), list.schema()?)?;
        Ok(proto::validate_list_resource_config::Response {
            diagnostics: list.validate(config).into(),
        })
    }

    /// Sends an event for each object, until there are no more or nobody wants them. A limit that is not positive is none.
    ///
    /// Each object is read by a task of its own: while the stream has no room, or Terraform takes its time, nobody polls
    /// the futures in it, and they must not hold what others wait for.
    pub(in crate::terraform) async fn list_resource(
        self: Arc<Self>,
        request: proto::list_resource::Request,
        events: mpsc::Sender<Event>,
    ) -> Result<(), Diagnostics> {
        let list = self.listing(&request.type_name)?;
        self.resource(&request.type_name)?;
        let config = read_block(request.config.as_ref(), list.schema()?)?;
        let with = self
            .environment()?
            .ok_or_else(|| problems::listing_too_early(&request.type_name))?;
        let time = Timed::Read.limit(&config);
        let whole = (Instant::now() + time.time, time);
        let limit = usize::try_from(request.limit).ok().filter(|&most| most > 0);
        let found = list.list(with.part(whole), config)?;
        let event = |listed| {
            let with = request.include_resource_object.then(|| with.part(whole));
            let (served, type_name) = (Arc::clone(&self), request.type_name.clone());
            let event = async move { served.event(&type_name, with, listed?).await };
            AbortOnDropHandle::new(tokio::spawn(event.in_current_span()))
        };
        let mut found = found
            .take(limit.unwrap_or(usize::MAX))
            .map(event)
            .buffered(READ_AT_ONCE);
        while let Some(event) = found.next().await {
            let event = event.map_err(|_| problems::crashed())?;
            if let Some(event) = event?
                && events.send(event).await.is_err()
            {
                break;
            }
        }
        Ok(())
    }

    /// The event for an object, which is read if there is something to read it `with`. None where it is gone by now.
    async fn event(
        &self,
        type_name: &str,
        with: Option<Environment<P::Client>>,
        listed: Listed,
    ) -> Result<Option<Event>, Diagnostics> {
        let resource = self.resource(type_name)?;
        let object = resource.import(&listed.import_id)?;
        let mut event = Event {
            identity: identity::of(resource, &object),
            display_name: printable::line(&listed.display_name),
            ..Event::default()
        };
        if let Some(with) = with {
            let read = resource.read(with, object, Private::of_import()).await;
            if read.diagnostics.has_errors() {
                return Err(read.diagnostics);
            }
            if read.state.is_null() {
                return Ok(None);
            }
            event.resource_object = Some(DynamicValue::of(&read.state));
            event.diagnostic = self.tell(read.diagnostics).into();
        }
        Ok(Some(event))
    }
}
