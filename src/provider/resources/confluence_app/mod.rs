//! `confluence_app`: the ConductorOne app that a connector belongs to.

mod attributes;
mod mistakes;

use std::collections::BTreeMap;

use crate::conductorone::{Connector, NewApp};
use crate::provider::app::{self, Made, Session};
use crate::provider::client::ConductorOne;
use crate::provider::connector::Checks;
use crate::provider::problems::apps as problems;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::AttributeFlag::{Computed, ForcesReplacement, Optional, Required};
use crate::terraform::timeouts::Timeouts;
use crate::terraform::value::{Set, Value, model};

use attributes::Kept;

/// The resource `confluence_app`.
#[derive(Debug)]
pub(crate) struct ConfluenceApp;

model! {
    /// A ConductorOne app, to which connectors belong: a new one, or one that an identity provider discovered and that is
    /// not managed yet.
    ///
    /// An app that exists already needs no resource: connectors name it by its ID.
    pub(crate) struct Model {
        /// ID of the app, as in the address of its page.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
        /// Name of the app in ConductorOne. Required, unless `unmanaged_app` is set: a promoted app has the name that the
        /// identity provider has for it, until this one is set.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "not-blank"))]
        display_name: String,
        /// Description of the app in ConductorOne.
        #[schemars(extend("x-terraform" = [Optional, Computed]))]
        description: String,
        /// Keys and values that programs find on the app. `managed_by` and `iac_workspace` are added to them and stay out
        /// of the plan; set here, they get these values instead. Keys that others add are left alone.
        #[schemars(extend("x-terraform" = [Optional]))]
        annotations: BTreeMap<String, Value<String>>,
        /// An app that an identity provider discovered, to be promoted to a managed one instead of creating a new app.
        /// Changing it deletes the app and makes another one.
        #[schemars(extend("x-terraform" = [Optional, ForcesReplacement]))]
        unmanaged_app: UnmanagedApp,
        /// IDs of the ConductorOne users who own the app. Without it ConductorOne chooses: whoever creates the app, or the
        /// owners of the identity provider's app.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "id", "minItems" = 1))]
        owner_ids: Set<String>,
        /// When the app was created, in RFC 3339.
        #[schemars(extend("x-terraform" = [Computed]))]
        created_at: String,
        /// How long each operation may take, with all its requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: Timeouts,
    }
}

model! {
    /// What names a discovered app.
    #[expect(clippy::struct_field_names, reason = "the API's own names")]
    pub(crate) struct UnmanagedApp {
        /// ID of the identity provider's app in ConductorOne, such as that of Okta.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        app_id: String,
        /// ID of the resource type that the identity provider has for applications, such as `application`.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        resource_type_id: String,
        /// ID of the discovered app among the resources of this type.
        #[schemars(extend("x-terraform" = [Required], "format" = "id"))]
        resource_id: String,
    }
}

impl Resource for ConfluenceApp {
    type Model = Model;
    type Client = ConductorOne;
    type Private = Kept;

