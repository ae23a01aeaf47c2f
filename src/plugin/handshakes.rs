//! The TLS handshakes in progress.

use std::collections::VecDeque;
use std::convert::Infallible;

use tokio::sync::oneshot;

/// The most handshakes in progress. Every user of the machine can connect to a TCP port and say nothing, and each such
/// connection holds a descriptor until its time is up. Terraform's own handshake takes milliseconds.
const LIMIT: usize = 64;

/// What lets the server end them, the oldest one first.
#[derive(Debug, Default)]
pub(super) struct Handshakes(VecDeque<oneshot::Sender<Infallible>>);

/// Held by a handshake as long as it is in progress.
#[derive(Debug)]
pub(super) struct Superseded(oneshot::Receiver<Infallible>);

impl Handshakes {
    /// Notes a new one. Beyond the limit, the oldest one ends: waiting for it would keep Terraform out instead.
    pub(super) fn begin(&mut self) -> Superseded {
        self.0.retain(|handshake| !handshake.is_closed());
        if self.0.len() >= LIMIT {
            self.drop_oldest();
        }
        let (handshake, superseded) = oneshot::channel();
        self.0.push_back(handshake);
        Superseded(superseded)
    }

    /// Ends the oldest one that is still in progress.
    pub(super) fn drop_oldest(&mut self) {
        self.0.retain(|handshake| !handshake.is_closed());
        self.0.pop_front();
    }
}

impl Superseded {
    /// Returns when the handshake has to make room for others.
    pub(super) async fn wait(self) {
        // No message can come: this is the end of the sender.
        let _ = self.0.await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn the_oldest_of_too_many_ends() {
        let mut handshakes = Handshakes::default();
        let mut held: Vec<_> = (0..LIMIT).map(|_| handshakes.begin()).collect();
        // One that has finished counts no more.
        drop(held.pop());
        held.push(handshakes.begin());
        let newest = handshakes.begin();
        let ended = |handshake: Superseded| handshake.wait().now_or_never().is_some();
        let ended: Vec<_> = held.into_iter().map(ended).collect();
        assert_eq!(ended.first(), Some(&true));
        assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
        assert!(newest.wait().now_or_never().is_none());
        handshakes.drop_oldest();
    }
}
