//! A request to the API.

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

/// The effect of a request, which decides whether it may be retried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effect {
    /// The request changes nothing.
    ReadOnly,
    /// Sending the request twice has the same effect as sending it once.
    Idempotent,
    /// Sending the request twice acts twice, for example creates two objects.
    NonIdempotent,
}

/// A request to the API.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: ApiPath,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) effect: Effect,
    /// The limits of its response.
    pub(crate) limits: ResponseLimits,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Nothing,
    Json(Value),
    /// The form for the token endpoint, and the offset of the server's clock. Each attempt creates a new form.
    Grant(Arc<Grant>, Option<SignedDuration>),
}

/// An encoded body.
pub(super) struct Payload {
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Request {
    /// Returns a `GET` request.
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

    /// Sets the limits of the response, which are those of one object by default.
    pub(super) fn expecting(self, limits: ResponseLimits) -> Self {
        Self { limits, ..self }
    }

    /// Returns a `DELETE` request, which is idempotent.
    pub(crate) fn delete(path: ApiPath) -> Self {
        Self {
            method: Method::DELETE,
            effect: Effect::Idempotent,
            ..Self::get(path)
        }
    }

    /// Returns a `PUT` request, which replaces an object and is idempotent.
    pub(crate) fn put(path: ApiPath, body: Value) -> Self {
        Self {
            method: Method::PUT,
            effect: Effect::Idempotent,
            content: Content::Json(body),
            ..Self::get(path)
        }
    }

    /// Returns a `POST` request. Its effect depends on the endpoint.
    pub(crate) fn post(path: ApiPath, body: Value, effect: Effect) -> Self {
        Self {
            method: Method::POST,
            effect,
            content: Content::Json(body),
            ..Self::get(path)
        }
    }

    /// Returns the request for an access token, `POST /auth/v1/token`. An unused token changes nothing. `ahead` is the
    /// offset of the server's clock, if its time applies.
    pub(super) fn token(grant: Arc<Grant>, ahead: Option<SignedDuration>) -> Self {
        Self {
            method: Method::POST,
            content: Content::Grant(grant, ahead),
            ..Self::get(ApiPath::fixed("/auth/v1/token"))
        }
    }

    /// Returns the body for the next attempt. Registers its secrets for masking, because servers quote what they
    /// reject.
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
