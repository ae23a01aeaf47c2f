//! The trait for a provider.

use super::action::AnyAction;
use super::data_source::AnyDataSource;
use super::diagnostics::Diagnostics;
use super::ephemeral_resource::AnyEphemeralResource;
use super::function::Function;
use super::list_resource::AnyListResource;
use super::managed::AnyResource;
use super::model::Model;
use super::schema::Format;

/// A provider: its configuration, resources, data sources, ephemeral resources, list resources, actions and functions.
pub trait Provider: Send + Sync + 'static {
    /// The attributes of the `provider` block.
    type Config: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;

    /// The formats of its attributes, in addition to the common formats.
    const FORMATS: &'static [Format];

    /// Validates rules between attributes of a configuration. Any value may be unknown.
    fn validate(&self, config: &Self::Config, diagnostics: &mut Diagnostics);

    /// Creates the client. This sends no request.
    fn configure(
        &self,
        config: Self::Config,
        terraform_version: &str,
    ) -> Result<Configured<Self::Client>, Diagnostics>;

    /// Returns what the user should know although no call failed. Each notice is returned once.
    fn notices(_client: &Self::Client) -> Diagnostics {
        Diagnostics::default()
    }

    /// Runs after Terraform has saved the results of all operations and before the process ends.
    fn before_shutdown(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Returns the managed resources.
    fn resources(&self) -> Vec<Box<dyn AnyResource<Self::Client>>>;

    /// Returns the data sources.
    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<Self::Client>>>;

    /// Returns the ephemeral resources.
    fn ephemeral_resources(&self) -> Vec<Box<dyn AnyEphemeralResource<Self::Client>>>;

    /// Returns the list resources. Each one lists the objects of the managed resource with the same name.
    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<Self::Client>>>;

    /// Returns the actions.
    fn actions(&self) -> Vec<Box<dyn AnyAction<Self::Client>>>;

    /// Returns the functions.
    fn functions(&self) -> Vec<Box<dyn Function>>;
}

/// The result of configuring a provider.
#[derive(Debug)]
pub enum Configured<C> {
    /// The client is ready.
    Ready(C),
    /// A required value is unknown until apply.
    Unknown,
}
