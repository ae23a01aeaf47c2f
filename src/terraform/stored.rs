//! State that something else has stored: an older release of this provider, or another resource type.

use serde_json::{Map, Value as Json};

/// Takes the attributes of a stored state one version further.
pub type Upgrade = fn(Attributes) -> Attributes;

/// The attributes of a stored state, by name.
pub type Attributes = Map<String, Json>;

/// How a resource of another type becomes one of this, for `moved` blocks.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// The provider it belongs to, `namespace/type`. Mirrors and forks have another host or namespace, so only the type
    /// has to agree.
    pub provider: &'static str,
    /// The type it has there.
    pub type_name: &'static str,
    /// Names of attributes there and here. All others are left to the next refresh.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Whole numbers that its type tells: attributes here and their values.
    pub implied: &'static [(&'static str, i64)],
}

impl Move {
    /// Whether it is meant for a resource of this type. The address is `host/namespace/type`, or less of it: OpenTofu
    /// 1.11.0 to 1.11.11 and 1.12.0 to 1.12.3 send the type alone.
    pub(super) fn fits(&self, provider_address: &str, type_name: &str) -> bool {
        provider_type(provider_address) == provider_type(self.provider)
            && type_name == self.type_name
    }

    /// The attributes as they are called here.
    pub(super) fn rename(&self, mut theirs: Attributes) -> Attributes {
        let carried = self
            .attributes
            .iter()
            .filter_map(|(there, here)| Some(((*here).to_owned(), theirs.remove(*there)?)));
        let implied = self
            .implied
            .iter()
            .map(|(here, value)| ((*here).to_owned(), Json::from(*value)));
        carried.chain(implied).collect()
    }
}

/// The last part of a provider's address.
fn provider_type(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

/// Applies the upgrades that a state of `version` has not had.
pub(super) fn upgraded(upgrades: &[Upgrade], version: i64, stored: Attributes) -> Attributes {
    let missing =
        usize::try_from(version).map_or(&[][..], |done| upgrades.get(done..).unwrap_or_default());
    missing
        .iter()
        .fold(stored, |stored, upgrade| upgrade(stored))
}
