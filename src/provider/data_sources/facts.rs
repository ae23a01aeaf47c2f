//! What can be said about any connector.

use crate::conductorone::Connector;
use crate::provider::connector::{Status, Version};
use crate::provider::site::Site;
use crate::terraform::schema::AttributeFlag::Computed;
use crate::terraform::value::{Value, model};

model! {
    /// What can be said about any connector.
    pub(crate) struct Facts {
        /// ID of the catalog entry that the connector was made from.
        #[schemars(extend("x-terraform" = [Computed]))]
        catalog_id: String,
        /// Which Confluence Cloud connector it is, `1` or `2`. Null for every other one, such as a self-hosted one.
        #[schemars(extend("x-terraform" = [Computed]))]
        connector_version: i64,
        /// Name of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        display_name: String,
        /// Description of the connector.
        #[schemars(extend("x-terraform" = [Computed]))]
        description: String,
        /// Confluence Cloud site, such as `acme.atlassian.net`: the form that the function `site_domain` gives. Null where
        /// ConductorOne stores none.
        #[schemars(extend("x-terraform" = [Computed]))]
        site_domain: String,
        /// `NOT_CONNECTED` before the first sync, `SYNCING` while one runs, `CONNECTED` or `ERROR` after it, or `DISABLED`
        /// while syncs are paused.
        #[schemars(extend("x-terraform" = [Computed]))]
        status: String,
        /// Why the last sync failed, in the connector's words, with secrets masked. Empty if the last sync did not fail.
        #[schemars(extend("x-terraform" = [Computed]))]
        last_error: String,
        /// When the last sync ended, in RFC 3339. Null before that.
        #[schemars(extend("x-terraform" = [Computed]))]
        last_sync_at: String,
    }
}

impl Facts {
    pub(super) fn of(connector: &Connector) -> Self {
        let version = Version::of_catalog_entry(&connector.catalog_id);
        let settings = version.map(|version| version.settings(&connector.config));
        let site = settings.and_then(|settings| settings.site);
        let sync = connector.status.clone().unwrap_or_default();
        Self {
            catalog_id: Value::Known(connector.catalog_id.clone()),
            connector_version: version.map(|version| version.number).into(),
            display_name: Value::Known(connector.display_name.clone()),
            description: Value::Known(connector.description.clone()),
            site_domain: site.map(normal).into(),
            status: Value::Known(Status::of(connector).name().to_owned()),
            last_error: Value::Known(sync.last_error),
            last_sync_at: sync.completed_at.into(),
        }
    }

    /// Bytes of all its texts.
    pub(super) fn text_length(&self) -> usize {
        let texts = [
            &self.catalog_id,
            &self.display_name,
            &self.description,
            &self.site_domain,
            &self.status,
            &self.last_error,
            &self.last_sync_at,
        ];
        let lengths = texts.into_iter().filter_map(|text| text.known());
        lengths.map(String::len).sum()
    }
}

/// The normal form of a site that is stored in any spelling. What is no site is shown as it is.
fn normal(stored: String) -> String {
    stored
        .parse::<Site>()
        .map_or(stored, |site| site.to_string())
}
