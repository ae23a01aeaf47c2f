//! The versions of the Confluence Cloud connector.

use crate::provider::connector::{CONFLUENCE, CONFLUENCE_V2, CatalogEntry};

/// The values of `connector_version` and their catalog entries.
const VERSIONS: [(i64, CatalogEntry); 2] = [(1, CONFLUENCE), (2, CONFLUENCE_V2)];

/// Returns the version and the catalog entry with this ID. `None` for other connectors.
pub(super) fn find_version(catalog_id: &str) -> Option<(i64, CatalogEntry)> {
    VERSIONS
        .into_iter()
        .find(|(_, entry)| entry.id == catalog_id)
}
