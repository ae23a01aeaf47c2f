//! Lists and searches, which have pages.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::call::ApiResponse;
use super::cause::Cause;
use super::client::Client;
use super::error::Error;
use super::json_fields::or_default;
use super::path::ApiPath;
use super::request::{Effect, Request};
use super::response_body::{ResponseLimits, too_much};

/// The number of rows to request per page. This is the service's maximum, and it may reject more.
const PAGE_SIZE: u32 = 100;

/// The maximum number of rows in a page, in case the service sends more than requested.
const MAX_ROWS: usize = 1000;
/// The maximum number of pages in a list.
const MAX_PAGES: usize = 1000;
/// The maximum length of a page token in bytes.
const MAX_TOKEN_LENGTH: usize = 8 << 10;

/// The memory in bytes that a row takes in addition to its strings and fields.
const ROW_OVERHEAD: usize = 256;
/// The maximum size in bytes of the list of all apps, roles or owners: its responses and its rows in memory. An app
/// takes about a kilobyte.
pub(crate) const MAX_LIST_BYTES: usize = 16 << 20;
/// The maximum size in bytes of the connectors of one app, and of a search. Many of these lists are read at the same
/// time. A connector takes about a kilobyte.
pub(crate) const MAX_PART_BYTES: usize = 4 << 20;

/// The number of rows in a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Count {
    /// The rows that were counted, at most the limit.
    pub number: usize,
    /// Whether all rows were counted.
    pub is_complete: bool,
}

/// The position in a list that is read page by page.
#[derive(Debug, Default)]
pub(crate) struct Position {
    /// The token of the next page. The first page has an empty one.
    token: String,
    /// The hashes of the tokens so far. Tokens may be long.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// What the pages so far may take in memory, in bytes.
    pub(crate) size: usize,
    /// Whether the last page was read.
    pub(crate) is_over: bool,
}

/// One page of a list.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
struct Page<T> {
    #[serde(default, deserialize_with = "or_default")]
    list: Rows<T>,
    #[serde(default, deserialize_with = "or_default")]
    next_page_token: String,
}

