//! Client secrets: `secret-token:conductorone.com:v1:` and a private Ed25519 key as base64url JSON.

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

/// A client secret and the public half of its key.
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub(crate) text: String,
    pub(crate) public_key: Vec<u8>,
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
        let text = format!(
            "secret-token:conductorone.com:v1:{}",
            URL_SAFE_NO_PAD.encode(key.to_string())
        );
        Ok(Self { text, public_key })
    }
}
