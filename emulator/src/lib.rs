//! An in-memory ConductorOne with one tenant. It implements the part of the API that Confluence connectors require.
//! [`Emulator::start_confluence`] also starts a Confluence with the endpoints that connectors use.
//!
//! The emulator implements the API's description, not the requests of one client. It refuses unknown fields, masks and
//! settings, and checks tokens and signed assertions. [`Switches`] change its behavior where tenants differ or the
//! description is silent. [`Fault`]s make single requests fail like networks and proxies do. A journal
//! ([`JournalEntry`]) records what clients sent.
//!
//! ```no_run
//! use conductorone_emulator::{Emulator, Fault, FaultAction, Options};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let emulator = Emulator::start(Options { tls: true, ..Options::default() }).await?;
//! emulator.add_fault(Fault::nth("POST", "*/connectors/create", 1, FaultAction::DropAfter));
//! println!("{} {}", emulator.url(), emulator.app_id());
//! emulator.shut_down().await;
//! # Ok(())
//! # }
//! ```

mod assertion;
mod catalog;
mod config;
mod confluence;
mod control;
mod emulation;
mod emulator;
mod exchange;
mod faults;
mod fields;
mod input;
mod journal;
mod observer;
mod page;
mod problem;
mod random;
mod rate_limit;
mod routes;
mod secret;
mod server;
mod switches;
mod tenant;
mod time;
mod tls;

pub use assertion::token_request;
pub use catalog::{BATON, V1, V2};
pub use config::Config;
pub use confluence::{
    Confluence, ConfluenceAccount, ConfluenceOptions, ConfluenceProduct, ConfluenceRequest,
    ConfluenceSite, SpaceRoleMode,
};
pub use emulator::{Emulator, Options};
pub use faults::{Fault, FaultAction};
pub use journal::JournalEntry;
pub use observer::{Exchange, Observer};
pub use rate_limit::RateLimit;
pub use switches::{
    ConfigMode, DeletedAnswer, ListOrder, NewConnectors, OwnersApi, SecretEcho, Switches,
};
pub use tenant::{
    Owner, OwnerRow, Owners, Schedule, StoredApp, StoredConnector, StoredCredential, StoredUser,
    SyncRun,
};
pub use time::Time;
