//! The connectors that users run themselves.

/// How the manifests of a connector are called, unless the options say otherwise.
pub(super) struct Product {
    /// For users.
    pub(super) title: &'static str,
    /// Name of the Deployment, its container and its host ID.
    pub(super) name: &'static str,
    /// Value of the pods' label `baton-app`.
    pub(super) app: &'static str,
    /// The published image.
    pub(super) image: &'static str,
    /// The variable that holds the address of Confluence.
    pub(super) address: &'static str,
    /// An address, for users.
    pub(super) example: &'static str,
    /// The other variables that only this connector knows.
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
    /// The first of these variables that only this connector knows.
    pub(super) fn recognise<'a>(
        &self,
        mut names: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        names.find(|name| *name == self.address || self.others.contains(name))
    }
}
