//! An in-memory ConductorOne: one tenant that speaks the part of the API which Confluence connectors need.
//!
//! It implements the API's description rather than what one client happens to send: it refuses unknown fields, masks and
//! settings, checks tokens and signed assertions, and can be told ([`Switches`]) to behave like another tenant wherever
//! the description leaves room. [`Fault`]s make single requests fail the way networks and proxies do, and a journal
//! ([`JournalEntry`]) keeps what clients really sent.
//!
//! ```no_run
//! use conductorone_emulator::{Emulator, Fault, FaultAction, Options};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let emulator = Emulator::start(Options { tls: true, ..Options::default() }).await?;
//! emulator.add_fault(Fault::nth("POST", "*/connectors/create", 1, FaultAction::DropAfter));
//! println!("{} {}", emulator.url(), emulator.app_id());
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod assertion;
mod catalog;
mod config;
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
mod routes;
mod secret;
mod server;
mod switches;
mod tenant;
mod time;
mod tls;

pub use config::Config;
pub use emulator::{Emulator, Options};
pub use faults::{Fault, FaultAction};
pub use journal::JournalEntry;
pub use observer::{Exchange, Observer};
pub use switches::{ConfigMode, DeletedAnswer, ListOrder, OwnersApi, SecretEcho, Switches};
pub use tenant::{
    MatchBatonRef, Owner, OwnerRow, Owners, Schedule, StoredApp, StoredConnector, StoredCredential,
    StoredUser, SyncRun,
};
pub use time::Time;
