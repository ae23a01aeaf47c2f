//! Why the process cannot serve.

use std::io;

use super::Name;

/// A fault that ends the process before or instead of serving.
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
    #[error("{name} cannot be used: {fault}")]
    Variable { name: &'static str, fault: String },
    #[error("no certificate could be made for the TLS server: {0}")]
    ServerCertificate(#[from] rcgen::Error),
    #[error("TLS could not be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("PLUGIN_UNIX_SOCKET_GROUP names no group of this machine: {0:?}")]
    SocketGroup(String),
    #[error(
        "{problem}. Without TLS, the provider serves only on a unix socket that no other user can reach, because every \
         user of this machine can connect to a TCP port. {cure}"
    )]
    PrivateSocket { problem: String, cure: String },
    #[error("no socket could be opened for Terraform: {0}")]
    Listen(#[source] io::Error),
    #[error("the handshake line could not be written: {0}")]
    Handshake(#[source] io::Error),
    #[error("the process cannot be kept from ending at an interrupt: {0}")]
    Signals(#[source] io::Error),
    #[error("the async runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
}

impl Error {
    /// The text for whoever started the process: a person at a terminal, or Terraform's log.
    pub(super) fn explain(&self, name: Name) -> String {
        let binary = format!("terraform-provider-{}", name.provider);
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
