//! What a list resource implements, and list resources of any type behind one interface.

use futures_util::stream::{BoxStream, StreamExt as _};
use tokio_stream::Stream;

use super::context::Context;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::managed::{Environment, typed};
use super::resource::Model;
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::Timed;
use super::value::Value;

/// A search for objects that exist and could be imported.
///
/// It finds the way to each object only. What the object is like, the managed resource of the same name reads as after an
/// import, so that both say the same.
pub trait ListResource: Send + Sync + Sized + 'static {
    /// The attributes of the `config` block, described once.
    type Config: Model;
    /// What the provider's configuration made.
    type Client: Send + Sync + 'static;

    /// The full type name, for example `confluence_integration`: that of a managed resource.
    const TYPE_NAME: &'static str;

    /// Checks rules between attributes of a configuration, in which anything may be unknown.
    fn validate(&self, _config: &Self::Config, _diagnostics: &mut Diagnostics) {}

    /// Finds the objects that `config` describes, one after the other. The first error ends it. Whoever wants no more
    /// objects drops the stream, so what is not needed yet is not looked for.
    fn list(
        &self,
        context: Context<Self::Client>,
        config: Self::Config,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send;
}

/// An object that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The ID by which the managed resource imports it.
    pub import_id: String,
    /// What people call it.
    pub display_name: String,
}

/// The objects, one after the other.
pub type Found<'a> = BoxStream<'a, Result<Listed, Diagnostics>>;

/// A [`ListResource`] whose types are forgotten. Objects are values of the schema's type.
pub trait AnyListResource<C>: Send + Sync {
    /// The full type name, which is the managed resource's.
    fn type_name(&self) -> &'static str;
    /// The schema of the `config` block, made from the declaration at the first call.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Checks a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Finds the objects.
    fn list(&self, with: Environment<C>, config: Value) -> Result<Found<'_>, Diagnostics>;
}

/// Makes a list resource known to the provider; `formats` are known beside the common ones.
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
            Err(broken) => broken.into(),
        }
    }

    fn list(&self, with: Environment<L::Client>, config: Value) -> Result<Found<'_>, Diagnostics> {
        let context = with.context(Timed::Read, &config);
        Ok(self.list.list(context, typed(config)?).boxed())
    }
}
