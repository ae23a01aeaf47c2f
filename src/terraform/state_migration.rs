//! State upgraders and state movers, which convert state of older releases and of other resource types.

use serde_json::{Map, Value as Json};

/// Upgrades the attributes of a stored state by one version.
pub type StateUpgrader = fn(StoredAttributes) -> StoredAttributes;

/// The attributes of a stored state, by name.
pub type StoredAttributes = Map<String, Json>;

/// Converts the state of another resource type, for `moved` blocks.
#[derive(Debug, Clone, Copy)]
pub struct StateMover {
    /// The provider of the other type, as `namespace/type`. Only the type has to match, because mirrors and forks have
    /// another host or namespace.
    pub provider: &'static str,
    /// The other resource type.
    pub type_name: &'static str,
    /// Pairs of attribute names, there and here. The next refresh sets all other attributes.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Whole numbers that follow from the other type: attribute names here, and values.
    pub implied: &'static [(&'static str, i64)],
}

impl StateMover {
    /// Returns whether this mover accepts a resource type of a provider.
    ///
    /// The provider address is `host/namespace/type` or a part of it: OpenTofu 1.11.0 to 1.11.11 and 1.12.0 to 1.12.3 send
    /// only the type.
    pub(super) fn accepts(&self, provider_address: &str, type_name: &str) -> bool {
        provider_type(provider_address) == provider_type(self.provider)
            && type_name == self.type_name
    }

    /// Converts the attributes of the other type.
    pub(super) fn convert(&self, mut source: StoredAttributes) -> StoredAttributes {
        let renamed = self
            .attributes
            .iter()
            .filter_map(|(there, here)| Some(((*here).to_owned(), source.remove(*there)?)));
        let implied = self
            .implied
            .iter()
            .map(|(here, value)| ((*here).to_owned(), Json::from(*value)));
        renamed.chain(implied).collect()
    }
}

/// Returns the last part of a provider address.
fn provider_type(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

/// Applies the upgraders that a state of `version` needs.
pub(super) fn upgrade(
    upgraders: &[StateUpgrader],
    version: i64,
    stored: StoredAttributes,
) -> StoredAttributes {
    let missing = usize::try_from(version).map_or(&[][..], |applied| {
        upgraders.get(applied..).unwrap_or_default()
    });
    missing
        .iter()
        .fold(stored, |stored, upgrader| upgrader(stored))
}
