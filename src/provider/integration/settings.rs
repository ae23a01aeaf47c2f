//! The settings that ConductorOne stores for a Confluence Cloud connector: their attributes, and one table with a row for each.

use crate::conductorone::ConnectorConfig;
use crate::provider::connector::{
    CONFLUENCE, CONFLUENCE_V2, CatalogEntry, SettingKind, SettingRow, attribute,
};
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::model;

use super::content::ContentSettings;
use super::messages;

model! {
    /// The settings of a Confluence Cloud connector, except the API key. In the data source they are computed, and
    /// `x-data-source` is their description.
    pub(crate) struct CloudSettings {
        ..content: ContentSettings,
        /// Confluence Cloud site. `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki` are equivalent; a
        /// custom domain is used as it is. Requires `username`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "format" = "confluence-site",
            "x-data-source" = "Confluence Cloud site, such as `acme.atlassian.net`, as the function `site_domain` \
                returns it. Null if ConductorOne stores no site."
        ))]
        site_domain: String,
        /// Email address of the Atlassian account that the connector signs in as, such as `svc-c1@acme.com`. Requires
        /// `site_domain`.
        #[schemars(extend(
            "x-terraform" = [Optional],
            "format" = "email",
            "x-data-source" = "Atlassian account that the connector signs in as."
        ))]
        username: String,
    }
}

impl CloudSettings {
    /// The table of settings.
    pub(super) const TABLE: &'static [SettingRow<Self>] = &[
        SettingRow {
            keys: &[
                (CONFLUENCE, "confluence_domain"),
                (CONFLUENCE_V2, "domain-url"),
            ],
            kind: SettingKind::Required {
                attribute: attribute!(site_domain),
                example: "site_domain = \"acme\"",
                to_stored: to_stored_site,
            },
        },
        SettingRow {
            keys: &[
                (CONFLUENCE, "confluence_username"),
                (CONFLUENCE_V2, "username"),
            ],
            kind: SettingKind::Required {
                attribute: attribute!(username),
                example: "username = \"svc-c1@acme.com\"",
                to_stored: |_, username| Ok(username.to_owned()),
            },
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "skip-personal-spaces")],
            kind: SettingKind::Flag {
                attribute: attribute!(content.skip_personal_spaces),
                // The default of the catalog entry is `true`, the default of the connector is `false`.
                always_sent: true,
            },
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "noun")],
            kind: SettingKind::List(attribute!(content.nouns)),
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "verb")],
            kind: SettingKind::List(attribute!(content.verbs)),
        },
        SettingRow {
            keys: &[(CONFLUENCE_V2, "use-rbac")],
            kind: SettingKind::Flag {
                attribute: attribute!(content.use_rbac),
                always_sent: false,
            },
        },
    ];

    /// Reads the stored settings of a connector for a data source. `None` if the connector is not one of Confluence Cloud.
    pub(super) fn read(entry: Option<CatalogEntry>, config: &ConnectorConfig) -> Self {
        let mut settings = Self::default();
        if let Some(entry) = entry {
            for setting in Self::TABLE {
                setting.read(&mut settings, entry, config);
            }
        }
        settings.site_domain = settings.site_domain.map(normalize_site);
        settings
    }
}

/// Returns a site as a catalog entry stores it. Version 1 stores only sites of `atlassian.net`.
pub(super) fn to_stored_site(entry: CatalogEntry, site: &str) -> Result<String, Diagnostic> {
    let site: Option<Site> = site.parse().ok();
    let stored = site.and_then(|site| {
        if entry == CONFLUENCE {
            site.subdomain().map(str::to_owned)
        } else {
            Some(site.url())
        }
    });
    stored.ok_or_else(messages::custom_domain)
}

/// Returns the normal form of a stored site. A text that is not a site stays as it is.
fn normalize_site(stored: String) -> String {
    stored
        .parse::<Site>()
        .map_or(stored, |site| site.to_string())
}

/// A row of the table, for tests of the schema.
#[derive(Debug)]
pub struct StoredSetting {
    /// The attribute.
    pub attribute: &'static str,
    /// The type of the attribute, as Terraform encodes it in JSON.
    pub attribute_type: &'static str,
}

/// Returns the table of settings that ConductorOne stores for `confluence_integration`, except the API key.
pub fn stored_settings() -> Vec<StoredSetting> {
    let row = |setting: &SettingRow<CloudSettings>| StoredSetting {
        attribute: setting.attribute(),
        attribute_type: match setting.kind {
            SettingKind::Required { .. } => "\"string\"",
            SettingKind::Flag { .. } => "\"bool\"",
            SettingKind::List(_) => "[\"set\",\"string\"]",
        },
    };
    CloudSettings::TABLE.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use crate::conductorone::ConfigValue;
    use crate::terraform::value::Value;

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
        let read = CloudSettings::read(Some(CONFLUENCE), &first);
        let text = |text: &str| Value::Known(text.to_owned());
        assert_eq!(
            (read.site_domain, read.username),
            (text("acme.atlassian.net"), text("a@b"))
        );
        let other = CloudSettings::read(Some(CONFLUENCE_V2), &first);
        assert_eq!(other, CloudSettings::default());
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
        let content = ContentSettings {
            skip_personal_spaces: Value::Known(true),
            use_rbac: Value::Known(false),
            nouns: Value::Known(list),
            ..ContentSettings::default()
        };
        let read = CloudSettings::read(Some(CONFLUENCE_V2), &stored);
        let expected = CloudSettings {
            content,
            ..CloudSettings::default()
        };
        assert_eq!(read, expected);
    }
}
