//! Being a go-plugin process: launch, handshake, mutual TLS, the helper services, logging and an orderly end.
//!
//! Terraform starts the binary, reads one line from its standard output and then speaks gRPC over the socket that the
//! line names. This floor owns all of that and nothing of what is said there, which comes in as [`Services`].

mod error;
mod farewell;
mod handshake;
mod handshakes;
mod launch;
mod lifetime;
mod listener;
mod logging;
mod panic;
mod privacy;
mod proto;
mod reattach;
mod server;
mod services;
#[cfg(unix)]
mod socket;
mod tls;

use std::process::ExitCode;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use error::Error;
use launch::Launch;
use lifetime::Parent;
use listener::Listener;
use server::Server;

/// What the plugin is called, for messages, logs and the reattach line.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// The type part of the provider's address, for example `confluence`.
    pub provider: &'static str,
    /// The source address without a host, for example `conductorone/confluence`.
    pub address: &'static str,
}

/// How the process was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// By Terraform, which says what it expects through the environment.
    Launched,
    /// By a developer with `-debug`: serve without TLS until interrupted, and print how Terraform can attach. A
    /// debugger can attach too, so the memory of the process is as open as the system makes it.
    Debug,
}

/// What is served.
#[expect(
    missing_debug_implementations,
    reason = "neither field has anything to show"
)]
pub struct Services {
    /// The gRPC services.
    pub routes: Routes,
    /// What they still do once the host has saved its work and ends the process. The host waits for it, but not for long.
    /// It is left out where the host is gone, because then nothing may have been saved.
    pub farewell: BoxFuture<'static, ()>,
}

/// Serves `services` until Terraform, a signal or the end of the parent stops the process.
///
/// The exit code is 0 after an orderly end and 1 where the process was not started by Terraform or could not serve; the
/// reason is then on standard error.
pub fn run(name: Name, mode: Mode, services: impl FnOnce() -> Services) -> ExitCode {
    let parent = Parent::current();
    panic::install_hook();
    logging::install(name.provider);
    if mode == Mode::Launched {
        privacy::keep_memory_private();
    }
    match serve(name, mode, parent, services) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logging::say_to_person(&error.explain(name));
            ExitCode::FAILURE
        }
    }
}

fn serve(
    name: Name,
    mode: Mode,
    parent: Parent,
    services: impl FnOnce() -> Services,
) -> Result<(), Error> {
    // Two threads: the work is waiting for the network, and Terraform starts several of these processes at once.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let end = runtime.block_on(async {
        match mode {
            Mode::Launched => serve_launched(parent, services).await,
            Mode::Debug => serve_debug(name, services).await,
        }
    });
    // Calls that still run belong to nobody any more.
    runtime.shutdown_background();
    end
}

async fn serve_launched(parent: Parent, services: impl FnOnce() -> Services) -> Result<(), Error> {
    let launch = Launch::from_env(|key| std::env::var_os(key))?;
    // Ctrl-C reaches the whole process group; Terraform stops its plugins in order.
    tokio::spawn(lifetime::ignore_interrupts()?);
    let tls = launch
        .client_certificate
        .as_deref()
        .map(tls::Identity::trusting)
        .transpose()?;
    let listener = Listener::bind(&launch)?;
    handshake::announce(&launch, &listener.address(), tls.as_ref())?;

    let stop = CancellationToken::new();
    let Services { routes, farewell } = services();
    let routes = services::add_to(routes, &stop, farewell::bounded(farewell));
    let server = Server::new(routes, tls.map(|tls| tls.acceptor));
    let connections = server.connections();
    tokio::select! {
        () = server.serve(listener, stop) => {}
        () = parent.gone() => tracing::info!("the parent process is gone, ending"),
        () = lifetime::deserted(connections) => tracing::info!("no client is left, ending"),
        () = lifetime::terminated() => {}
    }
    Ok(())
}

async fn serve_debug(name: Name, services: impl FnOnce() -> Services) -> Result<(), Error> {
    let listener = Listener::bind(&Launch::default())?;
    reattach::announce(name, &listener.address())?;
    let stop = CancellationToken::new();
    let Services { routes, farewell } = services();
    let farewell = farewell::bounded(farewell);
    let server = Server::new(services::add_to(routes, &stop, farewell.clone()), None);
    tokio::select! {
        () = server.serve(listener, stop) => {}
        () = lifetime::interrupted() => {}
        () = lifetime::terminated() => {}
    }
    // In this mode Terraform leaves the process running, so it says no Shutdown.
    farewell.await;
    Ok(())
}
