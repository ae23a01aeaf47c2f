//! The entries of ConductorOne's connector catalog that this provider uses. The API cannot list the catalog.

/// An entry of the connector catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CatalogEntry {
    /// Its ID, which is the same for every tenant.
    pub(crate) id: &'static str,
    /// What a connector of this entry is called until somebody names it.
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
