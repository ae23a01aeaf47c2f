//! How many requests the server accepts, according to its responses. The times are arguments, so that tests need no
//! clock.
//!
//! A refusal (429) is about all requests of the tenant. It lowers two limits once, however many requests were in flight:
//! the number of requests in flight, and the rate of requests. After a pause, one request probes whether the server
//! accepts requests again. Then both limits rise slowly.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::{self, MAX_RETRY_AFTER};
use super::settings::Concurrency;

/// The number of accepted requests that raise the number of requests in flight by one.
const ACCEPTED_PER_STEP: u32 = 4;
/// The lowest first estimate of the rate, in requests per second. A slow response says little about the rate.
const LOWEST_FIRST_RATE: f64 = 10.0;
/// The lowest rate, in requests per second. Refusals for another reason than the rate must not stop everything.
const LOWEST_RATE: f64 = 2.0;
/// The part of the estimated rate that the client does not use after a refusal.
const MARGIN: f64 = 0.1;
/// The time until the rate has risen to the estimate, in seconds. It rises slower and slower until then, and faster
/// and faster afterwards.
const RECOVERY: f64 = 10.0;
/// The interval between probes while none has been answered.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// The shortest time that an estimate uses.
const SHORTEST: Duration = Duration::from_millis(1);
/// How late a request may start without delaying the next one. Timers are inexact, and the processor may be busy.
const CATCH_UP: Duration = Duration::from_millis(50);

/// The requests in flight, and the limits for the next one.
#[derive(Debug)]
pub(super) struct Congestion {
    concurrency: Concurrency,
    /// The number of requests that may be in flight, times [`ACCEPTED_PER_STEP`].
    steps: u32,
    in_flight: u32,
    accepted: u32,
    /// How long the latest accepted request took.
    latency: Option<Duration>,
    /// The number of refusals that lowered the limits.
    refusals: u32,
    /// The number of these since the latest accepted request.
    refusals_in_a_row: u32,
    /// The rate, after the first refusal.
    pace: Option<Pace>,
}

/// A request in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    at: Instant,
    /// The number of refusals before the request was sent.
    refusals: u32,
}

/// Why no request may be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Blocked {
    /// Too many requests are in flight.
    InFlight,
    /// The server limits the rate. A response can end this earlier.
    Until(Instant),
}

/// The rate of requests after a refusal.
#[derive(Debug)]
struct Pace {
    /// The estimated rate that the server accepts, in requests per second.
    estimate: f64,
    /// For how long this pace has delayed requests, in seconds. The rate does not rise while there are few requests.
    effective: f64,
    /// When the next request may be sent.
    next: Instant,
    /// Whether the server has accepted no request since the pause.
    is_probing: bool,
    refused_at: Instant,
    accepted_before: u32,
}

impl Congestion {
    pub(super) fn new(concurrency: Concurrency) -> Self {
        Self {
            concurrency,
            steps: concurrency.start.saturating_mul(ACCEPTED_PER_STEP),
            in_flight: 0,
            accepted: 0,
            latency: None,
            refusals: 0,
            refusals_in_a_row: 0,
            pace: None,
        }
    }

    /// Returns the number of accepted requests.
    pub(super) fn accepted(&self) -> u32 {
        self.accepted
    }

    /// Returns whether the rate limits the next request, and not the number of requests in flight.
    pub(super) fn is_paced(&self) -> bool {
        self.pace.is_some() && self.has_room()
    }

    /// Returns how long requests pause.
    pub(super) fn pause(&self, now: Instant) -> Duration {
        let pace = self.pace.as_ref().filter(|pace| pace.is_probing);
        pace.map_or(Duration::ZERO, |pace| {
            pace.next.saturating_duration_since(now)
        })
    }

