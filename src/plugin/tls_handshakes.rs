//! A limit on the TLS handshakes in progress.

use std::collections::VecDeque;
use std::convert::Infallible;

use tokio::sync::oneshot;

/// The maximum number of handshakes in progress. Every user of the machine can connect to a TCP port and send nothing, and
/// each such connection holds a file descriptor until it times out. Terraform's own handshake takes milliseconds.
const LIMIT: usize = 64;

/// The handshakes in progress, oldest first. Dropping a sender ends its handshake.
#[derive(Debug, Default)]
pub(super) struct TlsHandshakes(VecDeque<oneshot::Sender<Infallible>>);

/// The receiving half that a handshake holds while it is in progress.
#[derive(Debug)]
pub(super) struct Eviction(oneshot::Receiver<Infallible>);

impl TlsHandshakes {
    /// Registers a new handshake. Beyond the limit, this ends the oldest one, because waiting for it would lock Terraform
    /// out.
    pub(super) fn begin(&mut self) -> Eviction {
        self.0.retain(|handshake| !handshake.is_closed());
        if self.0.len() >= LIMIT {
            self.drop_oldest();
        }
        let (handshake, eviction) = oneshot::channel();
        self.0.push_back(handshake);
        Eviction(eviction)
    }

    /// Ends the oldest handshake that is still in progress.
    pub(super) fn drop_oldest(&mut self) {
        self.0.retain(|handshake| !handshake.is_closed());
        self.0.pop_front();
    }
}

impl Eviction {
    /// Waits until the handshake has to make room for others.
    pub(super) async fn wait(self) {
        // No message ever arrives. The receiver wakes up when the sender is dropped.
        let _ = self.0.await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn beyond_the_limit_the_oldest_handshake_ends() {
        let mut handshakes = TlsHandshakes::default();
        let mut held: Vec<_> = (0..LIMIT).map(|_| handshakes.begin()).collect();
        // A finished handshake does not count.
        drop(held.pop());
        held.push(handshakes.begin());
        let newest = handshakes.begin();
        let ended = |handshake: Eviction| handshake.wait().now_or_never().is_some();
        let ended: Vec<_> = held.into_iter().map(ended).collect();
        assert_eq!(ended.first(), Some(&true));
        assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
        assert!(newest.wait().now_or_never().is_none());
        handshakes.drop_oldest();
    }
}
