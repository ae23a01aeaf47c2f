//! `confluence_integration`: Confluence Cloud, hosted by ConductorOne.

mod mistakes;
mod moves;
mod settings;

use serde::{Deserialize, Serialize};

use crate::conductorone::{Connector, ConnectorConfig};
use crate::provider::client::ConductorOne;
use crate::provider::connector::{
    self, Checks, ConnectorAttributes, Session, StoredSettings, Version,
};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::Behaviour::{Computed, ForcesReplacement, Optional, WriteOnly};
use crate::terraform::stored::Move;
use crate::terraform::value::{Secret, Set, Value, model};

/// The resource `confluence_integration`.
#[derive(Debug)]
pub(crate) struct ConfluenceIntegration;

model! {
    /// A connector that reads users, groups and permissions from Confluence Cloud, hosted by ConductorOne.
    ///
    /// With `site_domain` and `username` the connector is created with its settings and starts to sync. Without any
    /// settings, ConductorOne asks the owners by mail to enter them, and Terraform leaves them alone from then on.
    pub(crate) struct Model {
        ..connector: ConnectorAttributes,
        /// Which Confluence connector: `2` is the current one; `1` is the first one, for existing installations only.
        /// Changing it creates a new connector. Default for a new connector: `2`.
        #[schemars(
            extend("x-terraform" = [Optional, Computed, ForcesReplacement], "default" = 2),
            range(min = 1, max = 2)
        )]
        connector_version: i64,
        /// Confluence Cloud site: `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki` mean the same. A
        /// custom domain is used as it is. Goes together with `username`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "confluence-site"))]
        site_domain: String,
        /// Email address of the Atlassian account that the connector signs in as, such as `svc-c1@acme.com`. Goes
        /// together with `site_domain`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "email"))]
        username: String,
        /// API token of the account in `username`, from the security page of its Atlassian profile. A connector with
        /// settings needs it when it is created and when any of them changes. It is stored in the state; `api_key_wo` is
        /// not.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        api_key: Secret,
        /// The same as `api_key`, in neither plan nor state. It is sent when the connector is created, and after that
        /// whenever `api_key_wo_version` or another setting changes. Needs Terraform 1.11 or OpenTofu 1.11.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly], "format" = "token"))]
        api_key_wo: Secret,
        /// Version of `api_key_wo`, which Terraform cannot compare: raise it to send a new token.
        #[schemars(extend("x-terraform" = [Optional]))]
        api_key_wo_version: i64,
        /// Whether personal spaces and their permissions are left out. Version 2 only. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        skip_personal_spaces: bool,
        /// Kinds of content whose permissions are read, out of `attachment`, `blogpost`, `comment`, `page` and `space`.
        /// Version 2 only. Without it, all of them.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = ["attachment", "blogpost", "comment", "page", "space"]
        ))]
        nouns: Set<String>,
        /// Operations whose permissions are read, out of `administer`, `archive`, `create`, `delete`, `export`, `read`,
        /// `restrict_content` and `update`. Version 2 only. Without it, all of them.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "enum" = [
                "administer", "archive", "create", "delete", "export", "read", "restrict_content", "update"
            ]
        ))]
        verbs: Set<String>,
        /// Whether space roles are read in place of permissions by noun and verb. The site must have space roles. Version
        /// 2 only. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        use_rbac: bool,
        /// Whether a creation with settings, and every change of them, waits until the connector has synced with them. If
        /// the sync fails, the connector's own error is shown. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        wait_for_sync: bool,
    }
}

/// What is kept beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// When the settings were last changed by Terraform, or first seen: a later time means that the API key, which
    /// ConductorOne never shows, may be another one.
    config_updated_at: Option<String>,
}

impl Kept {
    /// After Terraform has changed the settings.
    fn at(connector: &Connector) -> Self {
        Self {
            config_updated_at: connector.config_updated_at.clone(),
        }
    }
}

impl Model {
    /// Waits for a sync with the settings that were `sent`, where that is wanted and there can be one.
    async fn until_synced(
        &self,
        session: &Session,
        operation: &mut Operation<ConfluenceIntegration>,
        sent: Option<ConnectorConfig>,
    ) -> Result<(), Diagnostics> {
        let Some(config) = sent.filter(|_| self.waits_for_sync()) else {
            return Ok(());
        };
        operation.save(self.clone());
        let at = operation.private.config_updated_at.clone();
        let settings = StoredSettings {
            ids: self.connector.ids(),
            config: &config,
            at: at.as_deref(),
        };
        session.until_synced(operation, settings).await
    }

