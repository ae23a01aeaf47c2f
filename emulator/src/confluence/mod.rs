//! A Confluence Cloud site or a Confluence Data Center instance, as far as connectors ask it.

mod answers;
mod serve;
mod site;

pub use serve::{Confluence, ConfluenceOptions, ConfluenceRequest};
pub use site::{ConfluenceAccount, ConfluenceProduct, ConfluenceSite, SpaceRoleMode};