    const TYPE_NAME: &'static str = "confluence_app";
    const IDENTITY: &'static [&'static str] = &["id"];

    fn validate(&self, config: &Model, diagnostics: &mut Diagnostics) {
        if config.display_name.is_null() && config.unmanaged_app.is_null() {
            diagnostics.push(problems::missing_name());
        }
        if let Some(annotations) = config.annotations.known() {
            diagnostics.extend(app::mistakes(annotations));
        }
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        if let Some(context) = &plan.context {
            let crowded = context.client().stamps.crowded(&plan.planned.annotations());
            plan.diagnostics.extend(crowded);
        }
        // An imported app does not tell what it was promoted from. The update makes sure that it was this one.
        if plan
            .prior
            .as_ref()
            .is_some_and(|prior| prior.unmanaged_app.is_null())
        {
            plan.in_place.push("unmanaged_app");
        }
        if plan.prior.is_none()
            && plan.planned.unmanaged_app.is_null()
            && let Some(name) = plan.planned.display_name.known()
            && let Some(context) = plan.context.as_ref()
            && let Some(checks) = Checks::of(Some(context))
        {
            let session = Session::of(context);
            let twins = session.twins(Self::TYPE_NAME, name);
            let twins = checks.ask(twins, &mut plan.diagnostics).await;
            plan.diagnostics.extend(twins.into_iter().flatten());
        }
    }

    async fn plan_destruction(
        &self,
        context: Option<&Context<ConductorOne>>,
        state: &Model,
    ) -> Diagnostics {
        let Some(context) = context.filter(|context| context.client().plan_checks) else {
            return Diagnostics::default();
        };
        let session = Session::of(context);
        let named = |connector: Connector| {
            Some(Connector {
                id: connector.id,
                display_name: connector.display_name,
                ..Connector::default()
            })
        };
        match session.api().find_connectors(state.id(), named).await {
            Ok(connectors) => {
                let connectors = context.client().ledger.surviving(connectors).await;
                mistakes::takes_along(state, &connectors)
                    .into_iter()
                    .collect()
            }
            Err(error) => {
                tracing::debug!(%error, "the connectors of an app to be deleted are not known");
                Diagnostics::default()
            }
        }
    }

    fn record_in_state(&self, client: &ConductorOne, state: &Model) {
        client.ledger.claim(state.id());
    }

    fn diagnose_in_state(&self, client: &ConductorOne, state: &Model) -> Option<Diagnostic> {
        mistakes::double(client, state)
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::for_creation(operation.context());
        let (mut state, sent) = make(operation, &session, planned).await?;
        if let Some(told) = session.leftovers(Self::TYPE_NAME).await {
            operation.warn(told);
        }
        operation.save(state.clone());
        operation.ready();
        let app = session.shown(state.id()).await?;
        state.observe(&app);
        operation.private = Kept::of(&app);
        operation.save(state.clone());
        let owners = planned.owner_ids();
        let owners = session.first_owners(&app.id, owners.as_deref(), sent);
        state.observe_owners(owners.await?);
        operation.save(state.clone());
        // Takes the mark of an unfinished app away, so it comes last.
        state.annotations = Value::Null;
        state
            .rewrite(&session, &app, planned, &mut operation.private)
            .await?;
        Ok(state)
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<Option<Model>, Diagnostics> {
        let session = Session::on(operation.context(), state.id());
        if operation.imported() {
            session.note_import(state.id());
        }
        // One after the other would take twice as long.
        let (found, owners) = tokio::join!(
            session.api().get_app(state.id()),
            session.api().list_app_owners(state.id()),
        );
        let Some(app) = found? else {
            return Ok(None);
        };
        let mut state = state.clone();
        state.observe(&app);
        state.observe_annotations(&app, operation.imported());
        state.observe_owners(owners?);
        operation.private = Kept::of(&app);
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Model,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::on(operation.context(), prior.id());
        if let Some(unmanaged) = planned.unmanaged_app.known()
            && prior.unmanaged_app.is_null()
        {
            session
                .check_promoted(&unmanaged.discovered(), prior.id())
                .await?;
        }
        let mut state = prior.clone();
        state.unmanaged_app.clone_from(&planned.unmanaged_app);
        state.timeouts.clone_from(&planned.timeouts);
        let app = prior.remembered(&operation.private);
        state
            .rewrite(&session, &app, planned, &mut operation.private)
            .await?;
        operation.save(state.clone());
        if let Some(owners) = planned.owner_ids()
            && planned.owner_ids != prior.owner_ids
        {
            state.observe_owners(session.replace_owners(prior.id(), &owners).await?);
        }
        Ok(state)
    }

    async fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<(), Diagnostics> {
        let session = Session::on(operation.context(), state.id());
        Ok(session.api().delete_app(state.id()).await?)
    }

    fn import(&self, id: &str) -> Result<Model, Diagnostics> {
        let is_other = |c: char| c.is_whitespace() || "/\\?#".contains(c);
        if id.is_empty() || id.contains(is_other) {
            return Err(problems::invalid_import_id(id).into());
        }
        Ok(Model {
            id: Value::Known(id.to_owned()),
            ..Model::default()
        })
    }
}

/// Creates or promotes an app, and says whether it was made with the owners that are planned.
async fn make(
    operation: &mut Operation<ConfluenceApp>,
    session: &Session,
    planned: &Model,
) -> Result<(Model, bool), Diagnostics> {
    let type_name = ConfluenceApp::TYPE_NAME;
    let mut state = planned.clone();
    let owners = planned.owner_ids().unwrap_or_default();
    if let Some(unmanaged) = planned.unmanaged_app.known() {
        let discovered = unmanaged.discovered();
        let promoted = session.promote(type_name, &discovered, &owners);
        state.id = Value::Known(promoted.await?);
        return Ok((state, true));
    }
    // Else the plan has told, which Terraform makes again while it applies.
    if let Some(name) = planned
        .display_name
        .known()
        .filter(|_| !session.plans_are_checked())
    {
        let twins = session.twins(type_name, name).await?;
        for twin in twins {
            operation.warn(twin);
        }
    }
    let new = NewApp {
        display_name: planned.display_name.known().cloned().unwrap_or_default(),
        description: planned.description.known().cloned(),
        annotations: planned.annotations(),
        owners,
    };
    let (app, sent) = match session.create(type_name, new).await? {
        Made::Anew(app) => (app, true),
        Made::Adopted(app) => {
            operation.warn(problems::taken_over(&app.id));
            (app, false)
        }
    };
    state.observe(&app);
    operation.private = Kept::of(&app);
    Ok((state, sent))
}
