//! Text that must not be seen.

use std::sync::OnceLock;

use secrecy::{ExposeSecret, SecretString};

static OBSERVER: OnceLock<fn(&str)> = OnceLock::new();

/// A secret attribute, which is neither printed nor serialized.
///
/// Its own memory is overwritten when it is dropped. Copies that libraries make are not: those in messages from Terraform,
/// in the bodies of requests, and in the buffers of HTTP and TLS.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Has `observer` called with every secret that arrives from Terraform from now on. Only the first observer counts.
    pub fn observe(observer: fn(&str)) {
        OBSERVER.get_or_init(|| observer);
    }

    /// Takes over a secret that arrived from Terraform.
    pub(super) fn arrived(text: String) -> Self {
        if let Some(observer) = OBSERVER.get() {
            observer(&text);
        }
        text.into()
    }

    /// The secret itself, for whoever has to use it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        Self(text)
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("(sensitive)")
    }
}
