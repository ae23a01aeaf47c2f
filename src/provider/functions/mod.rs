//! Provider-defined functions. Each one has its own file or folder.

mod kubernetes_manifests;
mod site_domain;

pub(super) use kubernetes_manifests::KubernetesManifests;
pub(super) use site_domain::SiteDomain;
