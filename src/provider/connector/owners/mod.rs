//! The owners of a connector: the v2 owners API, and its substitute on older tenants.

mod current;
mod desired;
mod observe;
mod replace;

pub(super) use current::Owners;
pub(super) use desired::{DesiredOwners, diagnose_email, resolve};
pub(super) use observe::{describe_user, observe};
pub(super) use replace::{replace, wait_until_visible};
