//! The forms that request access tokens (`POST /auth/v1/token`).

use std::fmt::Write as _;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::cause::Cause;
use super::credentials::ClientSecret;
use super::oidc;

/// The seconds before and after the current time for which an assertion is valid. The server accepts at most 300
/// seconds ahead.
const VALIDITY: i64 = 120;

/// How long an OIDC token is still sent after its expiry.
const EXPIRY_LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// Credentials that can be exchanged for an access token any number of times.
#[derive(Debug)]
pub(super) enum Grant {
    /// A token of an external issuer.
    Exchange {
        client_id: String,
        token: SecretString,
    },
    /// A service principal, which signs an assertion. The audience is the host of the API, not the host in the client
    /// ID.
    Assertion {
        client_id: String,
        secret: ClientSecret,
        audience: String,
    },
}

/// The input that differs between two assertions.
struct AssertionInput {
    /// The time in seconds since 1970.
    now: i64,
    nonce: [u8; 16],
}

impl Grant {
    /// Returns the fields of the request. Signs a new assertion for each attempt, so that an assertion is never sent
    /// twice. `ahead` is the offset of the server's clock, if its time applies.
    pub(super) fn form(
        &self,
        ahead: Option<SignedDuration>,
    ) -> Result<Vec<(&'static str, String)>, Cause> {
        let now = Timestamp::now();
        let now = now.checked_add(ahead.unwrap_or_default()).unwrap_or(now);
        // Only the server's time applies, because this machine's clock may be wrong. The server may accept a token
        // that has just expired.
        if let Some(expiry) = self
            .expired_before(now - EXPIRY_LEEWAY)
            .filter(|_| ahead.is_some())
        {
            return Err(Cause::OidcTokenExpired(expiry));
        }
        match self {
            Self::Exchange { client_id, token } => Ok(vec![
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange".to_owned(),
                ),
                ("subject_token", token.expose_secret().to_owned()),
                (
                    "subject_token_type",
                    "urn:ietf:params:oauth:token-type:jwt".to_owned(),
                ),
                ("client_id", client_id.clone()),
            ]),
            Self::Assertion {
                client_id,
                secret,
                audience,
            } => Ok(vec![
                ("grant_type", "client_credentials".to_owned()),
                ("client_id", client_id.clone()),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
                ),
                (
                    "client_assertion",
                    AssertionInput::at(now)?.assertion(client_id, audience, secret),
                ),
            ]),
        }
    }
}

impl Grant {
    /// Returns whether the request contains a time, so that a wrong clock makes it invalid.
    pub(super) fn is_dated(&self) -> bool {
        matches!(self, Self::Assertion { .. })
    }

    /// Returns the expiry of the token to exchange if it is before `time`.
    pub(super) fn expired_before(&self, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Exchange { token, .. } => {
                oidc::expiry(token.expose_secret()).filter(|expiry| *expiry < moment)
            }
            Self::Assertion { .. } => None,
        }
    }
}

impl AssertionInput {
    fn at(now: Timestamp) -> Result<Self, Cause> {
        let mut nonce = [0; 16];
        rand::fill(&mut nonce)
            .map_err(|_| Cause::Unsendable("no random numbers are available".to_owned()))?;
        Ok(Self {
            now: now.as_second(),
            nonce,
        })
    }

    /// Returns the compact JWT. The members are written out, because a JSON map would not keep the service's order.
    fn assertion(&self, client_id: &str, audience: &str, secret: &ClientSecret) -> String {
        let nonce = self.nonce.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let key_id = secret
            .key_id()
            .map_or_else(String::new, |id| format!(r#","kid":{}"#, Value::from(id)));
        let header = format!(r#"{{"alg":"EdDSA","nonce":"{nonce}"{key_id}}}"#);
        let (id, audience) = (Value::from(client_id), Value::from(audience));
        let claims = format!(
            r#"{{"iss":{id},"sub":{id},"aud":{audience},"exp":{},"nbf":{},"iat":{}}}"#,
            self.now + VALIDITY,
            self.now - VALIDITY,
            self.now
        );
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = URL_SAFE_NO_PAD.encode(secret.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::credentials::ClientSecret;
    use super::{AssertionInput, Grant};

    const CLIENT_ID: &str = "plucky-heron-40417@acme.conductor.one/spc";
    // A test key from the worked example of the API contract.
    const SECRET: &str = "secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjJ6Y01LcWFYbHVtaXloT0Rpd0JNRUt2VUFSQ1BuZlZRdVJraVdPeHNMLUEiLCJkIjoiaGpJb291TnhRdElRcWdmZU1TdWFPUkN5am1HOGJHZXQyai1ocEs3ZXpaTSJ9";
    const ASSERTION: &str = "eyJhbGciOiJFZERTQSIsIm5vbmNlIjoiMDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYifQ.eyJpc3MiOiJwbHVja3ktaGVyb24tNDA0MTdAYWNtZS5jb25kdWN0b3Iub25lL3NwYyIsInN1YiI6InBsdWNreS1oZXJvbi00MDQxN0BhY21lLmNvbmR1Y3Rvci5vbmUvc3BjIiwiYXVkIjoiYWNtZS5jb25kdWN0b3Iub25lIiwiZXhwIjoxNzY3MjI1NzIwLCJuYmYiOjE3NjcyMjU0ODAsImlhdCI6MTc2NzIyNTYwMH0.n2qSd8UY869_NfIthk4TIgYbw51o4P5uIIH6JSorm0utWChSFjNkmL_a5ACaIXv0kcpe_hWFb0gICWa0xoyECQ";

    #[test]
    fn the_worked_example_is_reproduced_exactly() {
        let nonce = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes();
        let moment = AssertionInput {
            now: 1_767_225_600,
            nonce,
        };
        let assertion = ClientSecret::parse(&SecretString::from(SECRET))
            .map(|secret| moment.assertion(CLIENT_ID, "acme.conductor.one", &secret));
        assert_eq!(assertion.as_deref(), Ok(ASSERTION));
    }

    #[test]
    fn each_assertion_is_new() {
        let grant =
            ClientSecret::parse(&SecretString::from(SECRET)).map(|secret| Grant::Assertion {
                client_id: CLIENT_ID.to_owned(),
                secret,
                audience: "acme.conductor.one".to_owned(),
            });
        let forms = grant.map(|grant| [grant.form(None).ok(), grant.form(None).ok()]);
        assert!(
            matches!(&forms, Ok([Some(first), Some(second)]) if first != second),
            "{forms:?}"
        );
    }
}
