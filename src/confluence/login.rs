//! A login to Confluence.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::conductorone::remember_secret;

/// A login to Confluence: the address, the account, and how to sign in.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) product: Product,
    base: Url,
    credentials: Credentials,
}

/// The product, which decides which requests a check sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Product {
    /// Confluence Cloud.
    Cloud {
        /// Whether the connector reads space roles, which it then requires.
        use_rbac: bool,
    },
    /// Confluence Data Center.
    DataCenter,
}

#[derive(Clone, Debug)]
enum Credentials {
    Token(SecretString),
    Password {
        username: String,
        password: SecretString,
    },
}

impl Login {
    /// Makes a login with a user name and an API token or a password. Returns `None` if `address` is not a URL.
    pub(crate) fn with_password(
        product: Product,
        address: &str,
        username: &str,
        password: SecretString,
    ) -> Option<Self> {
        let username = username.to_owned();
        Self::new(
            product,
            address,
            Credentials::Password { username, password },
        )
    }

    /// Makes a login to Data Center with a personal access token. Returns `None` if `address` is not a URL.
    pub(crate) fn with_token(address: &str, token: SecretString) -> Option<Self> {
        Self::new(Product::DataCenter, address, Credentials::Token(token))
    }

    fn new(product: Product, address: &str, credentials: Credentials) -> Option<Self> {
        // The connectors ignore slashes at both ends.
        let base = Url::parse(address.trim_matches('/')).ok()?;
        base.has_host().then_some(Self {
            product,
            base,
            credentials,
        })
    }

    /// Returns the address.
    pub(crate) fn address(&self) -> &Url {
        &self.base
    }

    /// Returns a text that is the same for the same login only. It contains the secret.
    pub(crate) fn identity(&self) -> SecretString {
        let (username, secret) = match &self.credentials {
            Credentials::Token(token) => (None, token),
            Credentials::Password { username, password } => (Some(username), password),
        };
        let secret = secret.expose_secret();
        format!("{:?}", (self.product, self.base.as_str(), username, secret)).into()
    }

    /// Returns the URL of a path below the address. The path has no slash at its ends.
    pub(super) fn url(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.base.clone();
        // A URL with a host always has path segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url.set_query(query);
        url
    }

    /// Returns the header that signs in. `None` if a header cannot contain the secret. From then on, the secret is
    /// masked wherever a server repeats it.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let text = match &self.credentials {
            Credentials::Token(token) => {
                remember_secret(token.expose_secret());
                format!("Bearer {}", token.expose_secret())
            }
            Credentials::Password { username, password } => {
                remember_secret(password.expose_secret());
                let pair = format!("{username}:{}", password.expose_secret());
                format!("Basic {}", STANDARD.encode(pair))
            }
        };
        HeaderValue::from_bytes(text.as_bytes()).ok()
    }
}
