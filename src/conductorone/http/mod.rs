//! How any request is made: the tenant's host, credentials and access tokens, the transport, and errors.

mod assertion;
mod bounds;
mod call;
mod cause;
mod certificates;
mod client;
mod clock;
mod connections;
mod credentials;
mod decode;
mod dns;
mod error;
mod exchange;
mod host;
mod json_fields;
mod log;
mod notices;
mod oidc;
mod pages;
mod path;
mod peer_text;
mod pool;
mod proxy;
mod redact;
mod request;
mod retry;
mod server_message;
mod settings;
mod tasks;
mod token;
mod transport;
mod update_mask;

#[cfg(test)]
mod tests;

pub use bounds::{Limit, Purpose};
pub use cause::{Cause, ProxyFault};
pub use certificates::{UnusableCertificates, check_certificates};
pub use client::Client;
pub use credentials::{ClientSecret, Credentials, InvalidClientSecret};
pub use error::{CallError, Error, Overrun};
pub use host::{BaseUrl, HostError};
pub use notices::Notice;
pub use path::InvalidId;
pub use peer_text::PeerText;
pub use proxy::{InvalidProxy, Proxy, is_exempt};
pub use redact::remember as remember_secret;
pub use server_message::ServerMessage;
pub use settings::Settings;

pub(super) use decode::too_much;
pub(super) use error::{existing, offered};
pub(super) use json_fields::{ids, or_default, secret, unless_empty};
pub(super) use pages::{LARGEST_LIST, LARGEST_PART};
pub(super) use path::{ApiPath, is_id};
pub(super) use redact::scrubbed;
pub(super) use request::{Effect, Request};
pub(super) use tasks::join;
pub(super) use update_mask::masked;
