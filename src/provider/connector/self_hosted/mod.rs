//! Connectors that users run: ConductorOne does not get their settings, and issues the credential with which they run.

mod attributes;
mod credentials;
mod environment;
mod login;
pub(crate) mod messages;
mod model;
mod private_state;
mod resource;
mod state_movers;
mod validate;
mod variable;

pub(crate) use attributes::SelfHostedAttributes;
pub(crate) use model::SelfHostedModel;
pub(crate) use resource::SelfHostedResource;
pub(crate) use variable::Variable;
