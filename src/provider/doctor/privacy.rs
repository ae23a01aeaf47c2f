//! What the output must not contain.
//!
//! No check puts a secret, a name or an email address into its texts. This module is the second line of defense: it
//! withholds the values of variables that are private, and everything that looks like an email address.

use std::ffi::OsString;

use crate::provider::config;

/// The replacement for a private text.
const WITHHELD: &str = "(withheld)";

/// The variables with values that the output shows. A proxy is shown without its user name and password.
const PUBLIC: [&str; 8] = [
    "CONDUCTORONE_TENANT_DOMAIN",
    "CONDUCTORONE_SERVER_URL",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];
/// The variable with a list of folders.
const FOLDERS: &str = "SSL_CERT_DIR";

/// Shorter values would appear in other words.
const MIN_LENGTH: usize = 4;

/// The longest name that [`shown_name`] shows.
const MAX_NAME: usize = 64;

/// The private texts of this run.
#[derive(Debug)]
pub(super) struct Privacy {
    values: Vec<String>,
}

impl Privacy {
    pub(super) fn new(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let private = config::connection_variables().filter(|name| !PUBLIC.contains(name));
        let texts = private.filter_map(&variable).map(|value| {
            let text = value.to_string_lossy();
            text.trim().to_owned()
        });
        let folders = variable(FOLDERS).unwrap_or_default();
        let folders = std::env::split_paths(&folders).map(|folder| folder.display().to_string());
        let texts = texts.chain(folders);
        let mut values: Vec<_> = texts.filter(|text| text.len() >= MIN_LENGTH).collect();
        // A value that contains another one goes first.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// Returns a text without private values and without words that look like an email address.
    pub(super) fn protect(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in &self.values {
            text = text.replace(value, WITHHELD);
        }
        let words = text
            .split(' ')
            .map(|word| if word.contains('@') { WITHHELD } else { word });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Returns a technical name of ConductorOne, such as a key or a slug, if it has the form of one. Any other text may be about a
/// person.
pub(super) fn shown_name(name: &str) -> &str {
    let is_technical = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    let is_short = (1..=MAX_NAME).contains(&name.len());
    if is_short && name.chars().all(is_technical) {
        name
    } else {
        WITHHELD
    }
}

#[cfg(test)]
mod tests {
    use super::{Privacy, shown_name};

    #[test]
    fn private_values_and_addresses_are_withheld() {
        let variable = |name: &str| {
            let value = match name {
                "CONDUCTORONE_CLIENT_SECRET" => " hunter2 ",
                "CONDUCTORONE_SERVER_URL" => "https://acme.example",
                "SSL_CERT_DIR" => "/home/alice:/home/alice/certs",
                _ => return None,
            };
            Some(value.into())
        };
        let privacy = Privacy::new(variable);
        for (text, shown) in [
            ("a hunter2.", "a (withheld)."),
            ("at https://acme.example", "at https://acme.example"),
            ("in /home/alice/certs", "in (withheld)"),
            ("by <bob@acme.example>, ok", "by (withheld) ok"),
        ] {
            assert_eq!(privacy.protect(text), shown);
        }
    }

    #[test]
    fn only_technical_names_are_shown() {
        let long = "a".repeat(65);
        for name in ["owner", "domain-url", "system:owner"] {
            assert_eq!(shown_name(name), name);
        }
        for name in ["", "Alice Adams", "a@b", "é", &long] {
            assert_eq!(shown_name(name), "(withheld)");
        }
    }
}
