//! One operation on one app.

use std::sync::Arc;
use std::time::Duration;

use crate::conductorone::{App, AppUpdate, Client, DiscoveredApp, Error, NewApp};
use crate::provider::client::ConductorOne;
use crate::provider::connector::Creation;
use crate::provider::poll::until_there;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::{Annotations, Stamps, creation, leftovers, owners, promotion};

/// ConductorOne, for the time of one operation.
#[derive(Debug)]
pub(crate) struct Session {
    pub(super) conductorone: Arc<ConductorOne>,
    pub(super) api: Client,
    creation: Option<Creation>,
    /// The longest time that the operation may take.
    pub(super) longest: Option<Duration>,
}

/// How an app came to belong to a resource.
#[derive(Debug)]
pub(crate) enum Made {
    /// This operation made it.
    Anew(App),
    /// A run that was interrupted before it could save its state had created it.
    Adopted(App),
}

impl Session {
    /// For this operation: it ends when the user interrupts, or when the operation's time is over.
    pub(crate) fn of(context: &Context<ConductorOne>) -> Self {
        let conductorone = Arc::clone(context.client());
        let api = ConductorOne::api(context);
        let longest = api.time_left();
        Self {
            conductorone,
            api,
            creation: None,
            longest,
        }
    }

    /// The same for a creation.
    pub(crate) fn for_creation(context: &Context<ConductorOne>) -> Self {
        let session = Self::of(context);
        let creation = Some(session.conductorone.ledger.creation());
        Self {
            creation,
            ..session
        }
    }

    /// The same for an app that the state holds, so that no creation takes it over.
    pub(crate) fn on(context: &Context<ConductorOne>, id: &str) -> Self {
        let session = Self::of(context);
        session.conductorone.ledger.claim(id);
        session
    }

    /// Notes that an app is read for an import, so that the plan finds out whether another resource is the same app.
    pub(crate) fn note_import(&self, id: &str) {
        self.conductorone.ledger.import(id);
    }

    /// The API itself.
    pub(crate) fn api(&self) -> &Client {
        &self.api
    }

    /// Whether plans ask ConductorOne.
    pub(crate) fn plans_are_checked(&self) -> bool {
        self.conductorone.plan_checks
    }

    /// The annotations that every app gets beside the user's.
    pub(crate) fn stamps(&self) -> &Stamps {
        &self.conductorone.stamps
    }

    /// Creates an app, never twice. It is marked as unfinished until [`change`](Self::change) writes its annotations.
    pub(crate) async fn create(
        &self,
        type_name: &str,
        mut new: NewApp,
    ) -> Result<Made, Diagnostics> {
        new.annotations = self.stamps().changes(&Annotations::new(), &new.annotations);
        let made = creation::create(self, type_name, new).await?;
        let (Made::Anew(app) | Made::Adopted(app)) = &made;
        self.conductorone.lookups.know_app(app.clone());
        Ok(made)
    }

    /// Names the finished apps of this name that no resource of this run holds.
    pub(crate) async fn twins(
        &self,
        type_name: &str,
        display_name: &str,
    ) -> Result<Vec<Diagnostic>, Error> {
        leftovers::twins(self, type_name, display_name).await
    }

    /// Names the unfinished apps that nobody has taken, at the end of a creation.
    pub(crate) async fn leftovers(&self, type_name: &str) -> Option<Diagnostic> {
        // Other creations may still take what this one leaves.
        self.creation.as_ref().filter(|it| it.is_last())?;
        match leftovers::name(self, type_name).await {
            Ok(told) => told,
            Err(error) => {
                tracing::debug!(%error, "unfinished apps are not known");
                None
            }
        }
    }

    /// Promotes a discovered app and gives the ID of the app it became.
    pub(crate) async fn promote(
        &self,
        type_name: &str,
        discovered: &DiscoveredApp,
        owners: &[String],
    ) -> Result<String, Diagnostics> {
        let id = promotion::promote(self, type_name, discovered, owners).await?;
        self.conductorone.ledger.claim(&id);
        Ok(id)
    }

    /// Refuses to take `id` for the app that a discovered one became, where it is not.
    pub(crate) async fn check_promoted(
        &self,
        discovered: &DiscoveredApp,
        id: &str,
    ) -> Result<(), Diagnostics> {
        promotion::check(self, discovered, id).await
    }

    /// Waits until a new app shows, so that no refresh takes it for deleted.
    pub(crate) async fn shown(&self, id: &str) -> Result<App, Diagnostics> {
        let app = until_there(&self.api, "the app to show", || self.api.get_app(id)).await?;
        self.conductorone.lookups.know_app(app.clone());
        Ok(app)
    }

    /// Gives an app what it does not have yet; `None` where it has everything. An empty annotation is one to be deleted.
    pub(crate) async fn change(
        &self,
        app: &App,
        display_name: Option<&String>,
        description: Option<&String>,
        annotations: Annotations,
    ) -> Result<Option<App>, Diagnostics> {
        let wanted = |wanted: Option<&String>, is: &String| wanted.filter(|it| *it != is).cloned();
        let mut missing = annotations;
        missing.retain(|key, value| app.annotations.get(key).map_or("", String::as_str) != value);
        let update = AppUpdate {
            display_name: wanted(display_name, &app.display_name),
            description: wanted(description, &app.description),
            annotations: (!missing.is_empty()).then_some(missing),
        };
        if update == AppUpdate::default() {
            return Ok(None);
        }
        Ok(Some(self.api.update_app(&app.id, &update).await?))
    }

    /// Gives a new app its owners, where any are wanted; `sent` says whether it was made with them. Gives those it has.
    pub(crate) async fn first_owners(
        &self,
        id: &str,
        wanted: Option<&[String]>,
        sent: bool,
    ) -> Result<Vec<String>, Diagnostics> {
        match wanted {
            None => Ok(self.api.list_app_owners(id).await?),
            Some(wanted) if sent => owners::settle(&self.api, id, wanted).await,
            Some(wanted) => owners::replace(&self.api, id, wanted).await,
        }
    }

    /// Replaces the owners and waits until that shows.
    pub(crate) async fn replace_owners(
        &self,
        id: &str,
        wanted: &[String],
    ) -> Result<Vec<String>, Diagnostics> {
        owners::replace(&self.api, id, wanted).await
    }
}
