//! The client for the ConductorOne API.
//!
//! `http` has everything that any request needs: the host, credentials, access tokens, retries, limits, the log and
//! errors. `api` has one file for each area of the API. `api` uses `http`, never the other way around.
//!
//! All requests go through `http::exchange`. One table ([`Cause`]) decides which failures are retried, and each
//! request states its effect, which decides whether a retry is safe. Each failure is an [`Error`] that tells whether a
//! write may have happened.
//!
//! Endpoints are written as in the public API description, `GET /api/v1/apps/{app_id}/connectors/{id}`. IDs become
//! part of a path only through `http::path`, which rejects IDs that would address another object.

mod api;
mod http;

#[cfg(test)]
pub(crate) mod test_support;

pub use api::*;
pub use http::{
    BaseUrl, CallError, Cause, Client, ClientSecret, ClientSettings, Count, Credentials,
    DeadlineError, Error, HostError, InvalidClientSecret, InvalidId, InvalidProxy, IssuedToken,
    Notice, PeerText, Proxy, ProxyFault, Purpose, ServerCertificate, ServerMessage, TimeLimit,
    UnusableCertificates, check_certificates, find_addresses, greet, is_exempt, is_loopback,
    open_connection, presented_certificate, remember_secret,
};
pub(crate) use http::{PlainClient, PlainResponse};
