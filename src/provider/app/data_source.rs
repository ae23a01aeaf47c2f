//! `data.confluence_app`: an app, by ID or name.

use std::collections::BTreeMap;

use crate::conductorone::App;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Value, model};

use crate::provider::search::{Key, Search};

/// The data source `confluence_app`.
#[derive(Debug)]
pub(crate) struct AppDataSource;

model! {
    /// A ConductorOne app, found by its ID or name. Connectors belong to apps.
    pub(crate) struct AppDataSourceModel {
        /// ID of the app, which is in the URL of its page. Set either this or `display_name`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "id"))]
        id: String,
        /// Name of the app, exactly as ConductorOne shows it. Set either this or `id`. If several apps have the same
        /// name, only `id` identifies one of them.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "not-blank"))]
        display_name: String,
        /// Description of the app.
        #[schemars(extend("x-terraform" = [Computed]))]
        description: String,
        /// Annotations of the app. Keys that begin with `c1/` belong to ConductorOne.
        #[schemars(extend("x-terraform" = [Computed]))]
        annotations: BTreeMap<String, String>,
        /// When the app was created (RFC 3339).
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long the lookup may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

const SEARCH: Search = Search {
    what: "app",
    title: "App",
    attribute: "display_name",
    example: "display_name = \"Confluence\"",
    check_id: "Check the ID, which is in the URL of the app's page, and that the credential's user may see the app. \
               ConductorOne does not return deleted apps.",
    check_attribute: "Compare the whole name and its case with the app's page, and check that the credential's user may see the \
                      app. ConductorOne does not return deleted apps.",
};

impl DataSource for AppDataSource {
    type Model = AppDataSourceModel;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = "confluence_app";

    fn validate(&self, config: &AppDataSourceModel, diagnostics: &mut Diagnostics) {
        SEARCH.validate(&config.id, &config.display_name, diagnostics);
    }

    async fn read(
        &self,
        context: &Context<ProviderData>,
        config: &AppDataSourceModel,
    ) -> Result<AppDataSourceModel, Diagnostics> {
        let session = Session::new(context);
        let lookups = session.lookups();
        let key = SEARCH.key(&config.id, &config.display_name)?;
        let found = match key {
            Key::Id(id) => Vec::from_iter(lookups.app(session.api(), id).await?),
            Key::Attribute(name) => lookups.apps_named(session.api(), name).await?,
        };
        let app = SEARCH.only(key, found, |app| (&app.display_name, &app.id))?;
        Ok(config.with_app(app))
    }
}

impl AppDataSourceModel {
    fn with_app(&self, app: App) -> Self {
        Self {
            id: Value::Known(app.id),
            display_name: Value::Known(app.display_name),
            description: Value::Known(app.description),
            annotations: Value::Known(app.annotations),
            created_at: app.created_at.into(),
            timeouts: self.timeouts.clone(),
        }
    }
}
