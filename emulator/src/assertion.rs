//! Signs a client's assertion, and checks it the way the token endpoint does.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::time::Time;
use crate::{random, secret};

/// The only type of assertion.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The maximum time until an assertion expires, in seconds.
const LONGEST: i64 = 300;

/// The values that an assertion must match.
#[derive(Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) client_id: &'a str,
    /// The host that was called, without a port.
    pub(crate) audience: &'a str,
    pub(crate) public_key: &'a [u8],
    /// Seconds since 1970.
    pub(crate) now: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    nonce: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    nbf: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    List([String; 1]),
}

/// Returns the expiry of a JWT in seconds since 1970, or none if it has no `exp` claim.
pub(crate) fn expiry(jwt: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Expiry {
        exp: i64,
    }
    let claims = jwt.split('.').nth(1)?;
    decode::<Expiry>(claims).map(|Expiry { exp }| exp)
}

/// Returns the form of a token request, signed with a client secret as the process of a self-hosted connector signs it.
/// The assertion is for the host `audience` and expires after this number of seconds. `None` if the secret is not a private
/// Ed25519 key.
pub fn token_request(
    client_id: &str,
    client_secret: &str,
    audience: &str,
    lifetime_s: i64,
) -> Option<[(&'static str, String); 4]> {
    let key = secret::key_pair(client_secret)?;
    let now = Time::now().unix_seconds();
    let header = json!({"alg": "EdDSA", "nonce": random::nonce()});
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience,
        "iat": now, "nbf": now - 120, "exp": now + lifetime_s,
    });
    Some([
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", client_id.to_owned()),
        ("client_assertion_type", JWT_BEARER.to_owned()),
        ("client_assertion", sign(&key, &header, &claims)),
    ])
}