    /// Whether a sync is to be waited for. A paused connector has none.
    fn waits_for_sync(&self) -> bool {
        self.wait_for_sync == Value::Known(true) && self.connector.sync_enabled() != Some(false)
    }
}

impl Resource for ConfluenceIntegration {
    type Model = Model;
    type Client = ConductorOne;
    type Private = Kept;

    const TYPE_NAME: &'static str = "confluence_integration";
    const IDENTITY: &'static [&'static str] = connector::IDENTITY;
    const MOVES: &'static [Move] = moves::MOVES;

    fn validate(&self, config: &Model, diagnostics: &mut Diagnostics) {
        diagnostics.extend(config.connector.mistakes());
        diagnostics.extend(config.mistakes());
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        connector::plan(plan).await;
        let planned = &mut plan.planned;
        if planned.connector.catalog_id.is_unknown() && !planned.connector_version.is_unknown() {
            planned.connector.catalog_id = Value::Known(planned.version().entry.id.to_owned());
        }
        let (planned, config, prior) = (&plan.planned, &plan.config, plan.prior.as_ref());
        let said = &mut plan.diagnostics;
        said.extend(planned.mistakes_of_change(prior, config));
        if planned.stores_settings(prior)
            && !planned.connector_version.is_unknown()
            && let Some(checks) = Checks::of(plan.context.as_ref())
        {
            let settings = planned.settings(&planned.key(config));
            let attribute = |key: &str| planned.attribute(key, config);
            let entry = planned.version().entry;
            checks.settings(entry, &settings, attribute, said).await;
        }
        connector::spare_destruction(plan);
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::of(operation.context());
        let key = planned.key(operation.config().unwrap_or(planned));
        let config = planned.first_config(key)?;
        let entry = planned.version().entry;
        let created = session
            .create(operation, entry, &planned.connector, config.clone())
            .await?;
        operation.private = Kept::at(created.connector());
        let mut state = planned.clone();
        state.connector.observe(created.connector());
        let state = session
            .finish_creation(operation, state, &created, &planned.connector)
            .await?;
        // Nothing is missing where a sync fails, and an error would make Terraform replace the connector.
        if let Err(said) = state.until_synced(&session, operation, config).await {
            said.into_iter().for_each(|said| operation.warn(said));
        }
        Ok(state)
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<Option<Model>, Diagnostics> {
        let session = Session::on(operation.context(), &state.connector);
        let Some((found, connector)) = session.read(&state.connector).await? else {
            return Ok(None);
        };
        let version = Version::of_catalog_entry(&found.catalog_id)
            .ok_or_else(|| mistakes::not_confluence(&found))?;
        let mut state = state.clone();
        state.connector = connector;
        state.connector_version = Value::Known(version.number);
        state.observe_settings(&found.config, operation.imported());
        if state.observe_key(&found, &mut operation.private) {
            operation.warn(mistakes::key_in_doubt(&found));
        }
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Model,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::on(operation.context(), &prior.connector);
        let mut sent = None;
        if planned.differs_in_settings(prior) {
            let (app_id, id) = prior.connector.ids();
            let key = planned.key(operation.config().unwrap_or(planned));
            let stored = session.existing(&prior.connector).await?;
            let config = planned.changed_config(prior, stored.config, key)?;
            let updated = session
                .api()
                .update_connector_config(app_id, id, &config)
                .await?;
            operation.private = Kept::at(&updated);
            sent = Some(config);
        }
        let mut state = planned.clone();
        state.connector = prior.connector.clone();
        let state = session
            .finish_update(operation, state, &planned.connector)
            .await?;
        state.until_synced(&session, operation, sent).await?;
        Ok(state)
    }

    async fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<(), Diagnostics> {
        Session::on(operation.context(), &state.connector)
            .delete(&state.connector)
            .await
    }

    fn import(&self, id: &str) -> Result<Model, Diagnostics> {
        Ok(Model {
            connector: connector::import(id)?,
            ..Model::default()
        })
    }
}
