//! Deserializers for fields of JSON responses.

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};

use super::path::is_id;
use super::redact;

/// Decodes a value that may be `null`. The service writes unset fields in every way that protobuf JSON allows.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Decodes a string. An empty string means that it is absent.
pub(crate) fn none_if_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let value: Option<String> = Option::deserialize(deserializer)?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// Decodes a list of IDs, and ignores values that are not IDs. `null` is an empty list.
pub(crate) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut ids: Vec<String> = or_default(deserializer)?;
    ids.retain(|id| is_id(id));
    Ok(ids)
}

/// Decodes a secret. Only the response that issues the secret has it. An empty string means that it is absent.
pub(crate) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let secret = none_if_empty(deserializer)?;
    Ok(secret.map(|secret| {
        redact::remember(&secret);
        secret.into()
    }))
}
