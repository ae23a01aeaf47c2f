//! The connectors that users can run themselves.

/// A connector, and the defaults of its manifests.
pub(super) struct Product {
    /// The name of the product in messages.
    pub(super) title: &'static str,
    /// Default name of the Deployment, its container and its host ID.
    pub(super) name: &'static str,
    /// Value of the label `baton-app` of the pods.
    pub(super) app: &'static str,
    /// The published image.
    pub(super) image: &'static str,
    /// The variable for the URL of Confluence.
    pub(super) address: &'static str,
    /// An example of that URL for messages.
    pub(super) example: &'static str,
    /// The other variables that only this connector has.
    pub(super) others: &'static [&'static str],
}

/// `baton-confluence-datacenter`.
pub(super) const DATA_CENTER: Product = Product {
    title: "Confluence Data Center",
    name: "baton-confluence-datacenter",
    app: "confluence-datacenter",
    image: "public.ecr.aws/conductorone/baton-confluence-datacenter:latest",
    address: "BATON_HOSTNAME",
    example: "https://confluence.corp.acme.com",
    others: &["BATON_ACCESS_TOKEN", "BATON_PASSWORD"],
};

/// `baton-confluence`.
pub(super) const CLOUD: Product = Product {
    title: "Confluence Cloud",
    name: "baton-confluence",
    app: "confluence",
    image: "public.ecr.aws/conductorone/baton-confluence:latest",
    address: "BATON_DOMAIN_URL",
    example: "https://acme.atlassian.net",
    others: &[
        "BATON_API_KEY",
        "BATON_SKIP_PERSONAL_SPACES",
        "BATON_NOUN",
        "BATON_VERB",
        "BATON_USE_RBAC",
    ],
};

impl Product {
    /// Returns the first of these variables that only this connector has.
    pub(super) fn variable_of_its_own<'a>(
        &self,
        mut names: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        names.find(|name| *name == self.address || self.others.contains(name))
    }
}
