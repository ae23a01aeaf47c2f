//! What a provider implements.

use super::data_source::AnyDataSource;
use super::diagnostics::Diagnostics;
use super::function::Function;
use super::list_resource::AnyListResource;
use super::managed::AnyResource;
use super::resource::Model;
use super::schema::Format;

/// A provider: its configuration, and what it offers.
pub trait Provider: Send + Sync + 'static {
    /// The attributes of the `provider` block.
    type Config: Model;
    /// What resources talk to the remote side with.
    type Client: Send + Sync + 'static;

    /// The forms of text that its attributes have, beside the common ones.
    const FORMATS: &'static [Format];

    /// Checks rules between attributes of a configuration, in which anything may be unknown.
    fn validate(&self, config: &Self::Config, diagnostics: &mut Diagnostics);

    /// Makes the client. No request is made here.
    fn configure(
        &self,
        config: Self::Config,
        terraform_version: &str,
    ) -> Result<Configured<Self::Client>, Diagnostics>;

    /// What `client` has found out that the user should know although nothing failed. Each thing is told once.
    fn notices(_client: &Self::Client) -> Diagnostics {
        Diagnostics::default()
    }

    /// Terraform has saved what all operations returned, and ends the process.
    fn saved(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Its managed resources.
    fn resources(&self) -> Vec<Box<dyn AnyResource<Self::Client>>>;

    /// Its data sources.
    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Self::Client>>>;

    /// Its list resources, each of which lists the objects of the managed resource of the same name.
    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Self::Client>>>;

    /// Its functions.
    fn functions(&self) -> Vec<Box<dyn Function>>;
}

/// What came out of configuring a provider.
#[derive(Debug)]
pub enum Configured<C> {
    /// Ready for use.
    Ready(C),
    /// A value that it needs will be known only in apply.
    Unknown,
}
