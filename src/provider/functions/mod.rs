//! Provider-defined functions, one file or folder each.

mod kubernetes_manifests;
mod site_domain;

pub(super) use kubernetes_manifests::KubernetesManifests;
pub(super) use site_domain::SiteDomain;
