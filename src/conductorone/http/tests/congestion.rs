//! The limits after refusals, against simulated servers and without a clock.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::conductorone::http::congestion::{Blocked, Congestion};
use crate::conductorone::http::settings::Concurrency;

const CONCURRENCY: Concurrency = Concurrency {
    start: 32,
    most: 128,
};
/// The jitter of all pauses, between 0 and 1.
const JITTER: f64 = 0.5;

/// A server that accepts this many requests per second, and at first or after a pause as many as its reserve at once.
#[derive(Clone, Copy, Debug)]
struct Server {
    rate: f64,
    reserve: f64,
    latency: Duration,
    retry_after: Option<Duration>,
}

/// What it took until a number of requests were accepted.
#[derive(Debug)]
struct Run {
    refused: u32,
    seconds: f64,
    /// The highest number of requests in flight.
    most_in_flight: usize,
}

impl Server {
    /// Sends requests as soon as they may be sent, until this many are accepted.
    fn accept(self, requests: u32) -> Run {
        let start = Instant::now();
        let mut congestion = Congestion::new(CONCURRENCY);
        let (mut now, mut reserve, mut filled_at) = (start, self.reserve, start);
        let (mut accepted, mut refused, mut most_in_flight) = (0, 0, 0);
        let mut in_flight = VecDeque::new();
        while accepted < requests {
            let wake = match congestion.admit(now) {
                Ok(sent) => {
                    let filled = now.duration_since(filled_at).as_secs_f64() * self.rate;
                    (reserve, filled_at) = ((reserve + filled).min(self.reserve), now);
                    let is_accepted = reserve >= 1.0;
                    reserve -= f64::from(u8::from(is_accepted));
                    in_flight.push_back((now + self.latency, sent, is_accepted));
                    most_in_flight = most_in_flight.max(in_flight.len());
                    continue;
                }
                Err(Blocked::Until(time)) => Some(time),
                Err(Blocked::InFlight) => None,
            };
            let end = in_flight.front().map(|(end, ..)| *end);
            now = end.into_iter().chain(wake).min().unwrap();
            if end != Some(now) {
                continue;
            }
            let (_, sent, is_accepted) = in_flight.pop_front().unwrap();
            if is_accepted {
                accepted += 1;
                congestion.accept(sent, true, now);
            } else {
                refused += 1;
                congestion.refuse(sent, self.retry_after, JITTER, now);
            }
            congestion.end();
        }
        Run {
            refused,
            seconds: now.duration_since(start).as_secs_f64(),
            most_in_flight,
        }
    }
}

#[test]
fn few_requests_are_refused_and_little_time_is_lost() {
    let requests = 10_000;
    for rate in [20.0, 200.0] {
        for reserve in [0.2, 1.0, 5.0] {
            for latency in [5, 50, 200] {
                for retry_after in [None, Some(Duration::from_secs(1))] {
                    let server = Server {
                        rate,
                        reserve: rate * reserve,
                        latency: Duration::from_millis(latency),
                        retry_after,
                    };
                    let run = server.accept(requests);
                    let ideal = f64::from(requests) / rate;
                    let case = format!("{server:?}: {run:?}, {ideal} s are ideal");
                    assert!(run.refused * 20 < requests, "{case}");
                    assert!(run.seconds < 1.3 * ideal, "{case}");
                }
            }
        }
    }
}

#[test]
fn without_refusals_requests_wait_only_for_each_other() {
    let server = Server {
        rate: 1e9,
        reserve: 1e9,
        latency: Duration::from_millis(100),
        retry_after: None,
    };
    let run = server.accept(10_000);
    assert_eq!((run.refused, run.most_in_flight), (0, 128));
    // At first 32 requests, and a quarter more each time.
    let rounds = 6.0 + (10_000.0 / 128.0);
    assert!(run.seconds < rounds * 0.1, "{run:?}");
}

#[test]
fn without_http_2_requests_in_flight_do_not_increase() {
    let (mut congestion, now) = (Congestion::new(CONCURRENCY), Instant::now());
    for _ in 0..1000 {
        let sent = congestion.admit(now).unwrap();
        congestion.accept(sent, false, now);
        congestion.end();
    }
    let admitted = (0..1000).take_while(|_| congestion.admit(now).is_ok());
    assert_eq!(admitted.count(), 32);
    assert_eq!(congestion.admit(now).unwrap_err(), Blocked::InFlight);
}

