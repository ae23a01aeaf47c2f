//! Authentication: the clients of the token endpoint and their tokens.

use std::time::Duration;

use crate::random;
use crate::secret::ClientSecret;
use crate::time::Time;

/// A client that authenticates with its secret.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: ClientSecret,
}

/// Clients and tokens.
#[derive(Debug)]
pub(crate) struct Authentication {
    pub(crate) client: Client,
    /// The client id of the federation trust.
    pub(crate) federation_client_id: String,
    /// The tokens of the identity provider that the trust accepts.
    pub(crate) oidc_tokens: Vec<String>,
    /// A bearer token that never expires.
    pub(crate) access_token: String,
    issued: Vec<(String, Time)>,
}

impl Authentication {
    pub(crate) fn new(
        client: Client,
        federation_client_id: String,
        oidc_tokens: Vec<String>,
    ) -> Self {
        Self {
            client,
            federation_client_id,
            oidc_tokens,
            access_token: random::token(),
            issued: Vec::new(),
        }
    }

    /// A new bearer token.
    pub(crate) fn issue(&mut self, lifetime_s: u64) -> String {
        let token = random::token();
        self.issued.push((
            token.clone(),
            Time::now().after(Duration::from_secs(lifetime_s)),
        ));
        token
    }

    pub(crate) fn is_valid(&self, token: &str) -> bool {
        let now = Time::now();
        token == self.access_token
            || self
                .issued
                .iter()
                .any(|(issued, end)| issued == token && *end > now)
    }

    /// Makes every issued token invalid.
    pub(crate) fn expire_all(&mut self) {
        self.issued.clear();
    }
}
