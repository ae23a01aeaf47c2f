//! A go-plugin process: launch, handshake, mutual TLS, helper services, logging and shutdown.
//!
//! Terraform starts the binary, reads one line from its standard output, and then calls gRPC services over the socket that
//! the line names. This floor does not know these services: `main` passes them in as [`Services`].

mod error;
mod handshake;
mod helper_services;
mod launch;
mod lifetime;
mod listener;
mod logging;
mod panic_hook;
mod privacy;
mod proto;
mod provider_name;
mod reattach;
mod server;
mod shutdown;
mod tls;
mod tls_handshakes;
#[cfg(unix)]
mod unix_socket;

use std::process::ExitCode;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use error::Error;
use launch::Launch;
use lifetime::Parent;
use listener::Listener;
pub use provider_name::ProviderName;
use server::Server;

/// How the process was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Terraform started the process and describes the connection in environment variables.
    Launched,
    /// A developer started the process with `-debug`. It prints how Terraform can attach and serves without TLS until it is
    /// interrupted. A debugger can attach too, so the process does not protect its memory.
    Debug,
}

/// The gRPC services to serve.
#[expect(
    missing_debug_implementations,
    reason = "neither field has anything to show"
)]
pub struct Services {
    /// The gRPC routes.
    pub routes: Routes,
    /// Work that runs after Terraform has saved its state and before the process ends. Terraform waits for this work, so the
    /// plugin limits how long it may take. The plugin skips this work if Terraform is gone, because Terraform may then not
    /// have saved anything.
    pub shutdown_hook: BoxFuture<'static, ()>,
}

/// Serves `services` until Terraform, a signal or the end of the parent process stops the plugin.
///
/// The exit code is 0 after an orderly shutdown. It is 1 if Terraform did not start the process or if the plugin cannot
/// serve; standard error then has the reason.
pub fn run(name: ProviderName, mode: Mode, services: impl FnOnce() -> Services) -> ExitCode {
    let parent = Parent::current();
    panic_hook::install();
    logging::install(name.provider_type);
    if mode == Mode::Launched {
        privacy::keep_memory_private();
    }
    match serve(name, mode, parent, services) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logging::print_to_stderr(&error.explain(name));
            ExitCode::FAILURE
        }
    }
}

fn serve(
    name: ProviderName,
    mode: Mode,
    parent: Parent,
    services: impl FnOnce() -> Services,
) -> Result<(), Error> {
    // Two threads are enough because the plugin mostly waits for the network. Terraform starts several of these processes
    // at once.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let result = runtime.block_on(async {
        match mode {
            Mode::Launched => serve_launched(parent, services).await,
            Mode::Debug => serve_debug(name, services).await,
        }
    });
    // Nobody waits for the calls that are still running.
    runtime.shutdown_background();
    result
}

async fn serve_launched(parent: Parent, services: impl FnOnce() -> Services) -> Result<(), Error> {
    let launch = Launch::from_env(|key| std::env::var_os(key))?;
    // Ctrl-C reaches the whole process group, but Terraform stops its plugins itself.
    tokio::spawn(lifetime::ignore_interrupts()?);
    let tls = launch
        .client_certificate
        .as_deref()
        .map(tls::ServerTls::trusting)
        .transpose()?;
    let listener = Listener::bind(&launch)?;
    handshake::announce(&launch, &listener.address(), tls.as_ref())?;

    let stop = CancellationToken::new();
    let Services {
        routes,
        shutdown_hook,
    } = services();
    let shutdown_hook = shutdown::with_time_limit(shutdown_hook);
    let routes = helper_services::add_to(routes, &stop, shutdown_hook).await;
    let server = Server::new(routes, tls.map(|tls| tls.acceptor));
    let connections = server.connections();
    tokio::select! {
        () = server.serve(listener, stop) => {}
        () = parent.wait_for_end() => tracing::info!("the parent process has ended, shutting down"),
        () = lifetime::wait_until_deserted(connections) => {
            tracing::info!("no client is connected, shutting down");
        }
        () = lifetime::wait_for_sigterm() => {}
    }
    Ok(())
}

async fn serve_debug(name: ProviderName, services: impl FnOnce() -> Services) -> Result<(), Error> {
    let listener = Listener::bind(&Launch::default())?;
    reattach::announce(name, &listener.address())?;
    let stop = CancellationToken::new();
    let Services {
        routes,
        shutdown_hook,
    } = services();
    let shutdown_hook = shutdown::with_time_limit(shutdown_hook);
    let routes = helper_services::add_to(routes, &stop, shutdown_hook.clone()).await;
    let server = Server::new(routes, None);
    tokio::select! {
        () = server.serve(listener, stop) => {}
        () = lifetime::wait_for_interrupt() => {}
        () = lifetime::wait_for_sigterm() => {}
    }
    // In debug mode Terraform leaves the process running and never calls Shutdown.
    shutdown_hook.await;
    Ok(())
}
