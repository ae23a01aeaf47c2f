//! One request and its response, including faults.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, DATE};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

use crate::control;
use crate::emulation::Emulation;
use crate::faults::FaultAction;
use crate::observer::{Observed, Observer};
use crate::problem::Problem;
use crate::time::Time;

/// The maximum size of a request body.
const LARGEST_BODY: usize = 4 << 20;

/// The time to send half a response before the connection closes.
const PARTING: Duration = Duration::from_millis(50);

/// A connection, and the context of its requests.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) emulation: Arc<Emulation>,
    pub(crate) router: Router,
    /// Its number, counted from 1.
    pub(crate) number: usize,
    /// The observer of its exchanges.
    pub(crate) observer: Option<Observer>,
    /// Closes the connection immediately when it is canceled.
    pub(crate) closing: CancellationToken,
}

impl Connection {
    /// Responds to a request, or closes the connection and never returns.
    pub(crate) async fn answer(self, request: Request<Incoming>) -> Result<Response, Infallible> {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(Body::new(body), LARGEST_BODY).await else {
            return Ok(
                Problem::invalid("the request body is too large or incomplete").into_response(),
            );
        };
        if parts.uri.path().starts_with(control::PREFIX) {
            return Ok(self
                .route(Request::from_parts(parts, Body::from(body)))
                .await);
        }
        let entry = self
            .emulation
            .traffic()
            .journal
            .open(self.number, &parts, &body);
        let number = entry.number;
        let mut observed = self
            .observer
            .clone()
            .map(|observer| Observed::new(observer, entry));
        let request = Request::from_parts(parts, Body::from(body));
        let (response, by) = self.meet_faults(request).await;
        let Some(mut response) = response else {
            drop(observed);
            self.closing.cancel();
            return pending().await;
        };
        let ahead = self.emulation.tenant().switches.clock_ahead_s;
        if let Ok(date) = Time::by_clock(ahead).as_http_date().parse() {
            response.headers_mut().insert(DATE, date);
        }
        let status = response.status().as_u16();
        self.emulation.traffic().journal.close(number, status);
        let Some(observed) = &mut observed else {
            return Ok(response);
        };
        observed.exchange.request.status = Some(status);
        Ok(match by {
            By::Fault => response,
            By::Service => read(response, &mut observed.exchange.answer).await,
        })
    }

    /// Returns the response and its origin, or no response if the connection must close.
    async fn meet_faults(&self, request: Request) -> (Option<Response>, By) {
        let (latency, rate_limit) = {
            let switches = &self.emulation.tenant().switches;
            (switches.latency_ms, switches.rate_limit)
        };
        pause(latency).await;
        let refusal = rate_limit.and_then(|limit| {
            let mut traffic = self.emulation.traffic();
            traffic.rate_limiter.refuse(limit, Instant::now())
        });
        let strike = || {
            let faults = &mut self.emulation.traffic().faults;
            faults.strike(request.method().as_str(), request.uri().path())
        };
        match refusal.or_else(strike) {
            None => (Some(self.route(request).await), By::Service),
            Some(FaultAction::DropBefore) => (None, By::Fault),
            Some(FaultAction::DropAfter) => {
                self.route(request).await;
                (None, By::Fault)
            }
            Some(FaultAction::DelayBefore { ms }) => {
                pause(ms).await;
                (Some(self.route(request).await), By::Service)
            }
            Some(FaultAction::DelayAfter { ms }) => {
                let response = self.route(request).await;
                pause(ms).await;
                (Some(response), By::Service)
            }
            Some(FaultAction::Truncate) => {
                let response = self.route(request).await;
                (Some(self.truncated(response).await), By::Fault)
            }
            Some(answering) => (answering.answer(), By::Fault),
        }
    }

    async fn route(&self, request: Request) -> Response {
        let Ok(response) = TowerToHyperService::new(self.router.clone())
            .call(request)
            .await;
        response
    }

    async fn truncated(&self, response: Response) -> Response {
        let (mut parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        // Keeps the original length, so that the client can detect the truncation.
        parts.headers.insert(CONTENT_LENGTH, body.len().into());
        let half = body.slice(..body.len() / 2);
        let closing = self.closing.clone();
        Response::from_parts(
            parts,
            Body::new(HalfBody {
                half: Some(half),
                parting: Box::pin(sleep(PARTING)),
                closing,
            }),
        )
    }
}

/// The origin of a response.
#[derive(Clone, Copy, Debug)]
enum By {
    Service,
    Fault,
}

/// Records the body of a response: JSON unchanged, other text as a string, null if it is empty.
async fn read(response: Response, answer: &mut Option<Value>) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    *answer = Some(if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into())
    });
    Response::from_parts(parts, Body::from(body))
}

async fn pause(milliseconds: u64) {
    if milliseconds > 0 {
        sleep(Duration::from_millis(milliseconds)).await;
    }
}

/// The first half of a body, after which the connection closes.
struct HalfBody {
    half: Option<Bytes>,
    parting: Pin<Box<Sleep>>,
    closing: CancellationToken,
}

impl HttpBody for HalfBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        ready!(self.parting.as_mut().poll(context));
        self.closing.cancel();
        Poll::Pending
    }
}
