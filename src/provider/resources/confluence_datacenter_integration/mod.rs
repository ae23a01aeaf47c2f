//! `confluence_datacenter_integration`: Confluence Data Center, read by a connector that users run themselves.

mod credentials;
mod environment;
mod mistakes;
mod moves;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::provider::client::ConductorOne;
use crate::provider::connector::{self, BATON, ConnectorAttributes, ConnectorModel, Session};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::Behaviour::{Computed, Optional, Required, Sensitive};
use crate::terraform::stored::Move;
use crate::terraform::value::{Secret, Value, model};

/// The resource `confluence_datacenter_integration`.
#[derive(Debug)]
pub(crate) struct ConfluenceDatacenterIntegration;

model! {
    /// A connector that reads Confluence Data Center. It runs in your own infrastructure, as
    /// `baton-confluence-datacenter`; this resource registers it in ConductorOne and issues the credential that it runs
    /// with.
    ///
    /// ConductorOne gets neither `hostname` nor what the connector signs in with: the connector reads them from its
    /// `environment`.
    pub(crate) struct Model {
        ..connector: ConnectorAttributes,
        /// URL of the Confluence instance, such as `https://confluence.corp.acme.com`.
        #[schemars(extend("x-terraform" = [Required], "format" = "https-url"))]
        hostname: String,
        /// Personal access token of the account that the connector signs in as. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        access_token: Secret,
        /// Name of the account that the connector signs in as, where it has no access token. Goes together with
        /// `password`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        username: String,
        /// Password of the account in `username`. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        password: Secret,
        /// Whether ConductorOne may grant and revoke access through the connector. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        provisioning: bool,
        /// Version of the credential. Change it to rotate: the next apply issues another client ID and secret. Default for
        /// a new connector: `1`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = 1))]
        credential_version: i64,
        /// How many hours before the credential expires a plan begins to rotate it by itself. Without it, only
        /// `credential_version` does.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1))]
        early_rotation_hours: i64,
        /// Whether a credential is revoked as soon as another one replaces it. With `false` it stays valid until the next
        /// rotation, so that running pods go on until they have the new Secret; setting it to `true` later revokes the one
        /// that was kept. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = false))]
        revoke_previous_credential: bool,
        /// ID of the credential in use. One that is revoked elsewhere is issued anew by the next apply.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_id: String,
        /// Client ID of the credential in use.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_id: String,
        /// Client secret of the credential in use. ConductorOne shows it once, so it is kept in the state from then on.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_secret: Secret,
        /// When the credential ends to be valid, in RFC 3339; null where it does not.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_expires_at: String,
        /// ID of the credential that was replaced and is still valid; null where there is none.
        #[schemars(extend("x-terraform" = [Computed]))]
        previous_credential_id: String,
        /// The environment variables that the connector process needs, ready for a Kubernetes Secret. It holds all
        /// secrets of this resource.
        #[schemars(extend("x-terraform" = [Computed, Sensitive]))]
        environment: BTreeMap<String, String>,
    }
}

/// What the connector is called where the user gives it no name.
const DISPLAY_NAME: &str = "Confluence Data Center";

impl ConnectorModel for Model {
    fn connector(&mut self) -> &mut ConnectorAttributes {
        &mut self.connector
    }
}

impl Resource for ConfluenceDatacenterIntegration {
    type Model = Model;
    type Client = ConductorOne;
    type Private = ();

    const TYPE_NAME: &'static str = "confluence_datacenter_integration";
    const IDENTITY: &'static [&'static str] = connector::IDENTITY;
    const MOVES: &'static [Move] = moves::MOVES;

    fn validate(&self, config: &Model, diagnostics: &mut Diagnostics) {
        diagnostics.extend(config.connector.mistakes());
        diagnostics.extend(config.mistakes());
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        connector::plan(plan).await;
        let planned = &mut plan.planned;
        let connector = &mut planned.connector;
        if connector.catalog_id.is_unknown() {
            connector.catalog_id = Value::Known(BATON.id.to_owned());
        }
        if connector.display_name.is_unknown() && plan.config.connector.display_name.is_null() {
            connector.display_name = Value::Known(DISPLAY_NAME.to_owned());
        }
        let now = Timestamp::now();
        planned.plan_credential(plan.prior.as_ref(), now);
        planned.environment = planned.expected_environment();
        if let Some(prior) = &plan.prior {
            plan.diagnostics.extend(prior.credential_in_doubt(now));
        }
        connector::spare_destruction(plan);
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::of(operation.context());
        let created = session
            .create(operation, BATON, &planned.connector, None)
            .await?;
        let mut state = planned.clone();
        state.connector.observe(created.connector());
        operation.save(state.clone());
        credentials::issue(&session, operation, &mut state).await?;
        session
            .finish_creation(operation, state, &created, &planned.connector)
            .await
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<Option<Model>, Diagnostics> {
        let session = Session::on(operation.context(), &state.connector);
        let (read, current, previous) = tokio::join!(
            session.read(&state.connector),
            credentials::find(&session, state, &state.credential_id),
            credentials::find(&session, state, &state.previous_credential_id),
        );
        let Some((found, connector)) = read? else {
            return Ok(None);
        };
        if found.catalog_id != BATON.id {
            return Err(mistakes::not_self_hosted(&found).into());
        }
        let mut state = Model {
            connector,
            ..state.clone()
        };
        state.observe_credentials(current?, previous?);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Model,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::on(operation.context(), &prior.connector);
        let mut state = planned.with_credentials_of(prior);
        state.connector = prior.connector.clone();
        if planned.credential_id.is_unknown() {
            let version = planned.credential_version;
            credentials::rotate(&session, operation, &mut state, version).await?;
        }
        if planned.previous_credential_id.is_null() {
            credentials::revoke_previous(&session, operation, &mut state).await?;
        }
        session
            .finish_update(operation, state, &planned.connector)
            .await
    }

    async fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<(), Diagnostics> {
        let session = Session::on(operation.context(), &state.connector);
        credentials::revoke_all(&session, state).await?;
        session.delete(&state.connector).await
    }

    fn import(&self, id: &str) -> Result<Model, Diagnostics> {
        Ok(Model {
            connector: connector::import(id)?,
            ..Model::default()
        })
    }
}
