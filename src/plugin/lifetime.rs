//! Events that end the process, besides Terraform's Shutdown call.

use std::io;
use std::time::Duration;

use tokio::sync::watch;

use super::error::Error;

const PARENT_POLL: Duration = Duration::from_millis(500);
/// Terraform itself waits this long for a plugin to start.
const FIRST_CLIENT_LIMIT: Duration = Duration::from_mins(1);
/// How long the plugin stays without a client. Terraform keeps one connection open for its whole life.
const NEXT_CLIENT_LIMIT: Duration = Duration::from_secs(30);

/// The process that started this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    id: Option<u32>,
}

impl Parent {
    /// Returns the current parent. `main` calls this first, because the parent may die soon after the start.
    pub(super) fn current() -> Self {
        Self { id: parent_id() }
    }

    /// Waits until the parent has died, so that a killed Terraform leaves no plugin behind. On systems that give an orphan
    /// no new parent, only [`wait_until_deserted`] notices.
    ///
    /// The kernel's parent-death signal is no alternative: it fires when the parent's *thread* ends, and Go ends threads
    /// at any time.
    pub(super) async fn wait_for_end(self) {
        while parent_id() == self.id {
            tokio::time::sleep(PARENT_POLL).await;
        }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems return None")]
fn parent_id() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent_id() -> Option<u32> {
    None
}

/// Waits until no client has been connected for [`NEXT_CLIENT_LIMIT`], or until no client has connected within
/// [`FIRST_CLIENT_LIMIT`] of the start.
pub(super) async fn wait_until_deserted(mut connections: watch::Receiver<usize>) {
    let mut limit = FIRST_CLIENT_LIMIT;
    loop {
        let connected = connections.wait_for(|count| *count > 0);
        if tokio::time::timeout(limit, connected).await.is_err() {
            return;
        }
        limit = NEXT_CLIENT_LIMIT;
        // An error means that the server, which owns the sender, is gone.
        if connections.wait_for(|count| *count == 0).await.is_err() {
            return;
        }
    }
}

/// Keeps interrupts from ending the process. The returned future logs them.
pub(super) fn ignore_interrupts() -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    // The handler is installed here and not in the future, because it must be active before Terraform reads the handshake.
    let mut interrupts = interrupts().map_err(Error::Signals)?;
    Ok(async move {
        while interrupts.recv().await.is_some() {
            tracing::trace!("ignored an interrupt: Terraform stops the plugin itself");
        }
    })
}

#[cfg(unix)]
fn interrupts() -> io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(not(unix))]
fn interrupts() -> io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

/// Waits for the next interrupt (Ctrl-C).
pub(super) async fn wait_for_interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Waits for SIGTERM, so that the process can remove the socket file before it ends.
#[cfg(unix)]
pub(super) async fn wait_for_sigterm() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Waits forever. Other systems have no SIGTERM and end the process themselves.
#[cfg(not(unix))]
pub(super) async fn wait_for_sigterm() {
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_plugin_stays_while_clients_return_in_time() {
        let connections = watch::Sender::new(0);
        let deserted = tokio::spawn(wait_until_deserted(connections.subscribe()));
        // One second less than each limit.
        for away in [59, 29] {
            tokio::time::sleep(Duration::from_secs(away)).await;
            assert!(!deserted.is_finished());
            connections.send_replace(1);
            tokio::time::sleep(Duration::from_hours(1)).await;
            assert!(!deserted.is_finished());
            connections.send_replace(0);
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(NEXT_CLIENT_LIMIT + Duration::from_secs(1)).await;
        assert!(deserted.is_finished());
    }
}
