//! Everything that any request needs: the tenant's host, credentials and access tokens, retries, limits, the log, and
//! errors.

mod admission;
mod call;
mod call_context;
mod cause;
mod certificates;
mod client;
mod clock;
mod congestion;
mod connection_limit;
mod credentials;
mod dns;
mod error;
mod exchange;
mod grant;
mod host;
mod json_fields;
mod log;
mod notices;
mod oidc;
mod pages;
mod path;
mod peer_text;
mod plain_client;
mod pool;
mod probe;
mod proxy;
mod redact;
mod request;
mod response_body;
mod retry;
mod server_certificate;
mod server_message;
mod settings;
mod tasks;
mod token;
mod transport;
mod update_mask;

#[cfg(test)]
mod tests;

pub use call_context::{Purpose, TimeLimit};
pub use cause::{Cause, ProxyFault};
pub use certificates::{UnusableCertificates, check_certificates};
pub use client::Client;
pub use credentials::{ClientSecret, Credentials, InvalidClientSecret};
pub use error::{CallError, DeadlineError, Error};
pub use host::{BaseUrl, HostError, is_loopback};
pub use notices::Notice;
pub use pages::Count;
pub use path::InvalidId;
pub use peer_text::PeerText;
pub use probe::{find_addresses, greet, open_connection, presented_certificate};
pub use proxy::{InvalidProxy, Proxy, is_exempt};
pub use redact::remember as remember_secret;
pub use server_certificate::ServerCertificate;
pub use server_message::ServerMessage;
pub use settings::ClientSettings;
pub use token::IssuedToken;

pub(crate) use plain_client::{PlainClient, PlainResponse};

pub(super) use error::{none_if_not_found, none_if_unavailable};
pub(super) use json_fields::{ids, none_if_empty, or_default, secret};
pub(super) use pages::{MAX_LIST_BYTES, MAX_PART_BYTES, Position};
pub(super) use path::{ApiPath, is_id};
pub(super) use redact::scrubbed;
pub(super) use request::{Effect, Request};
pub(super) use response_body::too_much;
pub(super) use tasks::join;
pub(super) use update_mask::fields_and_mask;
