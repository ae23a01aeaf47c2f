//! How ConductorOne stores the settings of Confluence Cloud connectors: the keys differ from one catalog entry to the next.

use crate::conductorone::{ConnectorConfig, parse_bool};
use crate::provider::site::Site;
use crate::terraform::value::Set;

use super::{CONFLUENCE, CONFLUENCE_V2, CatalogEntry};

/// A version of the connector: its catalog entry, and the keys under which that stores the settings that it must have.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) number: i64,
    pub(crate) entry: CatalogEntry,
    pub(crate) site: &'static str,
    pub(crate) username: &'static str,
    pub(crate) api_key: &'static str,
}

/// The first one.
pub(crate) const V1: Version = Version {
    number: 1,
    entry: CONFLUENCE,
    site: "confluence_domain",
    username: "confluence_username",
    api_key: "confluence_apikey",
};

/// The current one.
pub(crate) const V2: Version = Version {
    number: 2,
    entry: CONFLUENCE_V2,
    site: "domain-url",
    username: "username",
    api_key: "api-key",
};

/// Keys of what only version 2 stores.
pub(crate) const SKIP_PERSONAL_SPACES: &str = "skip-personal-spaces";
pub(crate) const NOUNS: &str = "noun";
pub(crate) const VERBS: &str = "verb";
pub(crate) const USE_RBAC: &str = "use-rbac";

/// The settings that ConductorOne stores, except the key, which it never shows. What it does not store is `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredSettings {
    /// In the spelling in which it is stored.
    pub(crate) site: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) skip_personal_spaces: Option<bool>,
    pub(crate) nouns: Option<Set<String>>,
    pub(crate) verbs: Option<Set<String>>,
    pub(crate) use_rbac: Option<bool>,
}

impl Version {
    pub(crate) fn of_catalog_entry(id: &str) -> Option<&'static Self> {
        [&V1, &V2]
            .into_iter()
            .find(|version| version.entry.id == id)
    }

    /// The site as this version stores it: the first one knows sites of `atlassian.net` only.
    pub(crate) fn site_value(&self, site: &Site) -> Option<String> {
        match self.number {
            1 => site.subdomain().map(str::to_owned),
            _ => Some(site.url()),
        }
    }

    /// Reads what a connector of this version stores.
    pub(crate) fn settings(&self, config: &ConnectorConfig) -> StoredSettings {
        // To ConductorOne, empty means unset.
        let text = |key| config.plain(key).filter(|text| !text.is_empty());
        StoredSettings {
            site: text(self.site).map(str::to_owned),
            username: text(self.username).map(str::to_owned),
            skip_personal_spaces: text(SKIP_PERSONAL_SPACES).and_then(parse_bool),
            nouns: text(NOUNS).map(split),
            verbs: text(VERBS).map(split),
            use_rbac: text(USE_RBAC).and_then(parse_bool),
        }
    }
}

/// Lists are stored as one text; see [`joined`].
pub(crate) fn split(list: &str) -> Set<String> {
    list.split(',').map(|item| item.trim().to_owned()).collect()
}

/// A list as ConductorOne stores it.
pub(crate) fn joined(set: &Set<String>) -> String {
    set.known()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use crate::conductorone::ConfigValue;

    use super::*;

    fn config(settings: &[(&str, &str)]) -> ConnectorConfig {
        let plain = |(key, text): &(&str, &str)| {
            ((*key).to_owned(), ConfigValue::Plain((*text).to_owned()))
        };
        settings.iter().map(plain).collect()
    }

    #[test]
    fn each_version_reads_its_own_keys() {
        let first = config(&[
            ("confluence_domain", "acme"),
            ("confluence_username", "a@b"),
        ]);
        let read = V1.settings(&first);
        assert_eq!(
            (read.site.as_deref(), read.username.as_deref()),
            (Some("acme"), Some("a@b"))
        );
        assert_eq!(V2.settings(&first), StoredSettings::default());
    }

    #[test]
    fn booleans_and_lists_are_texts_and_empty_ones_are_unset() {
        let stored = config(&[
            ("skip-personal-spaces", "T"),
            ("use-rbac", "false"),
            ("noun", "space, page"),
            ("verb", ""),
            ("username", ""),
        ]);
        let list = ["page", "space"].map(str::to_owned).into_iter().collect();
        let expected = StoredSettings {
            skip_personal_spaces: Some(true),
            use_rbac: Some(false),
            nouns: Some(list),
            ..StoredSettings::default()
        };
        assert_eq!(V2.settings(&stored), expected);
    }
}
