//! `confluence_integration`: Confluence Cloud, hosted by ConductorOne.

use crate::conductorone::{ConfigValue, Connector, ConnectorConfig};
use crate::provider::client::ConductorOne;
use crate::provider::connector::{
    self, CONFLUENCE, CONFLUENCE_V2, CatalogEntry, ConnectorAttributes, Session,
};
use crate::provider::site::Site;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::Behaviour::{Computed, ForcesReplacement, Optional};
use crate::terraform::value::{Secret, Value, model};

/// The resource `confluence_integration`.
#[derive(Debug)]
pub(crate) struct ConfluenceIntegration;

model! {
    /// A connector that reads users, groups and permissions from Confluence Cloud, hosted by ConductorOne.
    ///
    /// With `site_domain` and `username` the connector is created with its settings and starts to sync. Without any
    /// settings, ConductorOne asks the owners by mail to enter them, and Terraform leaves them alone from then on.
    pub(crate) struct Model {
        ..connector: ConnectorAttributes,
        /// Which Confluence connector: `2` is the current one; `1` is the first one, for existing installations only.
        /// Changing it creates a new connector. Default for a new connector: `2`.
        #[schemars(
            extend("x-terraform" = [Optional, Computed, ForcesReplacement], "default" = 2),
            range(min = 1, max = 2)
        )]
        connector_version: i64,
        /// Confluence Cloud site: `acme`, `acme.atlassian.net` and `https://acme.atlassian.net/wiki` mean the same. A
        /// custom domain is used as it is. Goes together with `username`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "confluence-site"))]
        site_domain: String,
        /// Email address of the Atlassian account that the connector signs in as, such as `svc-c1@acme.com`. Goes
        /// together with `site_domain`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "email"))]
        username: String,
        /// API token of that account, from the security page of its Atlassian profile. Needed to create a connector with
        /// settings and to change any of them. It is stored in the state.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        api_key: Secret,
        /// Whether personal spaces and their permissions are left out. Version 2 only. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        skip_personal_spaces: bool,
    }
}

/// A version of the connector: its catalog entry, and the keys under which that stores the settings.
struct Version {
    number: i64,
    entry: CatalogEntry,
    site: &'static str,
    username: &'static str,
    api_key: &'static str,
    skip_personal_spaces: Option<&'static str>,
}

const V1: Version = Version {
    number: 1,
    entry: CONFLUENCE,
    site: "confluence_domain",
    username: "confluence_username",
    api_key: "confluence_apikey",
    skip_personal_spaces: None,
};

const V2: Version = Version {
    number: 2,
    entry: CONFLUENCE_V2,
    site: "domain-url",
    username: "username",
    api_key: "api-key",
    skip_personal_spaces: Some("skip-personal-spaces"),
};

impl Version {
    fn of_catalog_entry(id: &str) -> Option<&'static Self> {
        [&V1, &V2]
            .into_iter()
            .find(|version| version.entry.id == id)
    }

    /// The site as this version stores it: the first one knows sites of `atlassian.net` only.
    fn site_value(&self, site: &Site) -> Option<String> {
        match self.number {
            1 => site.subdomain().map(str::to_owned),
            _ => Some(site.url()),
        }
    }
}

