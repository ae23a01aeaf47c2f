//! What every connector resource shares: its common attributes, how it is created, named, owned, synced, found and deleted,
//! how it stands, and how its settings are stored.

mod attributes;
mod catalog;
mod checks;
mod creation;
mod hosted;
mod id;
mod ledger;
mod leftovers;
mod listing;
mod owners;
mod planning;
mod self_hosted;
mod session;
mod status;
mod stored;
mod sync;
mod sync_wait;
#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests;
mod twins;
mod unsaved;

pub(super) use attributes::{ConnectorAttributes, ConnectorModel};
pub(super) use catalog::{BATON, CONFLUENCE, CONFLUENCE_V2, CatalogEntry};
pub(super) use checks::{CheckSwitch, Checks};
pub(super) use hosted::{
    Attribute, Hosted, HostedAttributes, HostedModel, SecretSetting, Setting, attribute,
};
pub(super) use id::{IDENTITY, import, import_id};
pub(super) use ledger::{Creation, Double, Ledger};
pub(super) use listing::{ConnectorResource, connectors};
pub(super) use planning::{double, name_twins, plan, plan_destruction, spare_destruction};
pub(super) use self_hosted::{SelfHosted, SelfHostedAttributes, SelfHostedModel, Variable};
pub(super) use session::Session;
pub(super) use status::Status;
pub(super) use stored::{
    NOUNS, SKIP_PERSONAL_SPACES, USE_RBAC, V1, V2, VERBS, Version, joined, split,
};
pub(super) use sync::KeptSync;
pub(super) use sync_wait::StoredSettings;
pub(super) use twins::{Likeness, Site};
pub(super) use unsaved::Unsaved;
