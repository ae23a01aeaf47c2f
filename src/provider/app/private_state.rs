//! The private state of `confluence_app`.

use serde::{Deserialize, Serialize};

use crate::conductorone::App;

use super::annotations::{Annotations, find_stamped};

/// The private state of an app.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct AppPrivateState {
    /// The current values of the annotations that the provider adds. If somebody edits the app in the web interface, ConductorOne
    /// removes them, and the next change of the app writes them again.
    #[serde(rename = "stamps")]
    pub(super) stamped: Annotations,
}

impl AppPrivateState {
    /// Records the annotations of an app.
    pub(super) fn from_app(app: &App) -> Self {
        Self {
            stamped: find_stamped(app),
        }
    }
}
