//! Checks of a login to Confluence, before a connector gets the login.

mod attributes;
mod checks;
mod diagnose;
pub(super) mod messages;

pub(super) use attributes::LoginAttributes;
pub(super) use checks::LoginChecks;