impl Model {
    fn version(&self) -> &'static Version {
        if self.connector_version == Value::Known(1) {
            &V1
        } else {
            &V2
        }
    }

    fn site(&self) -> Option<Site> {
        self.site_domain.known()?.parse().ok()
    }

    /// Whether Terraform manages the connector's settings.
    fn has_settings(&self) -> bool {
        !self.site_domain.is_null() && !self.username.is_null()
    }

    /// Whether a setting that ConductorOne stores differs between two states of a connector.
    fn differs_in_settings(&self, prior: &Self) -> bool {
        let new_key = !self.api_key.is_null() && self.api_key != prior.api_key;
        self.has_settings()
            && (self.site_domain != prior.site_domain
                || self.username != prior.username
                || self.skips_personal_spaces() != prior.skips_personal_spaces()
                || new_key)
    }

    /// Unset means no, which is also the connector's own default.
    fn skips_personal_spaces(&self) -> Value<bool> {
        match self.skip_personal_spaces {
            Value::Null => Value::Known(false),
            other => other,
        }
    }

    /// The complete configuration: what `stored` holds beside the settings of this resource is kept. `None` without
    /// settings.
    fn config(&self, stored: ConnectorConfig) -> Result<Option<ConnectorConfig>, Diagnostics> {
        let version = self.version();
        let (Some(site), Some(username)) = (self.site(), self.username.known()) else {
            return Ok(None);
        };
        let site = version.site_value(&site).ok_or_else(custom_domain)?;
        let key = self.api_key.known().ok_or_else(missing_api_key)?;
        let ConnectorConfig(mut config) = stored;
        config.insert(version.site.to_owned(), ConfigValue::Plain(site));
        config.insert(
            version.username.to_owned(),
            ConfigValue::Plain(username.clone()),
        );
        config.insert(
            version.api_key.to_owned(),
            ConfigValue::Secret(key.clone().into()),
        );
        if let Some(skip) = version.skip_personal_spaces {
            let skips = self.skips_personal_spaces() == Value::Known(true);
            config.insert(skip.to_owned(), ConfigValue::Plain(skips.to_string()));
        }
        Ok(Some(ConnectorConfig(config)))
    }

    /// Takes over the settings that ConductorOne stores, except the key, which it never shows.
    fn observe_settings(&mut self, config: &ConnectorConfig, imported: bool) {
        let version = self.version();
        let text = |key| {
            Value::from(
                config
                    .plain(key)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned),
            )
        };
        if self.has_settings() || imported {
            self.site_domain = text(version.site);
            self.username = text(version.username);
        }
        let skips = version
            .skip_personal_spaces
            .and_then(|key| config.plain(key))
            .is_some_and(is_true);
        self.skip_personal_spaces = match self.skip_personal_spaces {
            Value::Null if imported && skips => Value::Known(true),
            Value::Null => Value::Null,
            _ => Value::Known(skips),
        };
    }
}

/// As the connector reads booleans, which is as Go does.
fn is_true(text: &str) -> bool {
    ["1", "t", "T", "true", "TRUE", "True"].contains(&text)
}

fn missing_api_key() -> Diagnostic {
    Diagnostic::error(
        "Missing API key",
        "ConductorOne never shows the API key that it stores, and a change of settings always sends all of them. Set \
         api_key to an API token of the account in username.",
    )
    .on("api_key")
}

fn custom_domain() -> Diagnostic {
    Diagnostic::error(
        "Invalid site_domain",
        "Version 1 of the connector reaches sites of atlassian.net only, such as acme.atlassian.net. Use such a site, or \
         connector_version = 2.",
    )
    .on("site_domain")
}

fn settings_kept() -> Diagnostic {
    Diagnostic::warning(
        "Settings are kept in ConductorOne",
        "site_domain and username are no longer configured. The connector goes on with the settings that ConductorOne \
         stores, and Terraform leaves them alone from now on. To stop it, delete the resource instead.",
    )
    .on("site_domain")
}

fn outdated_version() -> Diagnostic {
    Diagnostic::warning(
        "Outdated connector version",
        "Version 1 is meant for existing installations, and ConductorOne may refuse to create it. Use version 2, the \
         default, for new connectors.",
    )
    .on("connector_version")
}

fn not_confluence(found: &Connector) -> Diagnostic {
    Diagnostic::error(
        "Not a Confluence Cloud connector",
        format!(
            "The connector {} ({:?}) was made from the catalog entry {}, which is not Confluence Cloud. Check the ID; a \
             self-hosted connector is a confluence_datacenter_integration.",
            found.id, found.display_name, found.catalog_id,
        ),
    )
}

/// An error on `name` where it is set without `other`.
fn needs<T, U>(
    name: &str,
    value: &Value<T>,
    other: &str,
    other_value: &Value<U>,
    example: &str,
) -> Option<Diagnostic> {
    let alone = !value.is_null() && other_value.is_null();
    alone.then(|| {
        let detail = format!("{name} needs {other} beside it. Set {other}, for example to {example:?}, or remove {name}.");
        Diagnostic::error(format!("Missing {other}"), detail).on(name)
    })
}

