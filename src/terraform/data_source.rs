//! What a data source implements, and data sources of any type behind one interface.

use super::context::Context;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::managed::{BoxFuture, Environment, settled, typed, untyped};
use super::resource::Model;
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::Timed;
use super::value::Value;

/// A kind of object that Terraform only looks at.
pub trait DataSource: Send + Sync + Sized + 'static {
    /// The attributes, described once.
    type Model: Model;
    /// What the provider's configuration made.
    type Client: Send + Sync + 'static;

    /// The full type name, for example `confluence_user`.
    const TYPE_NAME: &'static str;

    /// Checks rules between attributes of a configuration, in which anything may be unknown.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Finds the one object that `config` describes. Finding none is an error.
    fn read(
        &self,
        context: &Context<Self::Client>,
        config: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A [`DataSource`] whose types are forgotten. Objects are values of the schema's type.
pub trait AnyDataSource<C>: Send + Sync {
    /// The full type name.
    fn type_name(&self) -> &'static str;
    /// The schema, made from the declaration at the first call.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Checks a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Finds the object.
    fn read(
        &self,
        with: Environment<C>,
        config: Value,
    ) -> BoxFuture<'_, Result<Value, Diagnostics>>;
}

/// Makes a data source known to the provider; `formats` are known beside the common ones.
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
            Err(broken) => broken.into(),
        }
    }

    fn read(
        &self,
        with: Environment<D::Client>,
        config: Value,
    ) -> BoxFuture<'_, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let schema = self.schema.get()?;
            let context = with.context(Timed::Read, &config);
            let wanted: D::Model = typed(config.clone())?;
            let found = settled(self.source.read(&context, &wanted)).await?;
            Ok(schema.refresh(&config, &untyped(found)))
        })
    }
}
