//! This product: the provider's configuration, its resources, its data sources, its list resources and its functions.

mod app;
mod client;
mod config;
mod connector;
mod data_sources;
mod diagnostics;
mod functions;
mod list_resources;
mod lookups;
mod mark;
mod people;
mod place;
mod poll;
pub mod problems;
mod resources;
mod schedule;
mod site;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::conductorone;
use crate::terraform::data_source::{AnyDataSource, data_source};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::function::Function;
use crate::terraform::list_resource::{AnyListResource, list_resource};
use crate::terraform::managed::{AnyResource, managed};
use crate::terraform::provider::{Configured, Provider};
use crate::terraform::schema::Format;
use crate::terraform::service::ProviderService;
use crate::terraform::value::Secret;

use client::ConductorOne;
use config::{Environment, ProviderConfig};
use connector::Unsaved;

/// The type part of the provider's address, and the prefix of its resource types.
pub const TYPE: &str = "confluence";
/// The source address under which Terraform and OpenTofu know the provider, each with its own registry as the host.
pub const ADDRESS: &str = "conductorone/confluence";

/// The version of this build: that of the release it is made for, or else that of the source.
pub const VERSION: &str = match option_env!("PROVIDER_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Returns the gRPC service of the provider `conductorone/confluence`.
pub fn service() -> ProviderService {
    // Whatever is secret in a configuration or a state is masked in what ConductorOne says.
    Secret::observe(conductorone::remember_secret);
    ProviderService::new(Confluence::default())
}

#[derive(Default)]
struct Confluence {
    unsaved: Arc<Unsaved>,
    /// How often the provider was configured.
    configurations: AtomicUsize,
}

impl Provider for Confluence {
    type Config = ProviderConfig;
    type Client = ConductorOne;

    const FORMATS: &'static [Format] = &[
        site::FORMAT,
        schedule::CRON,
        schedule::TIME_ZONE,
        config::TENANT_DOMAIN,
        config::SERVER_URL,
    ];

    fn validate(&self, config: &ProviderConfig, diagnostics: &mut Diagnostics) {
        config.validate(diagnostics);
    }

    fn configure(
        &self,
        config: ProviderConfig,
        terraform_version: &str,
    ) -> Result<Configured<ConductorOne>, Diagnostics> {
        let environment = Environment::new(|name| std::env::var_os(name));
        let env = |name: &str| environment.text(name);
        let unsaved = Arc::clone(&self.unsaved);
        let configuration = self.configurations.fetch_add(1, Ordering::Relaxed);
        let configured =
            ConductorOne::configure(&config, terraform_version, env, unsaved, configuration);
        environment.check(configured)
    }

    fn notices(client: &ConductorOne) -> Diagnostics {
        client.notices()
    }

    async fn before_shutdown(&self) {
        self.unsaved.finish().await;
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<ConductorOne>>> {
        vec![
            managed(resources::ConfluenceIntegration::default(), Self::FORMATS),
            managed(
                resources::ConfluenceDatacenterIntegration::default(),
                Self::FORMATS,
            ),
            managed(resources::ConfluenceApp, Self::FORMATS),
        ]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<ConductorOne>>> {
        vec![
            data_source(data_sources::ConfluenceApp, Self::FORMATS),
            data_source(data_sources::ConfluenceUser, Self::FORMATS),
            data_source(data_sources::ConfluenceIntegration, Self::FORMATS),
            data_source(data_sources::ConfluenceIntegrations, Self::FORMATS),
        ]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<ConductorOne>>> {
        vec![
            list_resource(
                list_resources::ConfluenceIntegration::default(),
                Self::FORMATS,
            ),
            list_resource(
                list_resources::ConfluenceDatacenterIntegration::default(),
                Self::FORMATS,
            ),
            list_resource(list_resources::ConfluenceApp, Self::FORMATS),
        ]
    }

    fn functions(&self) -> Vec<Box<dyn Function>> {
        vec![
            Box::new(functions::SiteDomain),
            Box::new(functions::KubernetesManifests),
        ]
    }
}