impl Model {
    /// What is wrong between attributes of a configuration.
    fn mistakes(&self) -> impl Iterator<Item = Diagnostic> {
        let (site, username) = (
            ("site_domain", &self.site_domain),
            ("username", &self.username),
        );
        let both = if self.site_domain.is_null() {
            &self.site_domain
        } else {
            &self.username
        };
        let first = self.connector_version == Value::Known(1);
        let custom = first && self.site().is_some_and(|site| site.subdomain().is_none());
        [
            needs(site.0, site.1, username.0, username.1, "svc-c1@acme.com"),
            needs(username.0, username.1, site.0, site.1, "acme"),
            needs(
                "api_key",
                &self.api_key,
                "site_domain and username",
                both,
                "acme",
            ),
            needs(
                "skip_personal_spaces",
                &self.skip_personal_spaces,
                "site_domain and username",
                both,
                "acme",
            ),
            (first && !self.skip_personal_spaces.is_null()).then(spaces_in_version_1),
            custom.then(custom_domain),
        ]
        .into_iter()
        .flatten()
    }
}

fn spaces_in_version_1() -> Diagnostic {
    Diagnostic::error(
        "Invalid skip_personal_spaces",
        "Version 1 of the connector knows no spaces. Remove skip_personal_spaces, or use connector_version = 2.",
    )
    .on("skip_personal_spaces")
}

impl Resource for ConfluenceIntegration {
    type Model = Model;
    type Client = ConductorOne;

    const TYPE_NAME: &'static str = "confluence_integration";

    fn validate(&self, config: &Model, diagnostics: &mut Diagnostics) {
        config
            .mistakes()
            .for_each(|mistake| diagnostics.push(mistake));
    }

    fn plan(&self, plan: &mut Plan<Model>) {
        let planned = &mut plan.planned;
        if planned.connector.catalog_id.is_unknown() && !planned.connector_version.is_unknown() {
            planned.connector.catalog_id = Value::Known(planned.version().entry.id.to_owned());
        }
        let planned = &plan.planned;
        let (needs_key, removed, first_version) = match &plan.prior {
            None => (planned.has_settings(), false, planned.version().number == 1),
            Some(prior) => {
                let removed = prior.has_settings() && !planned.has_settings();
                (planned.differs_in_settings(prior), removed, false)
            }
        };
        if needs_key && planned.api_key.is_null() {
            plan.diagnostics.push(missing_api_key());
        }
        if removed {
            plan.diagnostics.push(settings_kept());
        }
        if first_version {
            plan.diagnostics.push(outdated_version());
        }
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::writing(operation);
        let config = planned.config(ConnectorConfig::default())?;
        let entry = planned.version().entry;
        let created = session
            .create(Self::TYPE_NAME, entry, &planned.connector, config)
            .await?;
        let mut state = planned.clone();
        state.connector.observe(&created);
        operation.save(state.clone());
        session
            .rename(&mut state.connector, &planned.connector)
            .await?;
        operation.save(state.clone());
        session
            .await_owners(&mut state.connector, &created, &planned.connector)
            .await?;
        Ok(state)
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<Option<Model>, Diagnostics> {
        let session = Session::reading(operation);
        let Some((found, connector)) = session.read(operation, &state.connector).await? else {
            return Ok(None);
        };
        let version =
            Version::of_catalog_entry(&found.catalog_id).ok_or_else(|| not_confluence(&found))?;
        let mut state = state.clone();
        state.connector = connector;
        state.connector_version = Value::Known(version.number);
        state.observe_settings(&found.config, operation.imported());
        Ok(Some(state))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Model,
        planned: &Model,
    ) -> Result<Model, Diagnostics> {
        let session = Session::writing(operation);
        if planned.differs_in_settings(prior) {
            let (app_id, id) = prior.connector.ids();
            let stored = session.existing(&prior.connector).await?;
            if let Some(config) = planned.config(stored.config)? {
                session
                    .api()
                    .update_connector_config(app_id, id, &config)
                    .await?;
            }
        }
        let mut state = planned.clone();
        state.connector = prior.connector.clone();
        operation.save(state.clone());
        session
            .rename(&mut state.connector, &planned.connector)
            .await?;
        operation.save(state.clone());
        session
            .replace_owners(&mut state.connector, &planned.connector)
            .await?;
        Ok(state)
    }

    async fn delete(
        &self,
        operation: &mut Operation<Self>,
        state: &Model,
    ) -> Result<(), Diagnostics> {
        Session::reading(operation).delete(&state.connector).await
    }

    fn import(&self, id: &str) -> Result<Model, Diagnostics> {
        Ok(Model {
            connector: connector::import(id)?,
            ..Model::default()
        })
    }
}
