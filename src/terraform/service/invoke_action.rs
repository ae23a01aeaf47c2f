//! `InvokeAction`: runs an action and reports its progress.

use tokio::sync::mpsc;

use super::decode::decode_block;
use super::served_provider::ServedProvider;
use crate::terraform::action::Progress;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::messages;
use crate::terraform::proto::invoke_action::{Event, Request};
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    /// Sends events while the action runs, and a last event when it has succeeded. After an error, the caller sends the last
    /// event.
    pub(in crate::terraform) async fn invoke_action(
        &self,
        request: Request,
        events: mpsc::Sender<Event>,
    ) -> Result<(), Diagnostics> {
        let action = self.action(&request.action_type)?;
        let config = decode_block(request.config.as_ref(), action.schema()?)?;
        let context = self.context()?.ok_or_else(messages::unknown_in_apply)?;
        let progress = Progress::new(events.clone());
        action.invoke(context, config, progress).await?;
        let notices = self.report(Diagnostics::default());
        // An error means that Terraform has closed the stream.
        events.send(Event::completed(notices)).await.ok();
        Ok(())
    }
}
