//! `confluence_datacenter_integration`: Confluence Data Center, read by a connector that users run themselves.

use std::collections::BTreeMap;

use crate::conductorone::{Connector, ConnectorCredential, Error};
use crate::provider::client::ConductorOne;
use crate::provider::connector::{self, BATON, ConnectorAttributes, ConnectorModel, Session};
use crate::provider::rules::needs;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::Behaviour::{Computed, Optional, Required, Sensitive};
use crate::terraform::value::{Secret, Value, model};

/// The resource `confluence_datacenter_integration`.
#[derive(Debug)]
pub(crate) struct ConfluenceDatacenterIntegration;

model! {
    /// A connector that reads Confluence Data Center. It runs in your own infrastructure, as
    /// `baton-confluence-datacenter`; this resource registers it in ConductorOne and issues the credential that it runs
    /// with.
    ///
    /// ConductorOne gets none of the settings below: the connector reads them from its `environment`.
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
        /// Password of that account. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        password: Secret,
        /// Whether ConductorOne may grant and revoke access through the connector. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        provisioning: bool,
        /// ID of the credential that was issued for the connector. One that is revoked elsewhere is issued anew by the
        /// next apply.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_id: String,
        /// Client ID of that credential.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_id: String,
        /// Client secret of that credential. ConductorOne shows it once, so it is kept in the state from then on.
        #[schemars(extend("x-terraform" = [Computed]))]
        client_secret: Secret,
        /// When the credential ends to be valid, in RFC 3339; null where it does not.
        #[schemars(extend("x-terraform" = [Computed]))]
        credential_expires_at: String,
        /// The environment variables that the connector process needs, ready for a Kubernetes Secret. It holds the
        /// secrets above.
        #[schemars(extend("x-terraform" = [Computed, Sensitive]))]
        environment: BTreeMap<String, String>,
    }
}

/// What the connector is called where the user gives it no name.
const DISPLAY_NAME: &str = "Confluence Data Center";

impl Model {
    /// What the connector process reads its settings from; unknown while one of them is.
    fn expected_environment(&self) -> Value<BTreeMap<String, String>> {
        let secret =
            |secret: &Value<Secret>| secret.clone().map(|secret| secret.expose().to_owned());
        let provisioning = self
            .provisioning
            .map(|provisioning| provisioning.to_string());
        let variables = [
            ("BATON_CLIENT_ID", self.client_id.clone()),
            ("BATON_CLIENT_SECRET", secret(&self.client_secret)),
            ("BATON_HOSTNAME", self.hostname.clone()),
            ("BATON_ACCESS_TOKEN", secret(&self.access_token)),
            ("BATON_USERNAME", self.username.clone()),
            ("BATON_PASSWORD", secret(&self.password)),
            ("BATON_PROVISIONING", provisioning),
        ];
        if variables.iter().any(|(_, value)| value.is_unknown()) {
            return Value::Unknown;
        }
        let set = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.into_known()?)));
        Value::Known(set.collect())
    }

    /// Takes over a credential that was just issued, the only time when ConductorOne shows its secret.
    fn take_credential(&mut self, credential: ConnectorCredential) {
        self.credential_id = Value::Known(credential.id);
        self.client_id = Value::Known(credential.client_id);
        self.client_secret = credential.client_secret.map(Secret::from).into();
        self.credential_expires_at = credential.expires_time.into();
        self.environment = self.expected_environment();
    }

    /// Sets all that comes with a credential.
    fn set_credential(&mut self, id: Value<String>, secret: Value<Secret>) {
        self.credential_id = id.clone();
        self.credential_expires_at = id.clone();
        self.client_id = id;
        self.client_secret = secret;
    }

    fn mistakes(&self) -> impl Iterator<Item = Diagnostic> {
        // What is unknown may turn out to be null, and so may break no rule yet.
        let (name, no_name) = (self.username.known().is_some(), self.username.is_null());
        let (password, no_password) = (self.password.known().is_some(), self.password.is_null());
        let (token, no_token) = (
            self.access_token.known().is_some(),
            self.access_token.is_null(),
        );
        [
            (password && no_name).then(|| needs("password", "username", "username = \"svc-c1\"")),
            (name && no_password).then(|| needs("username", "password", "password = var.password")),
            (token && name && password).then(ignored_password),
            (no_token && no_name && no_password).then(no_sign_in),
        ]
        .into_iter()
        .flatten()
    }
}

