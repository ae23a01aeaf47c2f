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

/// Who has a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenHolder {
    /// The service principal, which may use the API.
    ServicePrincipal,
    /// The process of a self-hosted connector.
    Connector,
}

/// A token that the endpoint has issued.
#[derive(Debug)]
struct IssuedToken {
    text: String,
    holder: TokenHolder,
    expires_at: Time,
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
    issued: Vec<IssuedToken>,
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

    /// Issues a bearer token.
    pub(crate) fn issue(&mut self, holder: TokenHolder, lifetime_s: u64) -> String {
        let token = random::token();
        self.issued.push(IssuedToken {
            text: token.clone(),
            holder,
            expires_at: Time::now().after(Duration::from_secs(lifetime_s)),
        });
        token
    }

    /// Returns the holder of a token, or none if the token is not valid.
    pub(crate) fn holder(&self, token: &str) -> Option<TokenHolder> {
        if token == self.access_token {
            return Some(TokenHolder::ServicePrincipal);
        }
        let now = Time::now();
        let mut issued = self.issued.iter();
        let issued = issued.find(|it| it.text == token && it.expires_at > now);
        issued.map(|it| it.holder)
    }

    /// Makes every issued token invalid.
    pub(crate) fn expire_all(&mut self) {
        self.issued.clear();
    }
}
