//! Pages of lists.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::problem::{Problem, Result};

const DEFAULT_SIZE: i64 = 25;
const SMALLEST: i64 = 10;
const LARGEST: i64 = 100;

/// The query of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    page_size: i64,
    page_token: String,
    /// The role, only for lists of owners.
    pub(crate) role_slug: String,
}

impl PageQuery {
    /// Returns the page. A list accepts any size and limits it.
    pub(crate) fn page(&self) -> Result<Page> {
        Page::new(self.page_size.min(LARGEST), &self.page_token)
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    size: usize,
    offset: usize,
}

impl Page {
    /// Returns the page. A search refuses sizes that are too large.
    pub(crate) fn new(size: i64, token: &str) -> Result<Self> {
        let size = match size {
            0 => DEFAULT_SIZE,
            1..=LARGEST => size.max(SMALLEST),
            _ => {
                return Err(Problem::invalid(format!(
                    "page size {size} is not between 0 and {LARGEST}"
                )));
            }
        };
        let size = usize::try_from(size).map_err(|_| Problem::invalid("invalid page size"))?;
        Ok(Self {
            size,
            offset: read(token).ok_or_else(|| Problem::invalid("invalid page token"))?,
        })
    }

    /// Returns the items of this page, and the token of the next page. The token is empty on the last page.
    pub(crate) fn cut<T>(self, items: impl IntoIterator<Item = T>) -> (Vec<T>, String) {
        let mut rest = items.into_iter().skip(self.offset).peekable();
        let page: Vec<T> = rest.by_ref().take(self.size).collect();
        let next = rest
            .peek()
            .map(|_| write(self.offset + self.size))
            .unwrap_or_default();
        (page, next)
    }
}

fn write(offset: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("offset:{offset}"))
}

fn read(token: &str) -> Option<usize> {
    if token.is_empty() {
        return Some(0);
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("offset:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    fn sizes(size: i64) -> usize {
        PageQuery {
            page_size: size,
            ..PageQuery::default()
        }
        .page()
        .unwrap()
        .size
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!([0, 1, 10, 60, 1000].map(sizes), [25, 10, 10, 60, 100]);
        assert!(Page::new(101, "").is_err());
        assert!(Page::new(-1, "").is_err());
    }

    #[test]
    fn pages_add_up() {
        let (first, token) = Page::new(10, "").unwrap().cut(0..11);
        let (second, end) = Page::new(10, &token).unwrap().cut(0..11);
        assert_eq!((first.len(), second, end.as_str()), (10, vec![10], ""));
        assert!(Page::new(10, "nonsense").is_err());
    }
}