/// Returns the compact form of a signed JWT.
fn sign(key: &Ed25519KeyPair, header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Returns the error of the assertion, if there is one.
pub(crate) fn verify(assertion: &str, expected: &Expected<'_>) -> Result<(), &'static str> {
    let (signed, signature) = assertion
        .rsplit_once('.')
        .ok_or("the assertion is not a compact JWT")?;
    let (header, claims) = signed
        .split_once('.')
        .ok_or("the assertion is not a compact JWT")?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| "the signature is not base64url")?;
    let header: Header = decode(header).ok_or("the header is not what a JWT needs")?;
    if header.alg != "EdDSA" {
        return Err("alg is not EdDSA");
    }
    UnparsedPublicKey::new(&ED25519, expected.public_key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| "the signature does not match")?;
    if header.nonce.is_empty() {
        return Err("the header has no nonce");
    }
    decode::<Claims>(claims)
        .ok_or("a claim is missing or malformed")?
        .check(expected)
}

impl Claims {
    fn check(&self, expected: &Expected<'_>) -> Result<(), &'static str> {
        let (Audience::One(audience) | Audience::List([audience])) = &self.aud;
        if self.iss != expected.client_id || self.sub != expected.client_id {
            return Err("iss and sub are not the client id");
        }
        if audience != expected.audience {
            return Err("aud is not this host");
        }
        if self.nbf.is_some_and(|nbf| nbf > expected.now) {
            return Err("the assertion is not valid yet");
        }
        if self.exp <= expected.now {
            return Err("the assertion has expired");
        }
        if self.exp - expected.now > LONGEST {
            return Err("exp is more than five minutes ahead");
        }
        Ok(())
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    // The example in the API's description, with a test key.
    const CLIENT_ID: &str = "plucky-heron-40417@acme.conductor.one/spc";
    const SEED: &str = "hjIoouNxQtIQqgfeMSuaORCyjmG8bGet2j-hpK7ezZM";
    const PUBLIC_KEY: &str = "2zcMKqaXlumiyhODiwBMEKvUARCPnfVQuRkiWOxsL-A";
    const NOW: i64 = 1_767_225_600;
    const ASSERTION: &str = "eyJhbGciOiJFZERTQSIsIm5vbmNlIjoiMDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYifQ.\
        eyJpc3MiOiJwbHVja3ktaGVyb24tNDA0MTdAYWNtZS5jb25kdWN0b3Iub25lL3NwYyIsInN1YiI6InBsdWNreS1oZXJvbi00MDQxN0BhY21l\
        LmNvbmR1Y3Rvci5vbmUvc3BjIiwiYXVkIjoiYWNtZS5jb25kdWN0b3Iub25lIiwiZXhwIjoxNzY3MjI1NzIwLCJuYmYiOjE3NjcyMjU0ODAs\
        ImlhdCI6MTc2NzIyNTYwMH0.\
        n2qSd8UY869_NfIthk4TIgYbw51o4P5uIIH6JSorm0utWChSFjNkmL_a5ACaIXv0kcpe_hWFb0gICWa0xoyECQ";

    fn verify_at(assertion: &str, audience: &str, now: i64) -> Result<(), &'static str> {
        let public_key = URL_SAFE_NO_PAD.decode(PUBLIC_KEY).unwrap();
        verify(
            assertion,
            &Expected {
                client_id: CLIENT_ID,
                audience,
                public_key: &public_key,
                now,
            },
        )
    }

    /// Returns the example with some changed claims or header members, and a new signature.
    fn signed(header: &Value, changed: &Value) -> String {
        let mut claims = json!({
            "iss": CLIENT_ID, "sub": CLIENT_ID, "aud": "acme.conductor.one",
            "exp": NOW + 120, "nbf": NOW - 120, "iat": NOW,
        });
        for (name, value) in changed.as_object().unwrap() {
            claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone());
        }
        let seed = URL_SAFE_NO_PAD.decode(SEED).unwrap();
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        sign(&key, header, &claims)
    }

    #[test]
    fn accepts_the_worked_example() {
        assert_eq!(verify_at(ASSERTION, "acme.conductor.one", NOW), Ok(()));
    }

    #[test]
    fn refuses_the_example_elsewhere_and_at_another_time() {
        assert_eq!(
            verify_at(ASSERTION, "other.conductor.one", NOW),
            Err("aud is not this host")
        );
        assert_eq!(
            verify_at(ASSERTION, "acme.conductor.one", NOW + 120),
            Err("the assertion has expired")
        );
        assert_eq!(
            verify_at(ASSERTION, "acme.conductor.one", NOW - 121),
            Err("the assertion is not valid yet")
        );
    }

    #[test]
    fn refuses_another_signature() {
        let forged = ASSERTION.replace(".n2q", ".n3q");
        assert_eq!(
            verify_at(&forged, "acme.conductor.one", NOW),
            Err("the signature does not match")
        );
    }

    #[test]
    fn checks_every_claim() {
        let header = json!({"alg": "EdDSA", "nonce": "00"});
        for (changed, expected) in [
            (json!({}), Ok(())),
            (json!({"aud": ["acme.conductor.one"]}), Ok(())),
            (
                json!({"aud": ["acme.conductor.one", "b"]}),
                Err("a claim is missing or malformed"),
            ),
            (
                json!({"iss": "x"}),
                Err("iss and sub are not the client id"),
            ),
            (
                json!({"sub": "x"}),
                Err("iss and sub are not the client id"),
            ),
            (json!({"exp": NOW + 300}), Ok(())),
            (
                json!({"exp": NOW + 301}),
                Err("exp is more than five minutes ahead"),
            ),
            (json!({"exp": null}), Err("a claim is missing or malformed")),
        ] {
            assert_eq!(
                verify_at(&signed(&header, &changed), "acme.conductor.one", NOW),
                expected,
                "{changed}"
            );
        }
    }

    #[test]
    fn checks_the_header() {
        let of = |header: Value| verify_at(&signed(&header, &json!({})), "acme.conductor.one", NOW);
        assert_eq!(of(json!({"alg": "EdDSA"})), Err("the header has no nonce"));
        assert_eq!(
            of(json!({"alg": "none", "nonce": "00"})),
            Err("alg is not EdDSA")
        );
    }
}
