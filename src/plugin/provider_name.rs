//! The provider's name.

/// The provider's name in messages, logs and the reattach configuration.
#[derive(Debug, Clone, Copy)]
pub struct ProviderName {
    /// The provider type, for example `confluence`.
    pub provider_type: &'static str,
    /// The source address without a host, for example `conductorone/confluence`.
    pub address: &'static str,
}
