//! One request, as the areas of the API describe it.

use std::sync::Arc;

use http::Method;
use jiff::SignedDuration;
use serde_json::Value;
use url::form_urlencoded;

use super::cause::Cause;
use super::grant::Grant;
use super::path::ApiPath;
use super::redact;
use super::response_body::ResponseLimits;

/// What sending a request twice does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effect {
    /// Nothing: it changes nothing at all.
    ReadOnly,
    /// The same as sending it once.
    Idempotent,
    /// It acts twice, for example creates a second object.
    NonIdempotent,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: ApiPath,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) effect: Effect,
    /// How much its answer may hold.
    pub(crate) limits: ResponseLimits,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Nothing,
    Json(Value),
    /// The form of the token endpoint, made anew for every attempt, and how far the server's clock is ahead.
    Grant(Arc<Grant>, Option<SignedDuration>),
}

/// A body ready to be sent.
pub(super) struct Payload {
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Request {
    /// A `GET`.
    pub(crate) fn get(path: ApiPath) -> Self {
        Self {
            method: Method::GET,
            path,
            query: Vec::new(),
            effect: Effect::ReadOnly,
            limits: ResponseLimits::OBJECT,
            content: Content::Nothing,
        }
    }

    /// The same request, whose answer may hold this much instead of one object.
    pub(super) fn expecting(self, limits: ResponseLimits) -> Self {
        Self { limits, ..self }
    }

    /// A `DELETE`, of which a second one does no more than the first.
    pub(crate) fn delete(path: ApiPath) -> Self {
        Self {
            method: Method::DELETE,
            effect: Effect::Idempotent,
            ..Self::get(path)
        }
    }

    /// A `PUT`, which replaces.
    pub(crate) fn put(path: ApiPath, body: Value) -> Self {
        Self {
            method: Method::PUT,
            effect: Effect::Idempotent,
            content: Content::Json(body),
            ..Self::get(path)
        }
    }

    /// A `POST`, which can mean anything.
    pub(crate) fn post(path: ApiPath, body: Value, effect: Effect) -> Self {
        Self {
            method: Method::POST,
            effect,
            content: Content::Json(body),
            ..Self::get(path)
        }
    }

    /// `POST /auth/v1/token`. A token that is never used changes nothing. `ahead` is how far the server's clock is ahead,
    /// where its time counts.
    pub(super) fn token(grant: Arc<Grant>, ahead: Option<SignedDuration>) -> Self {
        Self {
            method: Method::POST,
            content: Content::Grant(grant, ahead),
            ..Self::get(ApiPath::fixed("/auth/v1/token"))
        }
    }

    /// Returns the body of the next attempt. Its secrets are remembered, because servers quote what they refuse.
    pub(super) fn payload(&self) -> Result<Option<Payload>, Cause> {
        Ok(match &self.content {
            Content::Nothing => None,
            Content::Json(body) => {
                redact::remember_secrets_in(body);
                Some(Payload {
                    content_type: "application/json",
                    bytes: body.to_string().into_bytes(),
                })
            }
            Content::Grant(grant, ahead) => {
                let form = grant.form(*ahead)?;
                for (name, value) in &form {
                    if redact::is_secret(name) {
                        redact::remember(value);
                    }
                }
                let body = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(&form)
                    .finish();
                Some(Payload {
                    content_type: "application/x-www-form-urlencoded",
                    bytes: body.into_bytes(),
                })
            }
        })
    }
}
