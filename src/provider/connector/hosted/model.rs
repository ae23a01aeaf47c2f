//! The declaration of a type of hosted connector.

use crate::provider::connector::attributes::ConnectorModel;
use crate::provider::connector::catalog::CatalogEntry;
use crate::provider::login_check::LoginAttributes;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::state_migration::StateMover;
use crate::terraform::value::{Secret, Value};

use super::attributes::HostedAttributes;
use super::setting_table::{SecretSetting, SettingRow};

/// The attributes of a type of hosted connector. They include
/// [`ConnectorAttributes`](crate::provider::connector::ConnectorAttributes), [`HostedAttributes`] and the settings.
pub(crate) trait HostedModel: ConnectorModel + AsRef<HostedAttributes> {
    /// The attributes of the settings, except the secret.
    type Settings: Send + Sync + 'static;

    /// The full type name of the resource.
    const TYPE_NAME: &'static str;
    /// The state movers from other resource types.
    const STATE_MOVERS: &'static [StateMover] = &[];
    /// The product that the connector reads, for example `Confluence Cloud`.
    const PRODUCT: &'static str;
    /// A clause for an error that names the resource for other connectors.
    const OTHER: &'static str;
    /// The table of settings. Required settings come first.
    const SETTINGS: &'static [SettingRow<Self::Settings>];
    /// The secret that is stored with the settings.
    const SECRET: SecretSetting<Self>;

    /// Returns the settings.
    fn settings(&self) -> &Self::Settings;

    /// Returns the settings for changes.
    fn settings_mut(&mut self) -> &mut Self::Settings;

    /// Returns the catalog entry of the connector.
    fn entry(&self) -> CatalogEntry;

    /// Returns whether [`entry`](Self::entry) is known. It may depend on an unknown attribute.
    fn is_entry_known(&self) -> bool {
        true
    }

    /// Updates the attributes with the catalog entry of an existing connector. Returns false if the connector is of another
    /// type.
    fn observe_entry(&mut self, id: &str) -> bool {
        self.entry().id == id
    }

    /// Validates the rules between the attributes of a configuration. Any value may be unknown.
    fn validate(&self, _diagnostics: &mut Diagnostics) {}

    /// Adds diagnostics about the creation of a connector or a change from `prior`.
    fn validate_change(&self, _prior: Option<&Self>, _diagnostics: &mut Diagnostics) {}

    /// Returns the login to Confluence with this secret and the name of its attribute. `None` if the connector signs in
    /// elsewhere.
    fn login(
        &self,
        _secret_attribute: &'static str,
        _secret: Value<Secret>,
    ) -> Option<LoginAttributes> {
        None
    }

    /// Returns the keys of all settings in a catalog entry, and whether there are no settings without each.
    fn catalog_keys(entry: CatalogEntry) -> Vec<(&'static str, bool)> {
        let settings = Self::SETTINGS.iter();
        let settings = settings.filter_map(|row| Some((row.key(entry)?, row.is_required())));
        let secret = Self::SECRET.key(entry).map(|key| (key, true));
        settings.chain(secret).collect()
    }

    /// Returns the attributes that every hosted connector has.
    fn hosted(&self) -> &HostedAttributes {
        self.as_ref()
    }
}
