//! The version of this build.

/// The version of the release for which this program was built, or the version of the source.
pub const VERSION: &str = match option_env!("PROVIDER_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};
