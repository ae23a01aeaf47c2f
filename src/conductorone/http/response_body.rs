//! From the bytes of an answer to values. Bytes are cheap and values are not: two megabytes of `{},{},...` would be a
//! gigabyte. So an answer is measured while it arrives, and one that holds too much is refused before any value is made.

use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;

use super::cause::Cause;
use super::server_message::is_html;
use super::tasks::join;

/// How much an answer may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ResponseLimits {
    /// Bytes in all.
    pub(super) bytes: usize,
    /// JSON values, those inside other values included.
    values: usize,
    /// Bytes of one text, as it is written in JSON.
    text: usize,
}

impl ResponseLimits {
    /// An answer about one object.
    pub(super) const OBJECT: Self = Self {
        bytes: 1 << 20,
        values: 10_000,
        text: 64 << 10,
    };
    /// A page of a list. A real page of 100 connectors has 3,204 values in 68 KB.
    pub(super) const PAGE: Self = Self {
        bytes: 2 << 20,
        values: 50_000,
        text: 256 << 10,
    };
    /// An answer that says why a request failed. The rest of a longer one is not read.
    pub(super) const ERROR: Self = Self {
        bytes: 64 << 10,
        values: 10_000,
        text: 64 << 10,
    };
}

/// Bytes of an answer that is kept and decoded without ado. For a larger one there is a permit, and a thread of its own.
pub(super) const SMALL_BODY: usize = 128 << 10;

/// An answer as far as it has arrived.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The permit for a large one, held until the answer is decoded.
    pub(super) permit: Option<OwnedSemaphorePermit>,
    measured: JsonCounter,
}

/// What an answer holds, as far as it has arrived.
#[derive(Debug, Default)]
struct JsonCounter {
    /// Whether it is an array or an object. Nothing else holds more than one value.
    compound: Option<bool>,
    values: usize,
    /// Bytes of the text that has not ended yet.
    text: Option<usize>,
    escaped: bool,
}

impl Body {
    /// Whether the body is a large one with this piece.
    pub(super) fn is_large_with(&self, piece: &[u8]) -> bool {
        self.bytes.len() + piece.len() > SMALL_BODY
    }

    /// Takes in the next piece, unless the body would hold too much.
    pub(super) fn add(&mut self, piece: &[u8], limits: ResponseLimits) -> Result<(), Cause> {
        if self.bytes.len() + piece.len() > limits.bytes {
            return Err(too_much(limits.bytes, "bytes"));
        }
        self.measured.add(piece, limits)?;
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// Decodes the body and takes `object` out of it with `pick`. No body at all counts as an empty object. A large body
    /// does not hold up the threads that serve Terraform.
    pub(super) async fn decode<T: DeserializeOwned + 'static, R: Send + 'static>(
        self,
        object: &'static str,
        pick: impl FnOnce(T) -> Result<R, Cause> + Send + 'static,
    ) -> Result<R, Cause> {
        let is_large = self.permit.is_some();
        let work = move || {
            let Self { bytes, permit, .. } = self;
            let picked = decode(&bytes, object).and_then(pick);
            drop((bytes, permit));
            picked
        };
        if is_large {
            join(spawn_blocking(work).await).await
        } else {
            work()
        }
    }
}

impl JsonCounter {
    fn add(&mut self, piece: &[u8], limits: ResponseLimits) -> Result<(), Cause> {
        for &byte in piece {
            if let Some(length) = &mut self.text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.text = None;
                        continue;
                    }
                    _ => {}
                }
                *length += 1;
                if *length > limits.text {
                    return Err(too_much(limits.text, "bytes in one text"));
                }
            } else {
                self.add_outside_of_text(byte, limits)?;
            }
        }
        Ok(())
    }

    /// Every value but the first one follows a bracket or a comma. Empty arrays and objects count twice.
    fn add_outside_of_text(&mut self, byte: u8, limits: ResponseLimits) -> Result<(), Cause> {
        if byte.is_ascii_whitespace() {
            return Ok(());
        }
        if !*self.compound.get_or_insert(matches!(byte, b'[' | b'{')) {
            return Ok(());
        }
        match byte {
            b'"' => self.text = Some(0),
            b'[' | b'{' | b',' => self.values += 1,
            _ => {}
        }
        if self.values < limits.values {
            Ok(())
        } else {
            Err(too_much(limits.values, "values"))
        }
    }
}

/// An answer that holds more than `limit` of `what`.
pub(crate) fn too_much(limit: usize, what: &'static str) -> Cause {
    Cause::TooLarge { limit, what }
}

/// The decoder's own message is dropped, because it quotes values.
fn decode<T: DeserializeOwned>(bytes: &[u8], object: &'static str) -> Result<T, Cause> {
    let bytes = if bytes.trim_ascii().is_empty() {
        b"{}"
    } else {
        bytes
    };
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            Cause::Unexpected { object }
        } else {
            let html = is_html(bytes);
            Cause::NotJson { html }
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cause::Cause;
    use super::{Body, ResponseLimits, too_much};

    const FEW: ResponseLimits = ResponseLimits {
        bytes: 60,
        values: 5,
        text: 6,
    };

    /// Takes in a body in pieces of this length.
    fn added(body: &str, length: usize) -> Result<(), Cause> {
        let mut all = Body::default();
        body.as_bytes()
            .chunks(length)
            .try_for_each(|piece| all.add(piece, FEW))
    }

    #[test]
    fn what_holds_too_much_is_refused_however_it_arrives() {
        let (values, text) = (too_much(5, "values"), too_much(6, "bytes in one text"));
        let cases = [
            ("[1,2,3,4]", Ok(())),
            ("[1,2,3,4,5]", Err(values.clone())),
            ("[[],[]]", Ok(())),
            ("{\"a\":{\"b\":[7]}}", Ok(())),
            ("{\"a\":{\"b\":[[[7]]]}}", Err(values.clone())),
            ("[[[[[[[", Err(values.clone())),
            ("[\",,,,[[\"]", Ok(())),
            ("[\"\\\",[[\"]", Ok(())),
            ("[\"\\\\\",[],[],[]]", Err(values)),
            ("[\"1234567\"]", Err(text.clone())),
            ("{\"1234567\":1}", Err(text.clone())),
            ("[\"123\\\"567\"]", Err(text)),
            ("{\"123\":\"456\"}", Ok(())),
            // Neither is JSON that holds several values.
            (" <a href=\"123456789\">,,,,,,,</a>", Ok(())),
            ("\"[[[[[[[,,,,,,,\"", Ok(())),
        ];
        for (body, expected) in cases {
            for length in [1, 2, 7, 60] {
                assert_eq!(
                    added(body, length),
                    expected,
                    "{body} in pieces of {length}"
                );
            }
        }
        assert_eq!(added(&" ".repeat(60), 7), Ok(()));
        assert_eq!(added(&" ".repeat(61), 7), Err(too_much(60, "bytes")));
    }

    #[test]
    fn a_page_that_is_large_already_has_much_room() {
        let connector = json!({"id": "x".repeat(27), "texts": vec!["x"; 30], "config": {"configuration": {
            "domain-url": {"stringValue": "https://acme.atlassian.net"}, "username": {"stringValue": "svc"}}}});
        let page = json!({"list": vec![json!({"connector": connector}); 100]}).to_string();
        assert_eq!(
            Body::default().add(page.as_bytes(), ResponseLimits::PAGE),
            Ok(())
        );
    }
}
