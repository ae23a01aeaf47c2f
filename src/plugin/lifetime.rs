//! What ends the process, besides Terraform's own Shutdown call.

use std::io;
use std::time::Duration;

use tokio::sync::watch;

use super::error::Error;

const PARENT_POLL: Duration = Duration::from_millis(500);
/// How long Terraform itself waits for a plugin to start.
const FIRST_CLIENT_LIMIT: Duration = Duration::from_mins(1);
/// How long a client may be away. Terraform keeps one connection for as long as it lives.
const NEXT_CLIENT_LIMIT: Duration = Duration::from_secs(30);

/// The process that started this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    id: Option<u32>,
}

impl Parent {
    /// Taken first thing in `main`: later, the parent may have died already.
    pub(super) fn current() -> Self {
        Self { id: parent_id() }
    }

    /// Ends when the parent has died, so that a killed Terraform leaves no plugin behind. Where the operating system
    /// gives an orphan no new parent, only [`deserted`] notices.
    ///
    /// The kernel's own signal for this fires when the parent's *thread* ends, which Go does at will.
    pub(super) async fn gone(self) {
        while parent_id() == self.id {
            tokio::time::sleep(PARENT_POLL).await;
        }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no answer")]
fn parent_id() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent_id() -> Option<u32> {
    None
}

/// Ends when the last client has been away for long, or none ever came.
pub(super) async fn deserted(mut connections: watch::Receiver<usize>) {
    let mut limit = FIRST_CLIENT_LIMIT;
    loop {
        let came = connections.wait_for(|count| *count > 0);
        if tokio::time::timeout(limit, came).await.is_err() {
            return;
        }
        limit = NEXT_CLIENT_LIMIT;
        // The sender lives in the server: without it there is nothing left to wait for.
        if connections.wait_for(|count| *count == 0).await.is_err() {
            return;
        }
    }
}

/// Keeps interrupts from ending the process, from now on. The future takes note of them.
pub(super) fn ignore_interrupts() -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    // Made here and not in the future: it must be in force before the host learns that the plugin runs.
    let mut interrupts = interrupts().map_err(Error::Signals)?;
    Ok(async move {
        while interrupts.recv().await.is_some() {
            tracing::trace!("interrupt ignored: Terraform decides when to stop");
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

/// Ends at the next interrupt (Ctrl-C).
pub(super) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Ends when the process is asked to terminate, so that the socket's file is removed.
#[cfg(unix)]
pub(super) async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Never: the operating system ends the process itself.
#[cfg(not(unix))]
pub(super) async fn terminated() {
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_may_leave_and_come_back_in_time() {
        let connections = watch::Sender::new(0);
        let deserted = tokio::spawn(deserted(connections.subscribe()));
        // A second less than the limits.
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
