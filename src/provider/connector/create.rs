//! The request that creates a connector, and how its result is recognized.

use std::sync::Arc;

use crate::conductorone::{
    Client, Connector, ConnectorConfig, Error, NewConnector, NewDelegatedConnector,
};
use crate::provider::connector::messages;
use crate::provider::create_once::{CreatedObject, Creation};
use crate::provider::creation_mark::{Age, CreationMark};
use crate::provider::message_values::import_command;
use crate::provider::owners::DesiredOwners;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostic;

use super::attributes::ConnectorAttributes;
use super::catalog::{BATON, CatalogEntry};
use super::existing::list_existing;
use super::import::import_id;

impl CreatedObject for Connector {
    fn id(&self) -> &str {
        &self.id
    }

    fn display_name(&self) -> &str {
        &self.display_name
    }

    fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    fn mark(&self) -> Option<CreationMark> {
        CreationMark::from_description(&self.description)
    }
}

/// The creation of a connector. The request gives the connector the mark of this run as its description. After Terraform has
/// saved the state, the description replaces the mark.
pub(super) struct ConnectorCreation<'a> {
    type_name: &'static str,
    app_id: &'a str,
    mark: CreationMark,
    request: Request,
}

enum Request {
    /// Creates the connector with its settings.
    Configured(NewConnector),
    /// Creates the connector without settings. ConductorOne sends the owners an email.
    Delegated(NewDelegatedConnector),
}

impl<'a> ConnectorCreation<'a> {
    /// Makes the creation of a connector with these attributes, with settings if there are any.
    pub(super) fn new(
        session: &Session,
        type_name: &'static str,
        entry: CatalogEntry,
        planned: &'a ConnectorAttributes,
        owners: Option<&DesiredOwners>,
        config: Option<ConnectorConfig>,
    ) -> Self {
        let mark = session.mark();
        let catalog_id = entry.id.to_owned();
        let description = Some(mark.to_description());
        let user_ids = owners.map(DesiredOwners::to_ids).unwrap_or_default();
        let display_name = planned.display_name.known().map(String::as_str);
        let request = match config {
            Some(config) => Request::Configured(NewConnector {
                catalog_id,
                description,
                user_ids,
                config,
            }),
            None => Request::Delegated(NewDelegatedConnector {
                catalog_id,
                display_name: display_name.unwrap_or(entry.display_name).to_owned(),
                description,
                user_ids,
            }),
        };
        let (app_id, _) = planned.ids();
        Self {
            type_name,
            app_id,
            mark,
            request,
        }
    }

    fn catalog_id(&self) -> &str {
        let (Request::Configured(NewConnector { catalog_id, .. })
        | Request::Delegated(NewDelegatedConnector { catalog_id, .. })) = &self.request;
        catalog_id
    }
}

impl Creation for ConnectorCreation<'_> {
    type Object = Connector;

    const NOUN: &'static str = "connector";

    async fn list_existing(&self, session: &Session) -> Result<Arc<[Connector]>, Error> {
        list_existing(session, self.app_id).await
    }

    async fn search(&self, api: &Client) -> Result<Vec<Connector>, Error> {
        let description = self.mark.to_description();
        let is_marked =
            move |connector: Connector| (connector.description == description).then_some(connector);
        api.find_connectors(self.app_id, is_marked).await
    }

    async fn get(&self, api: &Client, id: &str) -> Result<Option<Connector>, Error> {
        api.get_connector(self.app_id, id).await
    }

    async fn send(&self, api: &Client) -> Result<Connector, Error> {
        match &self.request {
            Request::Configured(new) => api.create_connector(self.app_id, new).await,
            Request::Delegated(new) => api.create_delegated_connector(self.app_id, new).await,
        }
    }

    async fn delete(&self, api: &Client, id: &str) -> Result<(), Error> {
        api.delete_connector(self.app_id, id).await
    }

    fn mark(&self) -> &CreationMark {
        &self.mark
    }

    fn matches(&self, connector: &Connector) -> bool {
        connector.catalog_id == self.catalog_id()
            && match &self.request {
                Request::Configured(new) => has_settings(connector, &new.config),
                Request::Delegated(new) => connector.display_name == new.display_name,
            }
    }

    /// A self-hosted connector may have a credential whose secret was lost.
    fn adopts_leftovers(&self) -> bool {
        self.catalog_id() != BATON.id
    }

    /// Only a sync shows that a self-hosted connector runs with its credential.
    fn is_in_use(&self, connector: &Connector) -> bool {
        let status = connector.status.as_ref();
        !self.adopts_leftovers()
            && status
                .is_some_and(|status| status.started_at.is_some() || status.completed_at.is_some())
    }

    fn import_command(&self, connector: &Connector) -> String {
        import_command(self.type_name, &import_id(self.app_id, &connector.id))
    }

    fn being_created(&self, connector: &Connector, Age { created, limit }: &Age) -> Diagnostic {
        let command = self.import_command(connector);
        messages::being_created(&connector.id, created, limit, &command)
    }

    fn not_created(&self, error: &Error) -> Diagnostic {
        messages::not_created(error)
    }

    fn maybe_created(&self, error: &Error) -> Diagnostic {
        messages::maybe_created(error)
    }

    fn one_of_several_created(&self, import_commands: &str, error: &Error) -> Diagnostic {
        messages::one_of_several_created(import_commands, error)
    }
}

/// Returns whether a connector has these settings. ConductorOne never returns secrets, so they are not compared.
fn has_settings(connector: &Connector, config: &ConnectorConfig) -> bool {
    config.0.keys().all(|key| {
        let requested = config.plain(key);
        requested.is_none() || requested == connector.config.plain(key)
    })
}
