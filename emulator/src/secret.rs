//! Client secrets: `secret-token:conductorone.com:v1:` and a private Ed25519 key as base64url JSON.

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

const PREFIX: &str = "secret-token:conductorone.com:v1:";

/// A client secret and the public half of its key.
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub(crate) text: String,
    pub(crate) public_key: Vec<u8>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    d: String,
}

impl ClientSecret {
    /// Generates a secret. Fails only without a source of randomness.
    pub(crate) fn generate() -> Result<Self, Unspecified> {
        let pair = Ed25519KeyPair::generate()?;
        let seed = pair.seed()?.as_be_bytes()?;
        let public_key = pair.public_key().as_ref().to_vec();
        let key = json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(&public_key),
            "d": URL_SAFE_NO_PAD.encode(seed.as_ref()),
        });
        let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(key.to_string()));
        Ok(Self { text, public_key })
    }
}

/// Returns the key in the text of a client secret. `None` if it is not a private Ed25519 key with its public key.
pub(crate) fn key_pair(text: &str) -> Option<Ed25519KeyPair> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let key: Jwk = serde_json::from_slice(&decode(text.strip_prefix(PREFIX)?)?).ok()?;
    if key.kty != "OKP" || key.crv != "Ed25519" {
        return None;
    }
    Ed25519KeyPair::from_seed_and_public_key(&decode(&key.d)?, &decode(&key.x)?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    fn members(secret: &ClientSecret) -> [String; 2] {
        let encoded = secret.text.strip_prefix(PREFIX).unwrap();
        let jwk: Jwk = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap();
        [jwk.x, jwk.d]
    }

    #[test]
    fn a_secret_is_a_private_ed25519_key() {
        let [secret, other] = [(); 2].map(|()| ClientSecret::generate().unwrap());
        let signature = key_pair(&secret.text).unwrap().sign(b"message");
        let verifies = |key: &[u8], message: &[u8]| {
            let key = UnparsedPublicKey::new(&ED25519, key);
            key.verify(message, signature.as_ref()).is_ok()
        };
        assert!(verifies(&secret.public_key, b"message"));
        assert!(!verifies(&secret.public_key, b"another"));
        assert!(!verifies(&other.public_key, b"message"));
        let [public, _] = members(&secret);
        assert_eq!(URL_SAFE_NO_PAD.decode(public).unwrap(), secret.public_key);
    }

    #[test]
    fn other_texts_contain_no_key() {
        let [secret, other] = [(); 2].map(|()| ClientSecret::generate().unwrap());
        let ([x, d], [other_x, _]) = (members(&secret), members(&other));
        let text = |kty: &str, crv: &str, x: &str, d: &str| {
            let jwk = json!({"kty": kty, "crv": crv, "x": x, "d": d}).to_string();
            format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(jwk))
        };
        assert!(key_pair(&text("OKP", "Ed25519", &x, &d)).is_some());
        for text in [
            String::new(),
            PREFIX.to_owned(),
            secret.text.replace(":v1:", ":v2:"),
            text("EC", "Ed25519", &x, &d),
            text("OKP", "X25519", &x, &d),
            text("OKP", "Ed25519", &other_x, &d),
            text("OKP", "Ed25519", &x, ""),
        ] {
            assert!(key_pair(&text).is_none(), "{text}");
        }
    }
}
