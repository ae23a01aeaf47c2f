//! Faults on demand, as a network, a proxy or an overloaded service causes them.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem};

/// A fault and the requests that it affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fault {
    /// The method, or none for any method.
    #[serde(default)]
    pub method: Option<String>,
    /// A part of the path. A pattern with `*`, which matches any text, must match the whole path.
    pub path: String,
    /// The first affected request among the matching ones, counted from 1 since the fault was added. None means the
    /// first and all later ones.
    #[serde(default)]
    pub nth: Option<u32>,
    /// The number of affected requests in a row. None means one with `nth`, and all without.
    #[serde(default)]
    pub times: Option<u32>,
    /// The effect on these requests.
    pub action: FaultAction,
}

impl Fault {
    /// Affects every matching request.
    pub fn every(method: &str, path: &str, action: FaultAction) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: path.to_owned(),
            nth: None,
            times: None,
            action,
        }
    }

    /// Affects only the `nth` matching request, counted from 1.
    pub fn nth(method: &str, path: &str, nth: u32, action: FaultAction) -> Self {
        Self {
            nth: Some(nth),
            ..Self::every(method, path, action)
        }
    }

    /// Affects the first `times` matching requests.
    pub fn first(method: &str, path: &str, times: u32, action: FaultAction) -> Self {
        Self {
            times: Some(times),
            ..Self::every(method, path, action)
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method
            .as_ref()
            .is_none_or(|it| it.eq_ignore_ascii_case(method))
            && path_matches(&self.path, path)
    }

    /// Returns whether the fault affects the matching request with this number.
    fn hits(&self, number: u32) -> bool {
        let first = self.nth.unwrap_or(1);
        let times = self
            .times
            .unwrap_or(if self.nth.is_some() { 1 } else { u32::MAX });
        number >= first && number - first < times
    }
}

/// The effect on a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FaultAction {
    /// Refuses the request with this HTTP status.
    Status {
        /// The HTTP status.
        code: u16,
        /// The `Retry-After` header.
        #[serde(default)]
        retry_after: Option<String>,
        /// The message of the body.
        #[serde(default)]
        message: String,
    },
    /// Closes the connection without carrying out the request.
    DropBefore,
    /// Carries out the request, then closes the connection without a response.
    DropAfter,
    /// Delays the request.
    DelayBefore {
        /// Milliseconds.
        ms: u64,
    },
    /// Carries out the request, then delays the response.
    DelayAfter {
        /// Milliseconds.
        ms: u64,
    },
    /// Carries out the request, then closes the connection after half of the response body.
    Truncate,
    /// Responds with a page of the web application.
    Html,
    /// Responds with any other content.
    Body {
        /// The HTTP status.
        status: u16,
        /// The `Content-Type` header.
        content_type: String,
        /// The unchanged body.
        body: String,
    },
    /// Responds with a redirect (302).
    Redirect {
        /// The `Location` header.
        location: String,
    },
}

impl FaultAction {
    /// Returns a refusal with this HTTP status. A 429 has a `Retry-After` of one second.
    pub fn status(code: u16) -> Self {
        let retry_after = (code == 429).then(|| "1".to_owned());
        Self::Status {
            code,
            retry_after,
            message: "injected fault".to_owned(),
        }
    }

    /// Returns a 429 with this `Retry-After` in seconds.
    pub fn busy(seconds: u32) -> Self {
        Self::Status {
            code: 429,
            retry_after: Some(seconds.to_string()),
            message: "too many requests".to_owned(),
        }
    }

    /// Returns the response of an action that does not involve the service.
    pub(crate) fn answer(self) -> Option<Response> {
        Some(match self {
            Self::Status {
                code,
                retry_after,
                message,
            } => {
                let body = Json(Problem::new(Code::of_http(code), message).body());
                with_header(
                    (status(code), body),
                    header::RETRY_AFTER,
                    retry_after.as_deref(),
                )
            }
            Self::Html => {
                let page = "<!DOCTYPE html><title>ConductorOne</title><div id=\"root\"></div>";
                with_header(
                    Body::from(page),
                    header::CONTENT_TYPE,
                    Some("text/html; charset=utf-8"),
                )
            }
            Self::Body {
                status: code,
                content_type,
                body,
            } => with_header(
                (status(code), Body::from(body)),
                header::CONTENT_TYPE,
                Some(&content_type),
            ),
            Self::Redirect { location } => {
                with_header(StatusCode::FOUND, header::LOCATION, Some(&location))
            }
            Self::DropBefore
            | Self::DropAfter
            | Self::DelayBefore { .. }
            | Self::DelayAfter { .. }
            | Self::Truncate => return None,
        })
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Adds the header to the response, if its value is valid.
fn with_header(answer: impl IntoResponse, name: HeaderName, value: Option<&str>) -> Response {
    let mut response = answer.into_response();
    if let Some(value) = value.and_then(|it| it.parse().ok()) {
        response.headers_mut().insert(name, value);
    }
    response
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return path.contains(pattern);
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut between) = path.strip_prefix(head).and_then(|it| it.strip_suffix(tail)) else {
        return false;
    };
    for piece in middle.split('*') {
        match between.split_once(piece) {
            Some((_, after)) => between = after,
            None => return false,
        }
    }
    true
}

/// The active faults, each with the number of requests that matched it.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Fault, u32)>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a request and returns the effect on it. The first matching fault decides.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<FaultAction> {
        let mut action = None;
        for (fault, seen) in self
            .0
            .iter_mut()
            .filter(|(fault, _)| fault.matches(method, path))
        {
            *seen = seen.saturating_add(1);
            if action.is_none() && fault.hits(*seen) {
                action = Some(fault.action.clone());
            }
        }
        action
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_with_an_asterisk_is_the_whole_path() {
        let path = "/api/v1/apps/a/connectors/c/delegated";
        for (pattern, matches) in [
            ("connectors", true),
            ("*/connectors/*/delegated", true),
            ("/api/*", true),
            ("*/apps/*/connectors/*/delegated", true),
            ("*/connectors", false),
            ("/connectors/*", false),
            ("*/delegated/*/delegated", false),
            ("other", false),
        ] {
            assert_eq!(path_matches(pattern, path), matches, "{pattern}");
        }
    }

    #[test]
    fn nth_and_times_choose_the_requests() {
        let hits = |nth, times| {
            let fault = Fault {
                nth,
                times,
                ..Fault::every("GET", "/", FaultAction::Html)
            };
            (1..=4)
                .filter(|number| fault.hits(*number))
                .collect::<Vec<_>>()
        };
        assert_eq!(hits(None, None), [1, 2, 3, 4]);
        assert_eq!(hits(None, Some(2)), [1, 2]);
        assert_eq!(hits(Some(2), None), [2]);
        assert_eq!(hits(Some(2), Some(2)), [2, 3]);
    }

    #[test]
    fn every_matching_fault_counts_and_the_first_decides() {
        let mut faults = Faults::default();
        faults.add(Fault::nth("GET", "/a", 2, FaultAction::Html));
        faults.add(Fault::every("GET", "/a", FaultAction::Truncate));
        assert_eq!(faults.strike("GET", "/a"), Some(FaultAction::Truncate));
        assert_eq!(faults.strike("GET", "/a"), Some(FaultAction::Html));
        assert_eq!(faults.strike("POST", "/a"), None);
    }
}
