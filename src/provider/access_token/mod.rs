//! The access token of the provider, for other tools.

mod ephemeral_resource;
pub(super) mod messages;

pub(super) use ephemeral_resource::AccessTokenResource;
