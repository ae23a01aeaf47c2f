//! One call of the API: its request, its attempts and its response.

use std::mem;

use http::{HeaderValue, Method, StatusCode, Version};
use reqwest::Response;
use tokio::time::Instant;

use super::cause::{Cause, FailureClass};
use super::error::{CallError, Error};
use super::host::BaseUrl;
use super::peer_text::PeerText;
use super::request::{Effect, Request};
use super::response_body::{Body, Decoded, Decoder};

/// A request that has been started, with all its attempts.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) attempts: u32,
    effect: Effect,
    server: BaseUrl,
    started: Instant,
    may_have_happened: bool,
}

/// The head of a response, whatever its status.
#[derive(Debug)]
pub(super) struct ResponseHead {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    request_id: Option<HeaderValue>,
}

/// A successful response.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    /// The size of the body in bytes.
    pub(super) size: usize,
    call: Call,
    body: Body,
}

impl ResponseHead {
    pub(super) fn new(response: &Response) -> Self {
        Self {
            status: response.status(),
            version: response.version(),
            request_id: response.headers().get("x-request-id").cloned(),
        }
    }

    /// Returns the header `x-request-id`. Each call searches it for secrets.
    pub(super) fn request_id(&self) -> Option<PeerText> {
        self.request_id.as_ref()?.to_str().ok().map(PeerText::new)
    }
}

impl Call {
    pub(super) fn new(server: &BaseUrl, request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            path: server.join(&request.path, &[]).path().to_owned(),
            attempts: 0,
            server: server.clone(),
            effect: request.effect,
            started: Instant::now(),
            may_have_happened: false,
        }
    }

    /// Records a failed attempt. Once a write may have happened, no later refusal changes that.
    pub(super) fn failed(&mut self, cause: Cause) -> CallError {
        let unclear = matches!(
            cause.class(),
            FailureClass::Ambiguous | FailureClass::AmbiguousFinal
        );
        self.may_have_happened |= unclear && self.effect != Effect::ReadOnly;
        CallError {
            method: self.method.clone(),
            server: self.server.clone(),
            path: self.path.clone(),
            attempts: self.attempts,
            elapsed: self.started.elapsed(),
            cause,
            may_have_happened: self.may_have_happened,
        }
    }
}

impl ApiResponse {
    pub(super) fn new(body: Body, call: Call) -> Self {
        let size = body.bytes.len();
        Self { size, call, body }
    }

    /// Decodes the response. Call this only once.
    pub(super) async fn decode(&mut self, decoder: Decoder) -> Result<Decoded, Error> {
        let value = mem::take(&mut self.body).decode(decoder).await;
        value.map_err(|cause| self.unusable(cause))
    }

    /// Returns the object that the decoder took out of the response.
    pub(super) fn object<R: 'static>(
        &mut self,
        value: Decoded,
        object: &'static str,
    ) -> Result<R, Error> {
        match value.downcast() {
            Ok(found) => Ok(*found),
            Err(_) => Err(self.unusable(Cause::Unexpected { object })),
        }
    }

    /// Returns the error for a response that cannot be used.
    pub(super) fn unusable(&mut self, cause: Cause) -> Error {
        Error::Call(Box::new(self.call.failed(cause)))
    }
}
