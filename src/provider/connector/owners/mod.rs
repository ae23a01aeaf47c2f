//! The owners of a connector: the v2 owners API, and its substitute on older tenants.

mod current;
mod observe;
mod replace;

pub(super) use current::Owners;
pub(super) use observe::observe;
pub(super) use replace::{replace, wait_until_visible};
