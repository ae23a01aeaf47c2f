//! Lists, which come in pages.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::cause::Cause;
use super::client::Client;
use super::error::Error;
use super::json_fields::or_default;
use super::path::ApiPath;
use super::request::{Effect, Request};
use super::response_body::{ResponseLimits, too_much};

/// Rows per page: the most that the service gives, and more than that may be refused.
const PAGE_SIZE: u32 = 100;

/// Rows of a page that are taken, should a service give more than it was asked for.
const MOST_ROWS: usize = 1000;
/// Pages of a list that are read.
const MOST_PAGES: usize = 1000;
/// Bytes of the token that asks for the next page.
const LONGEST_TOKEN: usize = 8 << 10;

/// Bytes that a row takes in memory beside its texts and its own fields.
const OVERHEAD: usize = 256;
/// Bytes that the list of all apps, roles or owners may take, all pages together: those of its answers and those of its
/// rows in memory. An app has a kilobyte.
pub(crate) const MAX_LIST_BYTES: usize = 16 << 20;
/// The same for the connectors of one app, and for a search: many of them are read at the same time. A connector has a
/// kilobyte.
pub(crate) const MAX_PART_BYTES: usize = 4 << 20;

/// One page of a list.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
struct Page<T> {
    #[serde(default, deserialize_with = "or_default")]
    list: Rows<T>,
    #[serde(default, deserialize_with = "or_default")]
    next_page_token: String,
}

/// The rows of a page. None if there are too many.
struct Rows<T>(Option<Vec<T>>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<T> {
            type Value = Rows<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows<T>, A::Error> {
                let mut kept = Vec::new();
                while kept.len() < MOST_ROWS {
                    match rows.next_element()? {
                        Some(row) => kept.push(row),
                        None => return Ok(Rows(Some(kept))),
                    }
                }
                let mut has_more = false;
                while rows.next_element::<IgnoredAny>()?.is_some() {
                    has_more = true;
                }
                Ok(Rows((!has_more).then_some(kept)))
            }
        }

        deserializer.deserialize_seq(Each(PhantomData))
    }
}

impl<T> Page<T> {
    /// What `pick` makes of the rows, and the token.
    fn pick<R>(self, pick: impl Fn(T) -> Option<R>) -> Result<(Vec<R>, String), Cause> {
        let rows = self.list.0.ok_or(too_much(MOST_ROWS, "rows in one page"))?;
        if self.next_page_token.len() > LONGEST_TOKEN {
            return Err(too_much(LONGEST_TOKEN, "bytes in a page token"));
        }
        let mut picked: Vec<_> = rows.into_iter().filter_map(pick).collect();
        // The room for the rows that were not picked.
        picked.shrink_to_fit();
        Ok((picked, self.next_page_token))
    }
}

impl Client {
    /// Reads all pages of a list, with `GET`. `limits` is how many bytes it may take; of each row, what `pick` makes of it
    /// is kept.
    pub(crate) async fn list<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        path: &ApiPath,
        max_bytes: usize,
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let ask = |token: &str| {
            let mut request = Request::get(path.clone());
            request.query.push(("page_size", PAGE_SIZE.to_string()));
            if !token.is_empty() {
                request.query.push(("page_token", token.to_owned()));
            }
            request
        };
        self.pages(ask, max_bytes, pick).await
    }

    /// Reads all pages of a search for what has `filter`, with `POST`.
    pub(crate) async fn search<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        path: &str,
        filter: (&str, Value),
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let ask = |token: &str| {
            let (field, wanted) = &filter;
            // No token is an empty one.
            let body = json!({ *field: wanted, "pageSize": PAGE_SIZE, "pageToken": token });
            Request::post(ApiPath::fixed(path), body, Effect::ReadOnly)
        };
        self.pages(ask, MAX_PART_BYTES, pick).await
    }

    /// Reads all pages, each with the request that `ask` makes of its token. Only an empty token ends it; a token that
    /// comes a second time would never end it, and neither would a server that always has another one.
    async fn pages<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        ask: impl Fn(&str) -> Request,
        max_bytes: usize,
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        // Tokens may be long, so only their hashes are kept.
        let (hasher, mut seen) = (RandomState::new(), HashSet::new());
        let (pick, object) = (Arc::new(pick), "a page other than the ones before");
        let (mut rows, mut token, mut size) = (Vec::new(), String::new(), 0);
        loop {
            let pick = Arc::clone(&pick);
            let picked = move |page: Page<T>| page.pick(|row| pick(row));
            let request = ask(&token).expecting(ResponseLimits::PAGE);
            let ((picked, next), mut answer) = self.send(&request, object, picked).await?;
            if !seen.insert(hasher.hash_one(&next)) {
                return Err(answer.unusable(Cause::Unexpected { object }));
            }
            size += answer.size + picked.len() * (OVERHEAD + size_of::<R>());
            if size > max_bytes {
                return Err(answer.unusable(too_much(max_bytes, "bytes, all pages together")));
            }
            rows.extend(picked);
            if next.is_empty() {
                return Ok(rows);
            }
            token = next;
            if seen.len() == MOST_PAGES {
                return Err(answer.unusable(too_much(MOST_PAGES, "pages")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cause::Cause;
    use super::super::response_body::too_much;
    use super::{LONGEST_TOKEN, MOST_ROWS, Page};

    fn picked(page: &serde_json::Value) -> Result<usize, Cause> {
        let page: Option<Page<u8>> = serde_json::from_value(page.clone()).ok();
        let page = page.ok_or(Cause::Unexpected { object: "a page" })?;
        let (rows, _) = page.pick(|row| (row > 0).then_some(row))?;
        Ok(rows.len())
    }

    #[test]
    fn a_page_has_a_greatest_size() {
        let token = |length| "p".repeat(length);
        let cases = [
            (json!({}), Ok(0)),
            (json!({"list": null, "nextPageToken": null}), Ok(0)),
            (json!({"list": [0, 1, 2]}), Ok(2)),
            (json!({"list": vec![1; MOST_ROWS]}), Ok(MOST_ROWS)),
            (
                json!({"list": vec![1; MOST_ROWS + 1]}),
                Err(too_much(MOST_ROWS, "rows in one page")),
            ),
            (json!({"nextPageToken": token(LONGEST_TOKEN)}), Ok(0)),
            (
                json!({"nextPageToken": token(LONGEST_TOKEN + 1)}),
                Err(too_much(LONGEST_TOKEN, "bytes in a page token")),
            ),
            (
                json!({"list": {}}),
                Err(Cause::Unexpected { object: "a page" }),
            ),
        ];
        for (page, expected) in cases {
            assert_eq!(picked(&page), expected, "{:.80}", page.to_string());
        }
    }
}