/// The rows of a page, or `None` if there are too many.
struct Rows<T>(Option<Vec<T>>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowsVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for RowsVisitor<T> {
            type Value = Rows<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows<T>, A::Error> {
                let mut kept = Vec::new();
                while kept.len() < MAX_ROWS {
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

        deserializer.deserialize_seq(RowsVisitor(PhantomData))
    }
}

impl<T> Page<T> {
    /// Returns the results of `pick` for the rows, and the token of the next page.
    fn pick<R>(self, pick: impl Fn(T) -> Option<R>) -> Result<(Vec<R>, String), Cause> {
        let rows = self.list.0.ok_or(too_much(MAX_ROWS, "rows in one page"))?;
        if self.next_page_token.len() > MAX_TOKEN_LENGTH {
            return Err(too_much(MAX_TOKEN_LENGTH, "bytes in a page token"));
        }
        let mut picked: Vec<_> = rows.into_iter().filter_map(pick).collect();
        // Frees the memory of the rows that were not picked.
        picked.shrink_to_fit();
        Ok((picked, self.next_page_token))
    }
}

impl Client {
    /// Reads all pages of a list with `GET`. The list may take `max_bytes`. Keeps only the result of `pick` for each
    /// row.
    pub(crate) async fn list<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        path: &ApiPath,
        max_bytes: usize,
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let pages = self.pages(get_page(path), max_bytes, usize::MAX, pick);
        pages.await.map(|(rows, _)| rows)
    }

    /// Counts the rows of a list that `counts`, with `GET`. Reads no further page once there are `limit`, and keeps no
    /// row, so a list of any size takes little memory.
    pub(crate) async fn count<T: DeserializeOwned + 'static>(
        &self,
        path: &ApiPath,
        limit: usize,
        counts: impl Fn(T) -> bool + Send + Sync + 'static,
    ) -> Result<Count, Error> {
        let pick = move |row| counts(row).then_some(());
        let pages = self.pages(get_page(path), usize::MAX, limit, pick);
        let (rows, is_complete) = pages.await?;
        Ok(Count {
            number: rows.len().min(limit),
            is_complete: is_complete && rows.len() <= limit,
        })
    }

    /// Reads all pages of a search with `POST`. `filter` is a field and its value.
    pub(crate) async fn search<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        path: &str,
        filter: (&str, Value),
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let request_page = |token: &str| {
            let (field, value) = &filter;
            // The first page has an empty token.
            let body = json!({ *field: value, "pageSize": PAGE_SIZE, "pageToken": token });
            Request::post(ApiPath::fixed(path), body, Effect::ReadOnly)
        };
        let pages = self.pages(request_page, MAX_PART_BYTES, usize::MAX, pick);
        pages.await.map(|(rows, _)| rows)
    }

    /// Reads pages until the list ends or `limit` rows were picked. Returns the rows, and whether the list ended.
    /// `request_page` makes the request for a page token. An empty token ends the list. A token that repeats is an error, and so
    /// are too many pages: the list might never end.
    async fn pages<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        request_page: impl Fn(&str) -> Request,
        max_bytes: usize,
        limit: usize,
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<(Vec<R>, bool), Error> {
        let (pick, mut rows, mut position) = (Arc::new(pick), Vec::new(), Position::default());
        loop {
            let request = request_page(&position.token);
            let next = self.next_page(&mut position, request, max_bytes, Arc::clone(&pick));
            let (picked, mut response) = next.await?;
            rows.extend(picked);
            if position.is_over || rows.len() >= limit {
                return Ok((rows, position.is_over));
            }
            if position.seen.len() == MAX_PAGES {
                return Err(response.unusable(too_much(MAX_PAGES, "pages")));
            }
        }
    }

    /// Reads the next page of a list with `GET`. The pages up to this one may take `max_bytes`. A token that repeats is an
    /// error. If the call is dropped, the position stays.
    pub(crate) async fn list_next<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        path: &ApiPath,
        position: &mut Position,
        max_bytes: usize,
        pick: impl Fn(T) -> Option<R> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let request = get_page(path)(&position.token);
        let next = self.next_page(position, request, max_bytes, Arc::new(pick));
        next.await.map(|(rows, _)| rows)
    }

    async fn next_page<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        position: &mut Position,
        request: Request,
        max_bytes: usize,
        pick: Arc<impl Fn(T) -> Option<R> + Send + Sync + 'static>,
    ) -> Result<(Vec<R>, ApiResponse), Error> {
        let object = "a new page";
        let pick_rows = move |page: Page<T>| page.pick(|row| pick(row));
        let request = request.expecting(ResponseLimits::PAGE);
        let ((picked, next), mut response) = self.send(&request, object, pick_rows).await?;
        if !position.seen.insert(position.hasher.hash_one(&next)) {
            return Err(response.unusable(Cause::Unexpected { object }));
        }
        position.size += response.size + picked.len() * (ROW_OVERHEAD + size_of::<R>());
        if position.size > max_bytes {
            return Err(response.unusable(too_much(max_bytes, "bytes in all pages")));
        }
        position.is_over = next.is_empty();
        position.token = next;
        Ok((picked, response))
    }
}

/// Returns the requests for the pages of a list.
fn get_page(path: &ApiPath) -> impl Fn(&str) -> Request {
    move |token| {
        let mut request = Request::get(path.clone());
        request.query.push(("page_size", PAGE_SIZE.to_string()));
        if !token.is_empty() {
            request.query.push(("page_token", token.to_owned()));
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cause::Cause;
    use super::super::response_body::too_much;
    use super::{MAX_ROWS, MAX_TOKEN_LENGTH, Page};

    fn picked(page: &serde_json::Value) -> Result<usize, Cause> {
        let page: Option<Page<u8>> = serde_json::from_value(page.clone()).ok();
        let page = page.ok_or(Cause::Unexpected { object: "a page" })?;
        let (rows, _) = page.pick(|row| (row > 0).then_some(row))?;
        Ok(rows.len())
    }

    #[test]
    fn a_page_has_limits() {
        let token = |length| "p".repeat(length);
        let cases = [
            (json!({}), Ok(0)),
            (json!({"list": null, "nextPageToken": null}), Ok(0)),
            (json!({"list": [0, 1, 2]}), Ok(2)),
            (json!({"list": vec![1; MAX_ROWS]}), Ok(MAX_ROWS)),
            (
                json!({"list": vec![1; MAX_ROWS + 1]}),
                Err(too_much(MAX_ROWS, "rows in one page")),
            ),
            (json!({"nextPageToken": token(MAX_TOKEN_LENGTH)}), Ok(0)),
            (
                json!({"nextPageToken": token(MAX_TOKEN_LENGTH + 1)}),
                Err(too_much(MAX_TOKEN_LENGTH, "bytes in a page token")),
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
