//! Requests in protobuf's JSON mapping.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::emulation::Emulation;
use crate::problem::{Problem, Result};

/// The JSON body of a request. An empty body counts as `{}`, and a null as an omitted field.
#[derive(Debug)]
pub(crate) struct Input<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Emulation>> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, emulation: &Arc<Emulation>) -> Result<Self> {
        let bytes = Bytes::from_request(request, emulation)
            .await
            .map_err(|error| Problem::invalid(error.to_string()))?;
        let body = if bytes.is_empty() {
            Value::Object(Map::new())
        } else {
            serde_json::from_slice(&bytes)
                .map_err(|error| Problem::invalid(format!("malformed JSON: {error}")))?
        };
        decode(body).map(Self)
    }
}

/// The query of a request.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Emulation>> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Emulation>) -> Result<Self> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|error| Problem::invalid(error.to_string()))
    }
}

/// A message without fields.
#[derive(Debug, Deserialize)]
pub(crate) struct Empty {}

/// `expandMask`. The emulator accepts it and expands nothing, which the API allows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ExpandMask {
    #[serde(rename = "paths")]
    _paths: Vec<String>,
}

/// A reference to an entitlement of an app.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AppEntitlementRef {
    pub(crate) app_id: String,
    pub(crate) id: String,
}

/// A reference to a user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UserRef {
    pub(crate) id: String,
}

/// Reads a message and refuses unknown fields, like the service.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T> {
    let mut unknown = None;
    let message = serde_ignored::deserialize(without_nulls(value), |path| {
        unknown.get_or_insert_with(|| path.to_string());
    })
    .map_err(|error| Problem::invalid(error.to_string()))?;
    match unknown {
        Some(field) => Err(Problem::invalid(format!("unknown field {field:?}"))),
        None => Ok(message),
    }
}

/// Removes nulls at every depth, because protobuf's JSON mapping treats them as omitted fields.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}

/// Reads a number that may also be a string, as protobuf's JSON mapping allows.
pub(crate) fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Plain(i64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Plain(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Message {
        user_refs: Vec<UserRef>,
    }

    #[test]
    fn unknown_fields_are_named_at_every_depth() {
        let body = json!({"userRefs": [{"id": "u", "name": "x"}]});
        let problem = decode::<Message>(body).unwrap_err();
        assert_eq!(problem.message, "unknown field \"userRefs.0.name\"");
    }

    #[test]
    fn a_null_is_a_field_left_out() {
        let message: Message = decode(json!({"userRefs": null})).unwrap();
        assert!(message.user_refs.is_empty());
    }
}
