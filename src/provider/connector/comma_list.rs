//! Lists as a text with commas. ConductorOne and the environment of a connector have this format.

use crate::terraform::value::Set;

/// Parses a list.
pub(super) fn split(list: &str) -> Set<String> {
    list.split(',').map(|item| item.trim().to_owned()).collect()
}

/// Returns the known elements of a list as a text.
pub(super) fn join(set: &Set<String>) -> String {
    set.known()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(",")
}
