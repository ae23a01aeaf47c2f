//! Confluence, with the endpoints that a check of a login uses.
//!
//! The check sends the requests that ConductorOne's connectors send when they validate their settings, so that it judges
//! as they do. It knows neither Terraform nor ConductorOne's API. From `conductorone`, it uses only the client for single
//! requests, which has no credentials, and the masking of secrets.

mod account;
mod check;
mod login;
mod outcome;
mod requests;
mod space_roles;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

pub(crate) use check::{Connection, check};
pub(crate) use login::{Login, Product};
pub(crate) use outcome::{NotConfluence, NotJudged, Outcome, Refusal};