    /// Counts a request in, if it may be sent now.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Sent, Blocked> {
        if !self.has_room() {
            return Err(Blocked::InFlight);
        }
        if let Some(pace) = &mut self.pace {
            if pace.next > now {
                return Err(Blocked::Until(pace.next));
            }
            pace.schedule_next(now);
        }
        self.in_flight += 1;
        Ok(Sent {
            at: now,
            refusals: self.refusals,
        })
    }

    fn has_room(&self) -> bool {
        self.in_flight < (self.steps / ACCEPTED_PER_STEP).max(1)
    }

    /// Counts a request out.
    pub(super) fn end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Records that the server accepted a request.
    pub(super) fn accept(&mut self, sent: Sent, is_http_2: bool, now: Instant) {
        self.accepted = self.accepted.saturating_add(1);
        self.latency = Some(now.saturating_duration_since(sent.at));
        let Concurrency { start, most } = self.concurrency;
        let most = if is_http_2 { most } else { start };
        if self.steps < most.saturating_mul(ACCEPTED_PER_STEP) {
            self.steps += 1;
        }
        if sent.refusals < self.refusals {
            return;
        }
        self.refusals_in_a_row = 0;
        if let Some(pace) = self.pace.as_mut().filter(|pace| pace.is_probing) {
            pace.is_probing = false;
            pace.next = now;
        }
    }

    /// Records that the server refused a request, and begins a pause. Returns whether this refusal is the first one of
    /// the requests that were in flight. `fraction` is between 0 and 1.
    pub(super) fn refuse(
        &mut self,
        sent: Sent,
        retry_after: Option<Duration>,
        fraction: f64,
        now: Instant,
    ) -> bool {
        let asked = retry_after.filter(|asked| *asked <= MAX_RETRY_AFTER);
        if sent.refusals < self.refusals {
            let probing = self.pace.as_mut().filter(|pace| pace.is_probing);
            if let (Some(pace), Some(asked)) = (probing, asked) {
                pace.next = pace.next.max(now + asked);
            }
            return false;
        }
        let pause = asked.unwrap_or_else(|| retry::backoff(self.refusals_in_a_row, fraction));
        self.pace = Some(Pace {
            estimate: self.estimate(sent, now),
            effective: 0.0,
            next: now + pause,
            is_probing: true,
            refused_at: now,
            accepted_before: self.accepted,
        });
        self.steps = (self.steps / 2).max(ACCEPTED_PER_STEP);
        self.refusals = self.refusals.saturating_add(1);
        self.refusals_in_a_row = self.refusals_in_a_row.saturating_add(1);
        true
    }

    /// Estimates the rate that the server accepts, at a refusal.
    fn estimate(&self, sent: Sent, now: Instant) -> f64 {
        let Some(pace) = &self.pace else {
            let latency = now.saturating_duration_since(sent.at);
            let latency = self.latency.unwrap_or(latency).max(SHORTEST);
            let rate = f64::from(self.in_flight) / latency.as_secs_f64();
            return rate.max(LOWEST_FIRST_RATE) / 2.0;
        };
        if pace.is_probing {
            return pace.estimate;
        }
        // A server with a reserve had none left at either refusal, so the mean rate in between is what it can sustain. A
        // server without a reserve accepts nearly the current rate, and the mean rate is lower because of the pause.
        let elapsed = now.saturating_duration_since(pace.refused_at);
        let accepted = f64::from(self.accepted - pace.accepted_before);
        let mean = accepted / elapsed.max(SHORTEST).as_secs_f64();
        let current = pace.rate();
        (current * (mean / current).sqrt().clamp(0.5, 1.0)).max(LOWEST_RATE)
    }
}

impl Pace {
    /// Returns the current rate in requests per second.
    fn rate(&self) -> f64 {
        let remaining = 1.0 - self.effective / RECOVERY;
        self.estimate * (1.0 - MARGIN * remaining.powi(3))
    }

    /// Decides when the request after this one may be sent.
    fn schedule_next(&mut self, now: Instant) {
        if self.is_probing {
            self.next = now + PROBE_INTERVAL;
            return;
        }
        let interval = self.rate().recip();
        if now.saturating_duration_since(self.next) < CATCH_UP {
            self.effective += interval;
        } else {
            self.next = now;
        }
        self.next += Duration::from_secs_f64(interval);
    }
}
