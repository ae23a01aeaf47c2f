//! What all actions on a connector have in common.

use crate::conductorone::{Connector, Error};
use crate::provider::api_errors;
use crate::provider::connector::{listing_messages, messages as connector_messages, resource_type};
use crate::provider::plan_checks::PlanChecks;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::action::{Action, Progress};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::model::Model;
use crate::terraform::schema::AttributeFlag::{Optional, Required};
use crate::terraform::timeouts::InvokeTimeout;
use crate::terraform::value::model;

model! {
    /// The connector that an action is about.
    pub(crate) struct Target {
        /// ID of the app that the connector belongs to.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// ID of the connector, which is in the URL of its page in ConductorOne.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        connector_id: String,
        /// How long the action may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: InvokeTimeout,
    }
}

/// An action on a Confluence connector, which exists.
pub(crate) trait ConnectorAction: Send + Sync + 'static {
    /// The attributes of the `config` block.
    type Config: Model + AsRef<Target>;

    /// The full type name.
    const TYPE_NAME: &'static str;

    /// Runs the action on `connector`.
    fn run(
        &self,
        session: &Session,
        connector: &Connector,
        config: &Self::Config,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// The [`Action`] of a [`ConnectorAction`].
#[derive(Debug)]
pub(crate) struct OnConnector<A>(pub(crate) A);

impl<A: ConnectorAction> Action for OnConnector<A> {
    type Config = A::Config;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = A::TYPE_NAME;

    async fn plan(&self, context: &Context<ProviderData>, config: &A::Config) -> Diagnostics {
        check(context, config.as_ref()).await
    }

    async fn invoke(
        &self,
        context: &Context<ProviderData>,
        config: &A::Config,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let session = Session::new(context);
        let connector = find(&session, config.as_ref()).await?;
        self.0.run(&session, &connector, config, progress).await
    }
}

/// Checks that the app and the connector exist, if their IDs are known, and that the connector is one for Confluence.
async fn check(context: &Context<ProviderData>, target: &Target) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let Some(app_id) = target.app_id.known() else {
        return diagnostics;
    };
    let Some(checks) = PlanChecks::new(Some(context)) else {
        return diagnostics;
    };
    let session = checks.session();
    let app = session.lookups().app(session.api(), app_id);
    if let Some(None) = checks.ask(app, &mut diagnostics).await {
        diagnostics.push(connector_messages::app_not_found(app_id));
        return diagnostics;
    }
    if let Some(id) = target.connector_id.known() {
        let connector = session.api().get_connector(app_id, id);
        if let Some(found) = checks.ask(connector, &mut diagnostics).await {
            diagnostics.extend(checked(target, found).err());
        }
    }
    diagnostics
}

/// Finds the connector.
async fn find(session: &Session, target: &Target) -> Result<Connector, Diagnostics> {
    let (app_id, id) = target.ids();
    session.follow_ups_ended(id).await;
    let found = session.api().get_connector(app_id, id).await?;
    Ok(checked(target, found)?)
}

/// Returns the connector, if it exists and is one for Confluence.
fn checked(target: &Target, found: Option<Connector>) -> Result<Connector, Diagnostic> {
    let connector = found.ok_or_else(|| target.not_found())?;
    if resource_type(&connector.catalog_id).is_some() {
        return Ok(connector);
    }
    let Connector {
        id,
        display_name,
        catalog_id,
        ..
    } = &connector;
    let only = "the actions of this provider are for Confluence connectors only";
    let other =
        connector_messages::of_another_type("Confluence", id, display_name, catalog_id, only);
    Err(other.on("connector_id"))
}

impl Target {
    /// Returns the IDs of the app and the connector. The client refuses a missing one, which is empty.
    fn ids(&self) -> (&str, &str) {
        (
            self.app_id.known().map_or("", String::as_str),
            self.connector_id.known().map_or("", String::as_str),
        )
    }

    /// Returns the diagnostic for a connector that does not exist.
    pub(super) fn not_found(&self) -> Diagnostic {
        let (app_id, id) = self.ids();
        listing_messages::no_connector(app_id, id).on("connector_id")
    }

    /// Returns the diagnostic for a request to the connector that failed.
    pub(super) fn diagnose(&self, error: &Error) -> Diagnostic {
        match error.status() {
            Some(404) if error.is_not_found() => self.not_found(),
            Some(400 | 409) => api_errors::diagnose(error).on("connector_id"),
            _ => api_errors::diagnose(error),
        }
    }
}
