//! The entries of ConductorOne's connector catalog that this provider uses. The API cannot list the catalog.

/// An entry of the connector catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CatalogEntry {
    /// The ID, which is the same for all tenants.
    pub(crate) id: &'static str,
    /// The default name of a connector.
    pub(crate) display_name: &'static str,
}

/// The first Confluence Cloud connector.
pub(crate) const CONFLUENCE: CatalogEntry = CatalogEntry {
    id: "25tMVXNwlQbGDQ2dVFjXf9nSpMC",
    display_name: "Confluence",
};

/// The current Confluence Cloud connector.
pub(crate) const CONFLUENCE_V2: CatalogEntry = CatalogEntry {
    id: "2jbvUoyvbdzgkgdZfGR7VFhS0SU",
    display_name: "Confluence v2",
};

/// Any self-hosted connector.
pub(crate) const BATON: CatalogEntry = CatalogEntry {
    id: "2HErg7BRmNdHgX8sTCWVq4E1fyh",
    display_name: "Baton",
};

/// Returns a resource type that imports a connector of this catalog entry. The entry of self-hosted connectors does not tell
/// their product, so the resource type of another self-hosted connector can import them, too.
pub(crate) fn resource_type(catalog_id: &str) -> Option<&'static str> {
    [
        (CONFLUENCE, "confluence_integration"),
        (CONFLUENCE_V2, "confluence_integration"),
        (BATON, "confluence_datacenter_integration"),
    ]
    .into_iter()
    .find_map(|(entry, type_name)| (entry.id == catalog_id).then_some(type_name))
}
