//! A Confluence Cloud site or a Confluence Data Center instance, with the endpoints that connectors use.

mod answers;
mod serve;
mod site;

pub use serve::{Confluence, ConfluenceOptions, ConfluenceRequest};
pub use site::{ConfluenceAccount, ConfluenceProduct, ConfluenceSite, SpaceRoleMode};
