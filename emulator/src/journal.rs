//! A record of every request, for tests that check what a client sent.

use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use serde::Serialize;
use serde_json::{Map, Value};

/// One request and the status of its response.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Its number, counted from 0 since the start.
    pub number: u64,
    /// The connection it came over, counted from 1.
    pub connection: usize,
    /// The HTTP version, for example `HTTP/2.0`.
    pub http_version: String,
    /// The method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent, or empty if there is none.
    pub query: String,
    /// The body: JSON unchanged, a form as an object, other text as a string, null if there is none.
    pub body: Value,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// Whether there was an `Authorization` header.
    pub authorization: bool,
    /// The status of the response. None before the response, and for a dropped connection.
    pub status: Option<u16>,
}

/// All requests since the journal was cleared.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    next: u64,
    entries: Vec<JournalEntry>,
}

impl Journal {
    /// Records a request and returns its current entry.
    pub(crate) fn open(&mut self, connection: usize, request: &Parts, body: &[u8]) -> JournalEntry {
        let number = self.next;
        self.next += 1;
        let text = |name: HeaderName| {
            request
                .headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let content_type = text(header::CONTENT_TYPE);
        let entry = JournalEntry {
            number,
            connection,
            http_version: format!("{:?}", request.version),
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            query: request.uri.query().unwrap_or_default().to_owned(),
            body: readable(content_type.as_deref(), body),
            user_agent: text(header::USER_AGENT),
            authorization: request.headers.contains_key(header::AUTHORIZATION),
            content_type,
            status: None,
        };
        self.entries.push(entry.clone());
        entry
    }

    /// Records the status of a response, unless the journal was cleared in the meantime.
    pub(crate) fn close(&mut self, number: u64, status: u16) {
        if let Some(entry) = self
            .entries
            .iter_mut()
            .rfind(|entry| entry.number == number)
        {
            entry.status = Some(status);
        }
    }

    pub(crate) fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

fn readable(content_type: Option<&str>, body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    if content_type.is_some_and(|it| it.starts_with("application/x-www-form-urlencoded")) {
        let fields = form_urlencoded::parse(body);
        return Value::Object(
            fields
                .map(|(name, value)| (name.into_owned(), value.into()))
                .collect::<Map<_, _>>(),
        );
    }
    serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into())
}
