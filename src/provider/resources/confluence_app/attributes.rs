//! An app between Terraform's state and ConductorOne.

use serde::{Deserialize, Serialize};

use crate::conductorone::{App, DiscoveredApp};
use crate::provider::app::{self, Annotations, Session};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::{Model, UnmanagedApp};

/// What is kept beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The annotations that ConductorOne has where the provider adds its own. Somebody who edits the app in the web
    /// interface removes them, and the next change of the app writes them again.
    stamps: Annotations,
}

impl Kept {
    pub(super) fn of(app: &App) -> Self {
        Self {
            stamps: app::stamped(app),
        }
    }
}

impl UnmanagedApp {
    pub(super) fn discovered(&self) -> DiscoveredApp {
        let text = |id: &Value<String>| id.known().cloned().unwrap_or_default();
        DiscoveredApp {
            app_id: text(&self.app_id),
            resource_type_id: text(&self.resource_type_id),
            resource_id: text(&self.resource_id),
        }
    }
}

impl Model {
    /// The app's ID, as the API wants it. A missing one is refused there.
    pub(super) fn id(&self) -> &str {
        self.id.known().map_or("", String::as_str)
    }

    pub(super) fn annotations(&self) -> Annotations {
        let entries = self.annotations.known().into_iter().flatten();
        let known =
            |(key, value): (&String, &Value<String>)| Some((key.clone(), value.known()?.clone()));
        entries.filter_map(known).collect()
    }

    pub(super) fn owner_ids(&self) -> Option<Vec<String>> {
        Some(self.owner_ids.known()?.known().cloned().collect())
    }

    /// Takes over what ConductorOne says about the app, but for its annotations.
    pub(super) fn observe(&mut self, app: &App) {
        self.id = Value::Known(app.id.clone());
        self.display_name = Value::Known(app.display_name.clone());
        self.description = Value::Known(app.description.clone());
        self.created_at = app.created_at.clone().into();
    }

    pub(super) fn observe_owners(&mut self, owners: Vec<String>) {
        self.owner_ids = Value::Known(owners.into_iter().collect());
    }

    /// Takes over the annotations that concern the user.
    pub(super) fn observe_annotations(&mut self, app: &App, imported: bool) {
        let before = (!self.annotations.is_null()).then(|| self.annotations());
        let found = app::observed(app, before.as_ref(), imported);
        if before.is_some() || !found.is_empty() {
            let known = |(key, value)| (key, Value::Known(value));
            self.annotations = Value::Known(found.into_iter().map(known).collect());
        }
    }

    /// The app as the state and what is kept beside it know it.
    pub(super) fn remembered(&self, kept: &Kept) -> App {
        let mut annotations = kept.stamps.clone();
        annotations.extend(self.annotations());
        let text = |value: &Value<String>| value.known().cloned().unwrap_or_default();
        App {
            id: text(&self.id),
            display_name: text(&self.display_name),
            description: text(&self.description),
            annotations,
            ..App::default()
        }
    }

    /// Gives `app` the name, the description and the annotations of `wanted`, where they differ.
    pub(super) async fn rewrite(
        &mut self,
        session: &Session,
        app: &App,
        wanted: &Self,
        kept: &mut Kept,
    ) -> Result<(), Diagnostics> {
        let annotations = (session.stamps()).changes(&self.annotations(), &wanted.annotations());
        let (name, description) = (wanted.display_name.known(), wanted.description.known());
        let changed = session.change(app, name, description, annotations);
        if let Some(app) = changed.await? {
            self.observe(&app);
            *kept = Kept::of(&app);
        }
        self.annotations.clone_from(&wanted.annotations);
        Ok(())
    }
}
