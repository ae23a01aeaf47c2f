//! The attributes of every hosted connector.

use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::model;

model! {
    /// Attributes of every hosted connector.
    pub(crate) struct HostedAttributes {
        /// Whether a creation with settings, and every change of them, waits until the connector has synced with them. If
        /// the sync fails, the connector's own error is shown. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        wait_for_sync: bool,
    }
}
