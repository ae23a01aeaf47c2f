//! Shapes that every area of the API shares.

use std::collections::HashSet;

use secrecy::SecretString;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::cause::Cause;
use super::client::Client;
use super::error::Error;
use super::path::ApiPath;
use super::request::Request;

/// Entries per page: the most that the service gives, and more than that may be refused.
const PAGE_SIZE: &str = "100";

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

/// Decodes a secret that is only there when it was issued by this very call. Empty means absent.
pub(super) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let value: Option<String> = Option::deserialize(deserializer)?;
    Ok(value
        .filter(|value| !value.is_empty())
        .map(SecretString::from))
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

impl Client {
    /// Reads all pages of a list. Only an empty token ends it; a token that comes a second time would never end it, and
    /// neither would a server that always has another one.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &ApiPath) -> Result<Vec<T>, Error> {
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        let mut token = String::new();
        let mut size = 0;
        loop {
            let mut request = Request::get(path.clone());
            request.query.push(("page_size", PAGE_SIZE.to_owned()));
            if !token.is_empty() {
                request.query.push(("page_token", token));
            }
            let new = |page: Page<T>| seen.insert(page.next_page_token.clone()).then_some(page);
            let mut answer = self.answer(&request).await?;
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
