//! The values that a field offers.

use serde::Deserialize;

/// One value that a user can choose for a field.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    value: String,
}

impl Choice {
    pub(super) fn values(choices: Vec<Self>) -> Vec<String> {
        choices.into_iter().map(|choice| choice.value).collect()
    }
}
