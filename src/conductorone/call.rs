//! A request on its way, and what came of it.

use http::Method;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::cause::{Cause, Outlook};
use super::error::{CallError, Error};
use super::host::BaseUrl;
use super::request::{Effect, Request};
use super::server_message::is_html;

/// A request on its way, through all its attempts.
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

/// A successful answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) call: Call,
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

    /// Notes that an attempt failed. Once a write may have happened, no later refusal takes that back.
    pub(super) fn failed(&mut self, cause: Cause) -> CallError {
        let unclear = matches!(cause.outlook(), Outlook::Unclear | Outlook::UnclearForGood);
        self.may_have_happened |= unclear && self.effect != Effect::Read;
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

impl Answer {
    /// Decodes the answer and takes `object` out of it. No body at all counts as an empty object.
    ///
    /// The decoder's own message is dropped, because it quotes values.
    pub(super) fn read<T: DeserializeOwned, R>(
        &mut self,
        object: &'static str,
        pick: impl FnOnce(T) -> Option<R>,
    ) -> Result<R, Error> {
        let body = if self.body.trim_ascii().is_empty() {
            b"{}"
        } else {
            self.body.as_slice()
        };
        let cause = match serde_json::from_slice(body) {
            Ok(answer) => match pick(answer) {
                Some(picked) => return Ok(picked),
                None => Cause::Unexpected { object },
            },
            Err(error) if error.is_data() => Cause::Unexpected { object },
            Err(_) => Cause::NotJson {
                html: is_html(body),
            },
        };
        Err(self.unusable(cause))
    }

    /// The answer was read, and is of no use.
    pub(super) fn unusable(&mut self, cause: Cause) -> Error {
        Error::Call(Box::new(self.call.failed(cause)))
    }
}
