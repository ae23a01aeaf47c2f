//! How messages show values.

/// Returns the command that imports an object.
pub(crate) fn import_command(type_name: &str, id: &str) -> String {
    format!("terraform import {type_name}.NAME {}", quoted(id))
}

/// Quotes a text as one argument of a command for POSIX shells. IDs may contain any character.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The maximum number of objects in a message.
pub(crate) const MAX_LISTED: usize = 10;

/// Lists candidates, one per line.
pub(crate) fn list(candidates: impl Iterator<Item = String>) -> String {
    list_with_prefix("- ", candidates)
}

/// Lists commands or other lines, which users can copy.
pub(crate) fn list_commands(commands: impl Iterator<Item = String>) -> String {
    list_with_prefix("  ", commands)
}

fn list_with_prefix(prefix: &str, mut items: impl Iterator<Item = String>) -> String {
    let first = items.by_ref().take(MAX_LISTED);
    let mut lines: Vec<_> = first.map(|item| format!("{prefix}{item}")).collect();
    let more = items.count();
    if more > 0 {
        lines.push(format!("{prefix}and {more} more"));
    }
    lines.join("\n")
}

/// The maximum number of characters of a name in a list.
const MAX_NAME_LENGTH: usize = 500;

/// Shortens a name for a list. It stays in memory until Terraform has received it.
pub(crate) fn shorten_name(name: &str) -> String {
    name.chars().take(MAX_NAME_LENGTH).collect()
}
