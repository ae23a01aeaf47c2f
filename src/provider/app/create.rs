//! The request that creates an app, and how its result is recognized.

use std::sync::Arc;

use crate::conductorone::{App, Client, Error, NewApp};
use crate::provider::app::messages;
use crate::provider::create_once::{CreatedObject, Creation};
use crate::provider::creation_mark::{Age, CreationMark};
use crate::provider::lookups::search_by_name;
use crate::provider::message_values::import_command;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostic;

use super::annotations::{Annotations, StampedAnnotations, find_mark, has_annotations, set_mark};

impl CreatedObject for App {
    fn id(&self) -> &str {
        &self.id
    }

    fn display_name(&self) -> &str {
        &self.display_name
    }

    fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    fn mark(&self) -> Option<CreationMark> {
        find_mark(self)
    }
}

/// The creation of an app. The request gives the app the mark of this run as an annotation. The last step of the creation
/// writes the annotations without the mark. An app without the mark is never adopted.
pub(super) struct AppCreation {
    type_name: &'static str,
    mark: CreationMark,
    request: NewApp,
}

impl AppCreation {
    /// Makes the creation of an app.
    pub(super) fn new(session: &Session, type_name: &'static str, mut request: NewApp) -> Self {
        let mark = session.mark();
        let stamped = StampedAnnotations::new(&session.provider().automation);
        request.annotations = stamped.changes(&Annotations::new(), &request.annotations);
        set_mark(&mut request.annotations, &mark);
        Self {
            type_name,
            mark,
            request,
        }
    }
}

impl Creation for AppCreation {
    type Object = App;

    const NOUN: &'static str = "app";

    async fn list_existing(&self, session: &Session) -> Result<Arc<[App]>, Error> {
        let name = &self.request.display_name;
        let lookups = session.lookups();
        lookups.apps_before_creation(session.api(), name).await
    }

    async fn search(&self, api: &Client) -> Result<Vec<App>, Error> {
        search_by_name(api, &self.request.display_name).await
    }

    async fn get(&self, api: &Client, id: &str) -> Result<Option<App>, Error> {
        api.get_app(id).await
    }

    async fn send(&self, api: &Client) -> Result<App, Error> {
        api.create_app(&self.request).await
    }

    async fn delete(&self, api: &Client, id: &str) -> Result<(), Error> {
        api.delete_app(id).await
    }

    fn mark(&self) -> &CreationMark {
        &self.mark
    }

    /// The owners are not compared, because they show late.
    fn matches(&self, app: &App) -> bool {
        let request = &self.request;
        app.display_name == request.display_name
            && app.description == request.description.as_deref().unwrap_or_default()
            && has_annotations(app, &request.annotations)
    }

    fn adopts_leftovers(&self) -> bool {
        true
    }

    fn import_command(&self, app: &App) -> String {
        import_command(self.type_name, &app.id)
    }

    fn being_created(&self, app: &App, Age { created, limit }: &Age) -> Diagnostic {
        messages::being_created(&app.id, created, limit, &self.import_command(app))
    }

    fn not_created(&self, error: &Error) -> Diagnostic {
        messages::not_created(error)
    }

    fn maybe_created(&self, error: &Error) -> Diagnostic {
        messages::maybe_created(error)
    }

    fn one_of_several_created(&self, import_commands: &str, error: &Error) -> Diagnostic {
        messages::one_of_several_created(import_commands, error)
    }
}
