//! Shapes that every area of the API shares.

use std::collections::HashSet;

use secrecy::SecretString;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::{Map, Value, json};

use super::cause::Cause;
use super::client::Client;
use super::error::Error;
use super::path::{ApiPath, is_id};
use super::redact;
use super::request::{Effect, Request};

/// Entries per page: the most that the service gives, and more than that may be refused.
const PAGE_SIZE: u32 = 100;

/// Bytes of a list that are read, all pages together. A connector has a few kilobytes.
const LARGEST_LIST: usize = 32 * 1024 * 1024;
/// Pages of a list that are read.
const MOST_PAGES: usize = 1000;

/// Decodes what may also be `null`: the service prints unset fields in every way that protobuf JSON allows.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Decodes a text of which an empty one means that it is absent.
pub(super) fn unless_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let value: Option<String> = Option::deserialize(deserializer)?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// Decodes a list of IDs and ignores what is not one. `null` is an empty list.
pub(super) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut ids: Vec<String> = or_default(deserializer)?;
    ids.retain(|id| is_id(id));
    Ok(ids)
}

/// Decodes a secret, which an answer has only if this call issued it. An empty one means that it is absent.
pub(super) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let secret = unless_empty(deserializer)?;
    Ok(secret.map(|secret| {
        redact::remember(&secret);
        secret.into()
    }))
}

/// One page of a list.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: serde::Deserialize<'de>")]
struct Page<T> {
    #[serde(default, deserialize_with = "or_default")]
    list: Vec<T>,
    #[serde(default, deserialize_with = "or_default")]
    next_page_token: String,
}

/// The object, unless it does not exist.
pub(super) fn existing<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}

/// The fields of an update that are there, and the mask that names exactly those. None if there are none: to the
/// service, an empty mask means every field.
pub(super) fn masked<const N: usize>(
    fields: [(&'static str, Option<Value>); N],
) -> Option<(Map<String, Value>, String)> {
    let changed: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let mask: Vec<_> = changed.iter().map(|(name, _)| *name).collect();
    let mask = mask.join(",");
    let named = |(name, value): (&str, Value)| (name.to_owned(), value);
    (!mask.is_empty()).then(|| (changed.into_iter().map(named).collect(), mask))
}

/// The answer, unless the tenant does not have the operation or what it was asked about.
pub(super) fn offered<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        // Also as a web page: an unknown path may end up at the web application.
        Err(error) if matches!(error.status(), Some(404 | 501)) => Ok(None),
        result => result.map(Some),
    }
}

impl Client {
    /// Reads all pages of a list, with `GET`.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &ApiPath) -> Result<Vec<T>, Error> {
        self.pages(|token| {
            let mut request = Request::get(path.clone());
            request.query.push(("page_size", PAGE_SIZE.to_string()));
            if !token.is_empty() {
                request.query.push(("page_token", token.to_owned()));
            }
            request
        })
        .await
    }

    /// Reads all pages of a search for what has `filter`, with `POST`.
    pub(super) async fn search<T: DeserializeOwned>(
        &self,
        path: &str,
        filter: (&str, Value),
    ) -> Result<Vec<T>, Error> {
        self.pages(|token| {
            let (field, wanted) = &filter;
            // No token is an empty one.
            let body = json!({ *field: wanted, "pageSize": PAGE_SIZE, "pageToken": token });
            Request::post(ApiPath::fixed(path), body, Effect::Read)
        })
        .await
    }

    /// Reads all pages, each with the request that `ask` makes of its token. Only an empty token ends it; a token that
    /// comes a second time would never end it, and neither would a server that always has another one.
    async fn pages<T: DeserializeOwned>(
        &self,
        ask: impl Fn(&str) -> Request,
    ) -> Result<Vec<T>, Error> {
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        let mut token = String::new();
        let mut size = 0;
        loop {
            let new = |page: Page<T>| seen.insert(page.next_page_token.clone()).then_some(page);
            let mut answer = self.answer(&ask(&token)).await?;
            size += answer.body.len();
            if size > LARGEST_LIST {
                let limit = LARGEST_LIST;
                return Err(answer.unusable(Cause::TooLarge { limit }));
            }
            let page = answer.read("a page other than the ones before", new)?;
            rows.extend(page.list);
            if page.next_page_token.is_empty() {
                return Ok(rows);
            }
            token = page.next_page_token;
            if seen.len() == MOST_PAGES {
                let object = "the end of the list";
                return Err(answer.unusable(Cause::Unexpected { object }));
            }
        }
    }
}
