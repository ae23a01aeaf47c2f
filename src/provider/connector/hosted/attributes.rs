//! The attributes of every hosted connector.

use crate::terraform::schema::AttributeFlag::Optional;
use crate::terraform::value::model;

model! {
    /// Attributes of every hosted connector.
    pub(crate) struct HostedAttributes {
        /// Whether Terraform waits for a sync after it creates a connector with settings or changes its settings. If
        /// the sync fails, Terraform shows the connector's error. Default: `false`.
        #[schemars(extend("x-terraform" = [Optional]))]
        wait_for_sync: bool,
    }
}
