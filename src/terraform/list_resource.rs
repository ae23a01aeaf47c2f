//! The trait for list resources, and the same interface without the types.

use futures_util::stream::{BoxStream, StreamExt as _};
use tokio_stream::Stream;

use super::context::{Context, ContextBuilder};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::{Model, to_model};
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::TimedOperation;
use super::value::Value;

/// A list resource, which finds existing objects that can be imported.
///
/// A list resource returns only the import ID and the display name of each object. The managed resource with the same name
/// reads the other attributes, as after an import.
pub trait ListResource: Send + Sync + Sized + 'static {
    /// The attributes of the `config` block.
    type Config: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;

    /// The full type name of the managed resource, for example `confluence_integration`.
    const TYPE_NAME: &'static str;

    /// Validates rules between attributes of a configuration. Any value may be unknown.
    fn validate(&self, _config: &Self::Config, _diagnostics: &mut Diagnostics) {}

    /// Finds the objects that `config` describes. The first error ends the stream. The caller drops the stream when it has
    /// enough objects, so the stream must not look for objects ahead of time.
    fn list(
        &self,
        context: Context<Self::Client>,
        config: Self::Config,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send;
}

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The import ID of the managed resource.
    pub import_id: String,
    /// The name to show to the user.
    pub display_name: String,
}

/// The objects of a list.
pub type ListedStream<'a> = BoxStream<'a, Result<Listed, Diagnostics>>;

/// A [`ListResource`] of any type. Configurations are dynamic values.
pub trait AnyListResource<C>: Send + Sync {
    /// Returns the full type name of the managed resource.
    fn type_name(&self) -> &'static str;
    /// Returns the schema of the `config` block.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Validates a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Finds the objects.
    fn list(
        &self,
        context: ContextBuilder<C>,
        config: Value,
    ) -> Result<ListedStream<'_>, Diagnostics>;
}

/// Returns a list resource for [`Provider::list_resources`](super::provider::Provider::list_resources). `formats` adds to
/// the common formats.
pub fn list_resource<L: ListResource>(
    list: L,
    formats: &'static [Format],
) -> Box<dyn AnyListResource<L::Client>> {
    Box::new(List {
        list,
        schema: LazySchema::new(0, formats),
    })
}

struct List<L: ListResource> {
    list: L,
    schema: LazySchema<L::Config>,
}

impl<L: ListResource> AnyListResource<L::Client> for List<L> {
    fn type_name(&self) -> &'static str {
        L::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.list.validate(config, diagnostics);
            }),
            Err(invalid) => invalid.into(),
        }
    }

    fn list(
        &self,
        context: ContextBuilder<L::Client>,
        config: Value,
    ) -> Result<ListedStream<'_>, Diagnostics> {
        let context = context.context(TimedOperation::Read, &config);
        Ok(self.list.list(context, to_model(config)?).boxed())
    }
}
