//! Shapes that every area of the API shares.

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::error::Error;
use super::path::is_id;
use super::redact;

/// Decodes what may also be `null`: the service prints unset fields in every way that protobuf JSON allows.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Decodes a text of which an empty one means that it is absent.
pub(crate) fn unless_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let value: Option<String> = Option::deserialize(deserializer)?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// Decodes a list of IDs and ignores what is not one. `null` is an empty list.
pub(crate) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut ids: Vec<String> = or_default(deserializer)?;
    ids.retain(|id| is_id(id));
    Ok(ids)
}

/// Decodes a secret, which an answer has only if this call issued it. An empty one means that it is absent.
pub(crate) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let secret = unless_empty(deserializer)?;
    Ok(secret.map(|secret| {
        redact::remember(&secret);
        secret.into()
    }))
}

/// The object, unless it does not exist.
pub(crate) fn existing<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}

/// The fields of an update that are there, and the mask that names exactly those. None if there are none: to the
/// service, an empty mask means every field.
pub(crate) fn masked<const N: usize>(
    fields: [(&'static str, Option<Value>); N],
) -> Option<(Map<String, Value>, String)> {
    let changed: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let mask: Vec<_> = changed.iter().map(|(name, _)| *name).collect();
    let mask = mask.join(",");
    let named = |(name, value): (&str, Value)| (name.to_owned(), value);
    (!mask.is_empty()).then(|| (changed.into_iter().map(named).collect(), mask))
}

/// The answer, unless the tenant does not have the operation or what it was asked about.
pub(crate) fn offered<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        // Also as a web page: an unknown path may end up at the web application.
        Err(error) if matches!(error.status(), Some(404 | 501)) => Ok(None),
        result => result.map(Some),
    }
}
