//! Every RPC with arbitrary bytes as its message. The provider is not configured, so it sends no requests.

use super::choices::Choices;
use super::provider::Provider;

thread_local! {
    /// A provider without a configuration.
    static PROVIDER: Provider = Provider::new();
}

/// The RPCs of protocol 6 that a provider can serve.
const RPCS: [&str; 34] = [
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
    "ValidateDataResourceConfig",
    "UpgradeResourceState",
    "UpgradeResourceIdentity",
    "ConfigureProvider",
    "ReadResource",
    "PlanResourceChange",
    "ApplyResourceChange",
    "ImportResourceState",
    "MoveResourceState",
    "ReadDataSource",
    "GenerateResourceConfig",
    "ValidateEphemeralResourceConfig",
    "OpenEphemeralResource",
    "RenewEphemeralResource",
    "CloseEphemeralResource",
    "ListResource",
    "ValidateListResourceConfig",
    "GetFunctions",
    "CallFunction",
    "ValidateActionConfig",
    "PlanAction",
    "InvokeAction",
    "ValidateStateStoreConfig",
    "ConfigureStateStore",
    "LockState",
    "UnlockState",
    "GetStates",
    "DeleteState",
    "StopProvider",
];

/// Sends the rest of the input to the RPC that its first byte chooses.
pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let rpc = *choices.pick(&RPCS);
    // A refusal is an answer, too. A panic is none.
    let _ = if rpc == "ConfigureProvider" {
        // A configuration must not make later calls send requests.
        Provider::new().call_raw(rpc, choices.rest())
    } else {
        PROVIDER.with(|provider| provider.call_raw(rpc, choices.rest()))
    };
}
