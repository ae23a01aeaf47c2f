//! The credentials for ConductorOne.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, Signature};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::redact;

/// The credentials that the client gets access tokens with.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A bearer token. The client sends it as it is and never renews it.
    AccessToken(SecretString),
    /// A token of an external OIDC issuer, which the client exchanges (RFC 8693) for a token of ConductorOne.
    OidcToken {
        /// Client ID of the federation trust, `{name}@{host}/wfe`.
        client_id: String,
        /// The external token, a JWT.
        token: SecretString,
    },
    /// A service principal, which signs an assertion with its own key.
    ClientCredentials {
        /// The full client ID, `{name}@{host}/{kind}`.
        client_id: String,
        /// The client secret.
        secret: ClientSecret,
    },
}

/// The Ed25519 key in a client secret, `secret-token:conductorone.com:v1:{base64url of a JWK}`.
#[derive(Clone)]
pub struct ClientSecret {
    key: Arc<Ed25519KeyPair>,
    key_id: Option<String>,
}

/// A value that is not a client secret. The message neither shows the value nor says which part is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "not a ConductorOne client secret; expected the whole value shown when the credential was created, which begins with secret-token:conductorone.com:v1:"
)]
pub struct InvalidClientSecret;

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    d: String,
    kid: Option<String>,
}

impl ClientSecret {
    /// Parses a client secret. Ignores whitespace around it, because files and environment variables often end with a
    /// newline.
    pub fn parse(value: &SecretString) -> Result<Self, InvalidClientSecret> {
        redact::remember(value.expose_secret().trim());
        Self::read(value.expose_secret().trim()).ok_or(InvalidClientSecret)
    }

    /// Like the service's own clients, this function checks the version and the key, but not the words before them.
    fn read(value: &str) -> Option<Self> {
        let mut parts = value.splitn(4, ':').skip(2);
        let (version, encoded) = (parts.next()?, parts.next()?);
        let jwk: Jwk = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
        if version != "v1" || jwk.kty != "OKP" || jwk.crv != "Ed25519" {
            return None;
        }
        let seed = URL_SAFE_NO_PAD.decode(jwk.d).ok()?;
        let public = URL_SAFE_NO_PAD.decode(jwk.x).ok()?;
        let key = Ed25519KeyPair::from_seed_and_public_key(&seed, &public).ok()?;
        Some(Self {
            key: Arc::new(key),
            key_id: jwk.kid.filter(|id| !id.is_empty()),
        })
    }

    /// Returns the ID of the key, if it has one.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        self.key.sign(message)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret")
            .field("public_key", self.key.public_key())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use secrecy::SecretString;

    use super::{ClientSecret, InvalidClientSecret};

    const X: &str = "2zcMKqaXlumiyhODiwBMEKvUARCPnfVQuRkiWOxsL-A";
    const D: &str = "hjIoouNxQtIQqgfeMSuaORCyjmG8bGet2j-hpK7ezZM";

    fn parse(prefix: &str, jwk: &str) -> Result<ClientSecret, InvalidClientSecret> {
        ClientSecret::parse(&SecretString::from(format!(
            "{prefix}{}",
            URL_SAFE_NO_PAD.encode(jwk)
        )))
    }

    fn jwk(kty: &str, crv: &str, x: &str, d: &str) -> String {
        format!(r#"{{"kty":"{kty}","crv":"{crv}","x":"{x}","d":"{d}","kid":"k1"}}"#)
    }

    #[test]
    fn a_key_is_parsed_and_never_shown() {
        let secret = parse(
            "secret-token:conductorone.com:v1:",
            &jwk("OKP", "Ed25519", X, D),
        );
        assert_eq!(
            secret.as_ref().ok().and_then(ClientSecret::key_id),
            Some("k1")
        );
        let shown = format!("{secret:?}");
        assert!(!shown.contains(D) && !shown.contains("seed"), "{shown}");
        assert!(
            parse(
                " secret-token:conductorone.com:v1:",
                &jwk("OKP", "Ed25519", X, D)
            )
            .is_ok()
        );
    }

    #[test]
    fn each_invalid_secret_is_the_same_error() {
        let good = jwk("OKP", "Ed25519", X, D);
        let cases = [
            ("secret-token:conductorone.com:v2:", good.clone()),
            ("secret-token:v1:", good.clone()),
            ("", good.clone()),
            (
                "secret-token:conductorone.com:v1:",
                jwk("EC", "Ed25519", X, D),
            ),
            (
                "secret-token:conductorone.com:v1:",
                jwk("OKP", "X25519", X, D),
            ),
            (
                "secret-token:conductorone.com:v1:",
                jwk("OKP", "Ed25519", D, D),
            ),
            (
                "secret-token:conductorone.com:v1:",
                jwk("OKP", "Ed25519", X, "c2hvcnQ"),
            ),
            (
                "secret-token:conductorone.com:v1:",
                jwk("OKP", "Ed25519", X, "not base64!"),
            ),
            (
                "secret-token:conductorone.com:v1:",
                r#"{"kty":"OKP","crv":"Ed25519"}"#.to_owned(),
            ),
            ("secret-token:conductorone.com:v1:=", good),
            ("secret-token:conductorone.com:v1:", String::new()),
        ];
        for (prefix, jwk) in cases {
            assert_eq!(
                parse(prefix, &jwk).err(),
                Some(InvalidClientSecret),
                "{prefix} {jwk}"
            );
        }
    }
}