fn ignored_password() -> Diagnostic {
    Diagnostic::warning(
        "User name and password are ignored",
        "The connector signs in with the access token and ignores username and password beside it. Remove one or the \
         other.",
    )
    .on("username")
}

fn no_sign_in() -> Diagnostic {
    Diagnostic::warning(
        "Environment is not complete",
        "Neither access_token nor username and password are set, so environment lacks them. Give the connector \
         BATON_ACCESS_TOKEN, or BATON_USERNAME and BATON_PASSWORD, by other means.",
    )
    .on("access_token")
}

fn lost_credential(connector_id: &str, error: &Error) -> Diagnostic {
    Diagnostic::warning(
        "Credential may have been lost",
        format!(
            "ConductorOne did not answer the request to issue a credential for the connector {connector_id}. One may have \
             been issued, whose secret nobody knows, so another one was asked for. Look at the connector's page in \
             ConductorOne, and revoke the credential that is never used.\n\n{error}"
        ),
    )
}

fn not_self_hosted(found: &Connector) -> Diagnostic {
    Diagnostic::error(
        "Not a self-hosted connector",
        format!(
            "The connector {} ({:?}) was made from the catalog entry {}, which ConductorOne hosts itself. Check the ID; a \
             Confluence Cloud connector is a confluence_integration.",
            found.id, found.display_name, found.catalog_id,
        ),
    )
}

/// Issues a credential and takes it over.
///
/// Where no conclusive answer comes, the secret is lost for good: another credential is issued, and what may exist of the
/// first one is left alone, because nobody knows its ID.
async fn issue_credential(
    session: &Session,
    operation: &mut Operation<ConfluenceDatacenterIntegration>,
    state: &mut Model,
) -> Result<(), Diagnostics> {
    let (app_id, id) = state.connector.ids();
    let credential = match session.api().rotate_credential(app_id, id).await {
        Err(error) if error.is_ambiguous() => {
            operation.warn(lost_credential(id, &error));
            session.api().rotate_credential(app_id, id).await?
        }
        issued => issued?,
    };
    state.take_credential(credential);
    Ok(())
}

/// The credential that the state holds, as it is; `None` where there is none or it was revoked.
async fn credential_of(
    session: &Session,
    state: &Model,
) -> Result<Option<ConnectorCredential>, Diagnostics> {
    let (app_id, id) = state.connector.ids();
    match state.credential_id.known() {
        Some(credential_id) => Ok(session
            .api()
            .get_credential(app_id, id, credential_id)
            .await?),
        None => Ok(None),
    }
}

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
        // An import, a failure or somebody else has left the connector without a credential.
        if planned.credential_id.is_null() {
            planned.set_credential(Value::Unknown, Value::Unknown);
        }
        planned.environment = planned.expected_environment();
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
        issue_credential(&session, operation, &mut state).await?;
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
        let (read, credential) = tokio::join!(
            session.read(&state.connector),
            credential_of(&session, state)
        );
        let Some((found, connector)) = read? else {
            return Ok(None);
        };
        if found.catalog_id != BATON.id {
            return Err(not_self_hosted(&found).into());
        }
        let mut state = Model {
            connector,
            ..state.clone()
        };
        if let Some(credential) = credential? {
            state.credential_expires_at = credential.expires_time.into();
        } else {
            state.set_credential(Value::Null, Value::Null);
            state.environment = Value::Null;
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
        let mut state = planned.clone();
        state.connector = prior.connector.clone();
        if planned.credential_id.is_unknown() {
            issue_credential(&session, operation, &mut state).await?;
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
        if let Some(credential_id) = state.credential_id.known() {
            let (app_id, id) = state.connector.ids();
            session
                .api()
                .revoke_credential(app_id, id, credential_id)
                .await?;
        }
        session.delete(&state.connector).await
    }

    fn import(&self, id: &str) -> Result<Model, Diagnostics> {
        Ok(Model {
            connector: connector::import(id)?,
            ..Model::default()
        })
    }
}
