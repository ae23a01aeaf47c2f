//! Provider-defined functions, one file each.

mod site_domain;

pub(super) use site_domain::SiteDomain;
