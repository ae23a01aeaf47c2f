//! Secret text.

use std::sync::OnceLock;

use secrecy::{ExposeSecret, SecretString};

static OBSERVER: OnceLock<fn(&str)> = OnceLock::new();

/// The value of a sensitive attribute. It cannot be printed or serialized.
///
/// Dropping a secret overwrites its memory. This does not cover copies in libraries: messages from Terraform, request
/// bodies, and the buffers of HTTP and TLS.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Registers a function that is called with every secret received from Terraform. Only the first registration counts.
    pub fn observe(observer: fn(&str)) {
        OBSERVER.get_or_init(|| observer);
    }

    /// Returns a secret received from Terraform, and passes it to the observer.
    pub(super) fn received(text: String) -> Self {
        if let Some(observer) = OBSERVER.get() {
            observer(&text);
        }
        text.into()
    }

    /// Returns the secret text.
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

#[cfg(test)]
mod tests {
    use secrecy::zeroize::ZeroizeOnDrop;

    use super::*;

    #[test]
    fn dropping_a_secret_overwrites_its_memory() {
        // The type promises it. Nothing can read the memory afterwards.
        fn is_overwritten(_: &impl ZeroizeOnDrop) -> bool {
            true
        }
        assert!(is_overwritten(&Secret::from(String::new()).0));
    }
}