#[test]
fn refusals_of_requests_in_flight_count_once() {
    let (mut congestion, now) = (Congestion::new(CONCURRENCY), Instant::now());
    let sent: Vec<_> = (0..32).map(|_| congestion.admit(now).unwrap()).collect();
    let later = now + Duration::from_secs(1);
    let first: Vec<_> = sent
        .into_iter()
        .map(|sent| {
            let is_first = congestion.refuse(sent, None, JITTER, later);
            congestion.end();
            is_first
        })
        .collect();
    assert_eq!(first.iter().filter(|is_first| **is_first).count(), 1);
    assert!(first[0]);
    let pause = Duration::from_millis(250);
    assert_eq!(congestion.pause(later), pause);

    // The rate was 32 per second, so one half of it is tried, minus a tenth.
    let probe = congestion.admit(later + pause).unwrap();
    let after = later + pause + Duration::from_millis(20);
    congestion.accept(probe, true, after);
    congestion.end();
    congestion.admit(after).unwrap();
    let Err(Blocked::Until(next)) = congestion.admit(after) else {
        unreachable!("no second request at once")
    };
    let interval = next.duration_since(after).as_secs_f64();
    assert!((interval - 1.0 / (16.0 * 0.9)).abs() < 1e-3, "{interval}");
}

#[test]
fn one_request_probes_after_a_pause() {
    let (mut congestion, now) = (Congestion::new(CONCURRENCY), Instant::now());
    let [first, second] = [
        congestion.admit(now).unwrap(),
        congestion.admit(now).unwrap(),
    ];
    let seconds = Duration::from_secs;
    assert!(congestion.refuse(first, Some(seconds(7)), JITTER, now));
    // The server asks for a longer pause.
    assert!(!congestion.refuse(second, Some(seconds(9)), JITTER, now));
    let end = now + seconds(9);
    assert_eq!(congestion.admit(now).unwrap_err(), Blocked::Until(end));
    let probe = congestion.admit(end).unwrap();
    // If there is no response, another request probes later.
    let next = end + seconds(1);
    assert_eq!(congestion.admit(end).unwrap_err(), Blocked::Until(next));
    let other = congestion.admit(next).unwrap();

    // Without Retry-After, the pauses of refused probes grow.
    assert!(congestion.refuse(probe, None, 1.0, next));
    assert!(!congestion.refuse(other, None, 1.0, next));
    assert_eq!(congestion.pause(next), seconds(1));
}

#[test]
fn few_requests_do_not_raise_the_rate() {
    let (mut congestion, mut now) = (Congestion::new(CONCURRENCY), Instant::now());
    let sent = congestion.admit(now).unwrap();
    now += Duration::from_millis(10);
    congestion.refuse(sent, None, JITTER, now);
    congestion.end();
    let mut interval_after = |wait: Duration, requests: u32| {
        for _ in 0..requests {
            now += wait;
            let sent = congestion.admit(now).unwrap();
            congestion.accept(sent, true, now);
            congestion.end();
        }
        now += wait;
        congestion.admit(now).unwrap();
        congestion.end();
        let Err(Blocked::Until(next)) = congestion.admit(now) else {
            unreachable!("the rate is limited")
        };
        next.duration_since(now)
    };
    let rare = Duration::from_secs(1);
    let before = interval_after(rare, 1);
    assert_eq!(interval_after(rare, 1000), before);
}

#[test]
fn a_pause_that_is_too_long_is_not_shared() {
    let (mut congestion, now) = (Congestion::new(CONCURRENCY), Instant::now());
    let sent = congestion.admit(now).unwrap();
    congestion.refuse(sent, Some(Duration::from_hours(2)), 1.0, now);
    assert_eq!(congestion.pause(now), Duration::from_millis(500));
}

#[test]
fn refusals_at_any_rate_leave_a_lowest_rate() {
    let (mut congestion, mut now) = (Congestion::new(CONCURRENCY), Instant::now());
    let mut longest = Duration::ZERO;
    for number in 0..1000 {
        let sent = match congestion.admit(now) {
            Ok(sent) => sent,
            Err(Blocked::Until(time)) => {
                longest = longest.max(time.duration_since(now));
                now = time;
                congestion.admit(now).unwrap()
            }
            Err(Blocked::InFlight) => unreachable!("each request ends"),
        };
        if number % 3 == 0 {
            congestion.refuse(sent, Some(Duration::ZERO), JITTER, now);
        } else {
            congestion.accept(sent, true, now);
        }
        congestion.end();
    }
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}
