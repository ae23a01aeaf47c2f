//! `data.confluence_integration`: everything about a connector that a check may ask.

use crate::conductorone::Connector;
use crate::provider::connector::listing_messages as messages;
use crate::provider::connector::{self, ConnectorAttributes, wait_for_status};
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional, Required};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Set, model};

use super::summary::Summary;

/// The data source `confluence_integration`.
#[derive(Debug)]
pub(crate) struct IntegrationDataSource;

model! {
    /// A connector: its current settings without secrets, its owners, and the result of its last sync. Use it in
    /// `check` blocks.
    ///
    /// It finds any connector by its ID, including a self-hosted one. Confluence Cloud settings that ConductorOne does
    /// not store are null.
    pub(crate) struct IntegrationDataSourceModel {
        ..summary: Summary,
        /// ID of the connector.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        id: String,
        /// ID of the app that the connector belongs to.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// IDs of the ConductorOne users who own the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        owner_ids: Set<String>,
        /// Status to wait for: `CONNECTED` or `DISABLED`. The provider reads the connector until it has this status,
        /// for at most `timeouts.read`. The status `ERROR` ends the wait with the connector's error. If unset, the
        /// provider does not wait.
        #[schemars(extend("x-terraform" = [Optional], "enum" = ["CONNECTED", "DISABLED"]))]
        wait_for_status: String,
        /// When the connector was created (RFC 3339).
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long the lookup may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

impl DataSource for IntegrationDataSource {
    type Model = IntegrationDataSourceModel;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = "confluence_integration";

    /// Always asks ConductorOne: a connector's status changes by itself, and a check wants the latest.
    async fn read(
        &self,
        context: &Context<ProviderData>,
        config: &IntegrationDataSourceModel,
    ) -> Result<IntegrationDataSourceModel, Diagnostics> {
        let wanted = ConnectorAttributes {
            app_id: config.app_id.clone(),
            id: config.id.clone(),
            ..ConnectorAttributes::default()
        };
        let session = Session::new(context);
        let (app_id, id) = wanted.ids();
        session.follow_ups_ended(id).await;
        let listed = std::future::ready(None);
        let found = connector::read(&session, &wanted, listed, &mut Diagnostics::default()).await?;
        let (mut connector, attributes) =
            found.ok_or_else(|| messages::no_connector(app_id, id))?;
        if let Some(awaited) = config.wait_for_status.known() {
            connector = wait_for_status(&session, connector, (app_id, id), awaited).await?;
        }
        Ok(config.with_connector(&connector, attributes))
    }
}

impl IntegrationDataSourceModel {
    fn with_connector(&self, connector: &Connector, attributes: ConnectorAttributes) -> Self {
        Self {
            summary: Summary::from_connector(connector),
            id: self.id.clone(),
            app_id: self.app_id.clone(),
            owner_ids: attributes.owner_ids,
            wait_for_status: self.wait_for_status.clone(),
            created_at: attributes.created_at,
            timeouts: self.timeouts.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::conductorone::{ConfigValue, ConnectorConfig};
    use crate::provider::connector::{CONFLUENCE, CONFLUENCE_V2};
    use crate::terraform::value::Value;

    use super::*;

    /// What is found of a connector of this entry whose settings are these.
    fn found(catalog_id: &str, settings: &[(&str, &str)]) -> IntegrationDataSourceModel {
        let plain = |(key, text): &(&str, &str)| {
            ((*key).to_owned(), ConfigValue::Plain((*text).to_owned()))
        };
        let connector = Connector {
            catalog_id: catalog_id.to_owned(),
            config: settings.iter().map(plain).collect::<ConnectorConfig>(),
            ..Connector::default()
        };
        IntegrationDataSourceModel::default()
            .with_connector(&connector, ConnectorAttributes::default())
    }

    fn text(text: &str) -> Value<String> {
        Value::Known(text.to_owned())
    }

    #[test]
    fn settings_are_read_as_the_catalog_entry_stores_them() {
        let second = found(
            CONFLUENCE_V2.id,
            &[
                ("domain-url", "https://ACME.atlassian.net/"),
                ("username", "a@b"),
                ("use-rbac", "true"),
            ],
        );
        assert_eq!(second.summary.connector_version, Value::Known(2));
        assert_eq!(
            second.summary.settings.0.site_domain,
            text("acme.atlassian.net")
        );
        assert_eq!(
            (
                second.summary.settings.0.username,
                second.summary.settings.0.content.use_rbac
            ),
            (text("a@b"), Value::Known(true))
        );
        assert_eq!(
            (
                second.summary.settings.0.content.skip_personal_spaces,
                second.summary.settings.0.content.nouns
            ),
            (Value::Null, Value::Null)
        );
        let first = found(CONFLUENCE.id, &[("confluence_domain", "acme")]);
        assert_eq!(first.summary.connector_version, Value::Known(1));
        assert_eq!(
            first.summary.settings.0.site_domain,
            text("acme.atlassian.net")
        );
        let odd = found(CONFLUENCE_V2.id, &[("domain-url", "no site")]);
        assert_eq!(odd.summary.settings.0.site_domain, text("no site"));
    }

    #[test]
    fn another_catalog_entry_has_no_settings_of_confluence() {
        let other = found(
            "another entry",
            &[("domain-url", "acme"), ("username", "a@b")],
        );
        assert_eq!(other.summary.catalog_id, text("another entry"));
        assert_eq!(other.summary.connector_version, Value::Null);
        assert_eq!(
            (
                other.summary.settings.0.site_domain,
                other.summary.settings.0.username
            ),
            (Value::Null, Value::Null)
        );
        assert_eq!(other.summary.status, text("NOT_CONNECTED"));
        assert_eq!(
            (other.summary.last_error, other.summary.last_sync_at),
            (text(""), Value::Null)
        );
    }
}
