//! The trait for data sources, and the same interface without the types.

use futures_util::future::BoxFuture;

use super::catch_panic::catch_panic;
use super::context::{Context, ContextBuilder};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::{Model, to_model, to_object};
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::TimedOperation;
use super::value::Value;

/// A data source, which Terraform reads and never changes.
pub trait DataSource: Send + Sync + Sized + 'static {
    /// The attributes.
    type Model: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;

    /// The full type name, for example `confluence_user`.
    const TYPE_NAME: &'static str;

    /// Validates rules between attributes of a configuration. Any value may be unknown.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Reads the object that `config` describes. If there is no such object, the result is an error.
    fn read(
        &self,
        context: &Context<Self::Client>,
        config: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A [`DataSource`] of any type. Objects are dynamic values.
pub trait AnyDataSource<C>: Send + Sync {
    /// Returns the full type name.
    fn type_name(&self) -> &'static str;
    /// Returns the schema.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Validates a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Reads the object.
    fn read(
        &self,
        context: ContextBuilder<C>,
        config: Value,
    ) -> BoxFuture<'_, Result<Value, Diagnostics>>;
}

/// Returns a data source for [`Provider::data_sources`](super::provider::Provider::data_sources). `formats` adds to the
/// common formats.
pub fn data_source<D: DataSource>(
    source: D,
    formats: &'static [Format],
) -> Box<dyn AnyDataSource<D::Client>> {
    Box::new(Source {
        source,
        schema: LazySchema::new(0, formats),
    })
}

struct Source<D: DataSource> {
    source: D,
    schema: LazySchema<D::Model>,
}

impl<D: DataSource> AnyDataSource<D::Client> for Source<D> {
    fn type_name(&self) -> &'static str {
        D::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.source.validate(config, diagnostics);
            }),
            Err(invalid) => invalid.into(),
        }
    }

    fn read(
        &self,
        context: ContextBuilder<D::Client>,
        config: Value,
    ) -> BoxFuture<'_, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let schema = self.schema.get()?;
            let context = context.context(TimedOperation::Read, &config);
            let model: D::Model = to_model(config.clone())?;
            let found = catch_panic(self.source.read(&context, &model)).await?;
            Ok(schema.refresh(&config, &to_object(found)))
        })
    }
}
