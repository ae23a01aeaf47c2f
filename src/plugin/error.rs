//! Reasons why the process cannot serve.

use std::io;

use super::provider_name::ProviderName;

/// An error that ends the process before it serves.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("the magic cookie is missing or wrong")]
    NotLaunched,
    #[error("the client certificate in PLUGIN_CLIENT_CERT cannot be read: {0}")]
    ClientCertificate(String),
    #[error(
        "PLUGIN_CLIENT_CERT is set but empty. Terraform sets it to a certificate; to serve without TLS, unset it"
    )]
    EmptyClientCertificate,
    #[error("{name} cannot be used: {reason}")]
    Variable { name: &'static str, reason: String },
    #[error("the TLS server certificate cannot be created: {0}")]
    ServerCertificate(#[from] rcgen::Error),
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("PLUGIN_UNIX_SOCKET_GROUP names a group that does not exist on this machine: {0:?}")]
    SocketGroup(String),
    #[error(
        "{reason}. Without TLS, the provider serves only on a unix socket that no other user can reach, because every \
         user of this machine can connect to a TCP port. {remedy}"
    )]
    PrivateSocket { reason: String, remedy: String },
    #[error("no socket can be opened for Terraform: {0}")]
    Listen(#[source] io::Error),
    #[error("the handshake line cannot be written: {0}")]
    Handshake(#[source] io::Error),
    #[error("the interrupt signal cannot be handled: {0}")]
    Signals(#[source] io::Error),
    #[error("the async runtime cannot be started: {0}")]
    Runtime(#[source] io::Error),
}

impl Error {
    /// Returns the text for a person at a terminal or for Terraform's log.
    pub(super) fn explain(&self, name: ProviderName) -> String {
        let binary = format!("terraform-provider-{}", name.provider_type);
        match self {
            Self::NotLaunched => format!(
                "{binary} is a Terraform provider, a plugin that Terraform or OpenTofu starts by itself.\n\
                 To use it, name {address} under required_providers in a configuration and run `terraform init`.\n\
                 To debug it, start it with -debug.",
                address = name.address,
            ),
            other => format!("{binary} cannot start: {other}"),
        }
    }
}
