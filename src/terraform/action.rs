//! The trait for actions, and the same interface without the types.

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::catch_panic::catch_panic;
use super::context::{Context, ContextBuilder};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::{Model, to_model};
use super::printable;
use super::proto::invoke_action::Event;
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::TimedOperation;
use super::value::Value;

/// An action, which changes something and has no state.
pub trait Action: Send + Sync + Sized + 'static {
    /// The attributes of the `config` block.
    type Config: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;

    /// The full type name, for example `confluence_force_sync`.
    const TYPE_NAME: &'static str;

    /// Validates rules between attributes of a configuration. Any value may be unknown.
    fn validate(&self, _config: &Self::Config, _diagnostics: &mut Diagnostics) {}

    /// Checks a configuration against the remote API. Any value may be unknown.
    fn plan(
        &self,
        _context: &Context<Self::Client>,
        _config: &Self::Config,
    ) -> impl Future<Output = Diagnostics> + Send {
        std::future::ready(Diagnostics::default())
    }

    /// Runs the action. All values are known.
    fn invoke(
        &self,
        context: &Context<Self::Client>,
        config: &Self::Config,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Reports the progress of an action to the user.
#[derive(Debug)]
pub struct Progress(mpsc::Sender<Event>);

impl Progress {
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        Self(events)
    }

    /// Shows one line of text to the user.
    pub async fn report(&self, message: &str) {
        // Without a receiver, nobody reads the stream, and the call ends by itself.
        self.0
            .send(Event::progress(printable::line(message)))
            .await
            .ok();
    }
}

/// An [`Action`] of any type. Configurations are dynamic values.
pub trait AnyAction<C>: Send + Sync {
    /// Returns the full type name.
    fn type_name(&self) -> &'static str;
    /// Returns the schema of the `config` block.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Validates a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Checks a configuration against the remote API.
    fn plan(
        &self,
        context: ContextBuilder<C>,
        config: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>>;
    /// Runs the action.
    fn invoke(
        &self,
        context: ContextBuilder<C>,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'_, Result<(), Diagnostics>>;
}

/// Returns an action for [`Provider::actions`](super::provider::Provider::actions). `formats` adds to the common formats.
pub fn action<A: Action>(action: A, formats: &'static [Format]) -> Box<dyn AnyAction<A::Client>> {
    Box::new(Declared {
        action,
        schema: LazySchema::new(0, formats),
    })
}

struct Declared<A: Action> {
    action: A,
    schema: LazySchema<A::Config>,
}

impl<A: Action> AnyAction<A::Client> for Declared<A> {
    fn type_name(&self) -> &'static str {
        A::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.action.validate(config, diagnostics);
            }),
            Err(invalid) => invalid.into(),
        }
    }

    fn plan(
        &self,
        context: ContextBuilder<A::Client>,
        config: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>> {
        Box::pin(async move {
            let context = context.context(TimedOperation::PlanAction, &config);
            let config: A::Config = to_model(config)?;
            let checked = async { Ok(self.action.plan(&context, &config).await) };
            catch_panic(checked).await
        })
    }

    fn invoke(
        &self,
        context: ContextBuilder<A::Client>,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'_, Result<(), Diagnostics>> {
        Box::pin(async move {
            let context = context.context(TimedOperation::Invoke, &config);
            let config: A::Config = to_model(config)?;
            catch_panic(self.action.invoke(&context, &config, &progress)).await
        })
    }
}
