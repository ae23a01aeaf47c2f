//! Changing an app.

use crate::conductorone::{App, AppUpdate};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;

use super::annotations::StampedAnnotations;
use super::attributes::AppModel;
use super::private_state::AppPrivateState;

/// Gives `app` the planned name, description and annotations if they differ, and updates the state.
pub(super) async fn update_app(
    session: &Session,
    app: &App,
    state: &mut AppModel,
    planned: &AppModel,
    private: &mut AppPrivateState,
) -> Result<(), Diagnostics> {
    let stamped = StampedAnnotations::new(&session.provider().automation);
    // An empty value deletes an annotation.
    let mut annotations = stamped.changes(&state.annotations(), &planned.annotations());
    annotations.retain(|key, value| app.annotations.get(key).map_or("", String::as_str) != value);
    let changed = |planned: Option<&String>, current: &String| {
        planned.filter(|planned| *planned != current).cloned()
    };
    let update = AppUpdate {
        display_name: changed(planned.display_name.known(), &app.display_name),
        description: changed(planned.description.known(), &app.description),
        annotations: (!annotations.is_empty()).then_some(annotations),
    };
    if update != AppUpdate::default() {
        let updated = session.api().update_app(&app.id, &update).await?;
        state.observe(&updated);
        *private = AppPrivateState::from_app(&updated);
    }
    state.annotations.clone_from(&planned.annotations);
    Ok(())
}
