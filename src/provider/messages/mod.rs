//! The list of all messages. Each one is declared beside the thing that it is about.
//!
//! The summary is a title. The cause says what happened and why, with the values at hand. The remedy says what to do, with an
//! example if that helps.

use crate::provider::{
    access_token, actions, api_errors, app, config, connector, datacenter_integration, doctor,
    integration, login_check, owners, plan_checks, search, self_hosted_integration,
};
use crate::terraform;
use crate::terraform::diagnostics::Diagnostic;

/// Messages about one topic.
#[derive(Debug)]
pub struct Topic {
    /// The title of the topic.
    pub title: &'static str,
    /// The messages with placeholders such as `<app_id>`.
    pub messages: Vec<Diagnostic>,
}

/// Returns all messages of the provider by topic.
pub fn topics() -> Vec<Topic> {
    let connector_messages = [connector::messages::all(), plan_checks::messages::all()];
    let setting_messages = [
        connector::hosted::messages::all(),
        integration::messages::all(),
        datacenter_integration::messages::all(),
        self_hosted_integration::messages::all(),
    ];
    let data_source_messages = [search::messages::all(), connector::listing_messages::all()];
    let topics = [
        ("Provider configuration", config::messages::all()),
        ("ConductorOne and the network", api_errors::messages::all()),
        ("Connectors", connector_messages.concat()),
        ("Settings of a connector", setting_messages.concat()),
        ("Login to Confluence", login_check::messages::all()),
        ("Owners and other users", owners::messages::all()),
        (
            "Credentials of a self-hosted connector",
            connector::self_hosted::messages::all(),
        ),
        ("Apps", app::messages::all()),
        ("Actions", actions::messages::all()),
        ("Data sources", data_source_messages.concat()),
        ("Ephemeral resources", access_token::messages::all()),
        ("Values and Terraform", terraform::messages::all()),
        ("Examination with -doctor", doctor::messages::all()),
    ];
    let topic = |(title, messages)| Topic { title, messages };
    topics.into_iter().map(topic).collect()
}

#[cfg(test)]
mod tests;
