//! `data.confluence_integration`: everything about a connector that a check may ask.

use crate::conductorone::Connector;
use crate::provider::client::ConductorOne;
use crate::provider::connector::{ConnectorAttributes, Session, Version};
use crate::provider::problems::lookups as problems;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional, Required};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Set, model};

use super::facts::Facts;

/// The data source `confluence_integration`.
#[derive(Debug)]
pub(crate) struct ConfluenceIntegration;

model! {
    /// A connector as it is: its settings without secrets, its owners, and how its last sync went. Meant for `check`
    /// blocks.
    ///
    /// It finds every connector by its ID, a self-hosted one too. Settings of Confluence Cloud are null where ConductorOne
    /// stores none.
    pub(crate) struct Model {
        ..facts: Facts,
        /// ID of the connector.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        id: String,
        /// ID of the app that the connector belongs to.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// IDs of the ConductorOne users who own the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        owner_ids: Set<String>,
        /// Atlassian account that the connector signs in as.
        #[schemars(extend("x-terraform" = [Computed]))]
        username: String,
        /// Whether personal spaces and their permissions are left out.
        #[schemars(extend("x-terraform" = [Computed]))]
        skip_personal_spaces: bool,
        /// Kinds of content whose permissions are read. Null: all of them.
        #[schemars(extend("x-terraform" = [Computed]))]
        nouns: Set<String>,
        /// Operations whose permissions are read. Null: all of them.
        #[schemars(extend("x-terraform" = [Computed]))]
        verbs: Set<String>,
        /// Whether space roles are read in place of permissions by noun and verb.
        #[schemars(extend("x-terraform" = [Computed]))]
        use_rbac: bool,
        /// When the connector was created, in RFC 3339.
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long the lookup may take, with all its requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

impl DataSource for ConfluenceIntegration {
    type Model = Model;
    type Client = ConductorOne;

    const TYPE_NAME: &'static str = "confluence_integration";

    /// Always asks ConductorOne: a connector's status changes by itself, and a check wants the latest.
    async fn read(
        &self,
        context: &Context<ConductorOne>,
        config: &Model,
    ) -> Result<Model, Diagnostics> {
        let wanted = ConnectorAttributes {
            app_id: config.app_id.clone(),
            id: config.id.clone(),
            ..ConnectorAttributes::default()
        };
        let found = Session::of(context)
            .read(&wanted, &mut Diagnostics::default())
            .await?;
        let (app_id, id) = wanted.ids();
        let (connector, attributes) = found.ok_or_else(|| problems::no_connector(app_id, id))?;
        Ok(config.found(&connector, attributes))
    }
}

impl Model {
    fn found(&self, connector: &Connector, attributes: ConnectorAttributes) -> Self {
        let settings = Version::of_catalog_entry(&connector.catalog_id)
            .map(|version| version.settings(&connector.config))
            .unwrap_or_default();
        Self {
            facts: Facts::of(connector),
            id: self.id.clone(),
            app_id: self.app_id.clone(),
            owner_ids: attributes.owner_ids,
            username: settings.username.into(),
            skip_personal_spaces: settings.skip_personal_spaces.into(),
            nouns: settings.nouns.into(),
            verbs: settings.verbs.into(),
            use_rbac: settings.use_rbac.into(),
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
    fn found(catalog_id: &str, settings: &[(&str, &str)]) -> Model {
        let plain = |(key, text): &(&str, &str)| {
            ((*key).to_owned(), ConfigValue::Plain((*text).to_owned()))
        };
        let connector = Connector {
            catalog_id: catalog_id.to_owned(),
            config: settings.iter().map(plain).collect::<ConnectorConfig>(),
            ..Connector::default()
        };
        Model::default().found(&connector, ConnectorAttributes::default())
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
        assert_eq!(second.facts.connector_version, Value::Known(2));
        assert_eq!(second.facts.site_domain, text("acme.atlassian.net"));
        assert_eq!(
            (second.username, second.use_rbac),
            (text("a@b"), Value::Known(true))
        );
        assert_eq!(
            (second.skip_personal_spaces, second.nouns),
            (Value::Null, Value::Null)
        );
        let first = found(CONFLUENCE.id, &[("confluence_domain", "acme")]);
        assert_eq!(first.facts.connector_version, Value::Known(1));
        assert_eq!(first.facts.site_domain, text("acme.atlassian.net"));
        let odd = found(CONFLUENCE_V2.id, &[("domain-url", "no site")]);
        assert_eq!(odd.facts.site_domain, text("no site"));
    }

    #[test]
    fn another_catalog_entry_has_no_settings_of_confluence() {
        let other = found(
            "another entry",
            &[("domain-url", "acme"), ("username", "a@b")],
        );
        assert_eq!(other.facts.catalog_id, text("another entry"));
        assert_eq!(other.facts.connector_version, Value::Null);
        assert_eq!(
            (other.facts.site_domain, other.username),
            (Value::Null, Value::Null)
        );
        assert_eq!(other.facts.status, text("NOT_CONNECTED"));
        assert_eq!(
            (other.facts.last_error, other.facts.last_sync_at),
            (text(""), Value::Null)
        );
    }
}
