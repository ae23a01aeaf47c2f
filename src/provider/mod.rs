//! This product: the provider's configuration, and everything that the provider has.

mod access_token;
mod actions;
mod api_errors;
mod app;
mod automation;
mod check_switch;
mod claims;
mod config;
mod connector;
mod connector_lists;
mod create_once;
mod creation_mark;
mod datacenter_integration;
pub mod doctor;
mod follow_ups;
mod functions;
mod integration;
mod integrations;
mod lock;
mod login_check;
mod lookups;
mod message_values;
pub mod messages;
mod owners;
mod pending_descriptions;
mod plan_checks;
mod polling;
mod provider_data;
mod search;
mod self_hosted_integration;
mod session;
mod site;
mod synced_data;
mod terraform_run;
mod user;
mod version;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::conductorone;
use crate::terraform::action::{AnyAction, action};
use crate::terraform::data_source::{AnyDataSource, data_source};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::ephemeral_resource::{AnyEphemeralResource, ephemeral_resource};
use crate::terraform::function::Function;
use crate::terraform::list_resource::{AnyListResource, list_resource};
use crate::terraform::managed::{AnyResource, managed};
use crate::terraform::provider::{Configured, Provider};
use crate::terraform::schema::Format;
use crate::terraform::service::ProviderService;
use crate::terraform::value::Secret;

pub use integration::{StoredSetting, stored_settings};
pub use version::VERSION;

use actions::OnConnector;
use config::{Environment, ProviderConfig};
use pending_descriptions::PendingDescriptions;
use provider_data::ProviderData;

/// The type in the provider's address, which is the prefix of its resource types.
pub const TYPE: &str = "confluence";
/// The source address of the provider. Terraform and OpenTofu use their own registries as the host.
pub const ADDRESS: &str = "conductorone/confluence";

/// Returns the gRPC service of the provider `conductorone/confluence`.
pub fn service() -> ProviderService {
    // Secrets of configurations and states are masked in everything that ConductorOne returns.
    Secret::observe(conductorone::remember_secret);
    ProviderService::new(Confluence::default())
}

#[derive(Default)]
struct Confluence {
    pending_descriptions: Arc<PendingDescriptions>,
    /// The number of configurations of this process.
    configurations: AtomicUsize,
}

impl Provider for Confluence {
    type Config = ProviderConfig;
    type Client = ProviderData;

    const FORMATS: &'static [Format] = &[
        site::FORMAT,
        connector::CRON,
        connector::TIME_ZONE,
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
    ) -> Result<Configured<ProviderData>, Diagnostics> {
        let environment = Environment::new(|name| std::env::var_os(name));
        let env = |name: &str| environment.text(name);
        let pending_descriptions = Arc::clone(&self.pending_descriptions);
        let configuration = self.configurations.fetch_add(1, Ordering::Relaxed);
        let configured = ProviderData::configure(
            &config,
            terraform_version,
            env,
            pending_descriptions,
            configuration,
        );
        environment.check(configured)
    }

    fn notices(client: &ProviderData) -> Diagnostics {
        client.notices()
    }

    async fn before_shutdown(&self) {
        self.pending_descriptions.write_all().await;
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<ProviderData>>> {
        vec![
            managed(integration::IntegrationResource::default(), Self::FORMATS),
            managed(
                datacenter_integration::DatacenterIntegrationResource::default(),
                Self::FORMATS,
            ),
            managed(
                self_hosted_integration::SelfHostedIntegrationResource::default(),
                Self::FORMATS,
            ),
            managed(app::AppResource, Self::FORMATS),
        ]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<ProviderData>>> {
        vec![
            data_source(app::AppDataSource, Self::FORMATS),
            data_source(user::UserDataSource, Self::FORMATS),
            data_source(integration::IntegrationDataSource, Self::FORMATS),
            data_source(integrations::IntegrationsDataSource, Self::FORMATS),
            data_source(synced_data::SyncedDataSource, Self::FORMATS),
        ]
    }

    fn ephemeral_resources(&self) -> Vec<Box<dyn AnyEphemeralResource<ProviderData>>> {
        vec![ephemeral_resource(
            access_token::AccessTokenResource,
            Self::FORMATS,
        )]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<ProviderData>>> {
        vec![
            list_resource(
                integration::IntegrationListResource::default(),
                Self::FORMATS,
            ),
            list_resource(
                datacenter_integration::DatacenterIntegrationListResource::default(),
                Self::FORMATS,
            ),
            list_resource(
                self_hosted_integration::SelfHostedIntegrationListResource::default(),
                Self::FORMATS,
            ),
            list_resource(app::AppListResource, Self::FORMATS),
        ]
    }

    fn actions(&self) -> Vec<Box<dyn AnyAction<ProviderData>>> {
        vec![
            action(OnConnector(actions::ForceSync), Self::FORMATS),
            action(OnConnector(actions::PauseSync), Self::FORMATS),
            action(OnConnector(actions::ResumeSync), Self::FORMATS),
            action(OnConnector(actions::ConfirmSync), Self::FORMATS),
        ]
    }

    fn functions(&self) -> Vec<Box<dyn Function>> {
        vec![
            Box::new(functions::SiteDomain),
            Box::new(functions::KubernetesManifests),
        ]
    }
}
