//! A switch for the checks of plans.

use tokio_util::sync::CancellationToken;

/// Turns off checks of the whole run after ConductorOne could not be reached, so that hundreds of resources do not each wait
/// for a timeout.
#[derive(Debug, Default)]
pub(crate) struct CheckSwitch(CancellationToken);

impl CheckSwitch {
    /// Turns off the checks. Returns false if they were off already.
    pub(crate) fn turn_off(&self) -> bool {
        let was_on = !self.0.is_cancelled();
        self.0.cancel();
        was_on
    }

    /// Waits until the checks are off.
    pub(crate) async fn wait_until_off(&self) {
        self.0.cancelled().await;
    }
}
