//! Everything that can go wrong, in the user's words: a function for each problem, and the list of all.
//!
//! A problem is told in one voice. The summary is a title; the cause says what happened and why, with the values at hand;
//! the remedy says what to do, with an example where that helps.

pub(super) mod api;
pub(super) mod apps;
pub(super) mod configuration;
pub(super) mod connectors;
pub(super) mod credentials;
pub(super) mod lookups;
pub(super) mod owners;
pub(super) mod settings;

use crate::terraform;
use crate::terraform::diagnostics::Diagnostic;

/// Problems that belong together.
#[derive(Debug)]
pub struct Topic {
    /// What they have in common.
    pub title: &'static str,
    /// Each with the names of its values in place of the values, such as `<app_id>`.
    pub problems: Vec<Diagnostic>,
}

/// All problems that the provider can tell a user about.
pub fn topics() -> Vec<Topic> {
    let topics = [
        ("Provider configuration", configuration::all()),
        ("ConductorOne and the network", api::all()),
        ("Connectors", connectors::all()),
        ("Settings of a connector", settings::all()),
        ("Owners and other users", owners::all()),
        ("Credentials of a self-hosted connector", credentials::all()),
        ("Apps", apps::all()),
        ("Data sources", lookups::all()),
        ("Values and Terraform", terraform::messages::all()),
    ];
    let topic = |(title, problems)| Topic { title, problems };
    topics.into_iter().map(topic).collect()
}

/// The command by which a user imports an object.
pub(super) fn import_command(type_name: &str, id: &str) -> String {
    format!("terraform import {type_name}.NAME {}", quoted(id))
}

/// Text as one argument of a command, for any POSIX shell. IDs of the configuration or of the server may hold anything.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Candidates that a message lists; more would be no help.
pub(super) const MOST_LISTED: usize = 10;

/// A list of candidates, one a line.
pub(super) fn list(candidates: impl Iterator<Item = String>) -> String {
    few("- ", candidates)
}

/// The same with commands, which can be copied without what stands before them.
pub(super) fn commands(candidates: impl Iterator<Item = String>) -> String {
    few("  ", candidates)
}

fn few(before: &str, mut candidates: impl Iterator<Item = String>) -> String {
    let first = candidates.by_ref().take(MOST_LISTED);
    let mut lines: Vec<_> = first.map(|it| format!("{before}{it}")).collect();
    let more = candidates.count();
    if more > 0 {
        lines.push(format!("{before}and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
