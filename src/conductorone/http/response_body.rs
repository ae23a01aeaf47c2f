//! The body of a response, and its limits.
//!
//! Decoded values take far more memory than bytes: two megabytes of `{},{},...` would take a gigabyte. The client
//! therefore counts the values while the body arrives, and rejects a body with too many before decoding it.

use std::any::Any;

use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;

use super::cause::Cause;
use super::server_message::is_html;
use super::tasks::join;

/// The limits of a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ResponseLimits {
    /// The size of the body in bytes.
    pub(super) bytes: usize,
    /// The number of JSON values, including nested ones.
    values: usize,
    /// The size of one JSON string in bytes.
    text: usize,
}

impl ResponseLimits {
    /// A response with one object.
    pub(super) const OBJECT: Self = Self {
        bytes: 1 << 20,
        values: 10_000,
        text: 64 << 10,
    };
    /// A page of a list. A typical page of 100 connectors has 3,204 values in 68 KB.
    pub(super) const PAGE: Self = Self {
        bytes: 2 << 20,
        values: 50_000,
        text: 256 << 10,
    };
    /// An error response. The client does not read beyond this limit.
    pub(super) const ERROR: Self = Self {
        bytes: 64 << 10,
        values: 10_000,
        text: 64 << 10,
    };
}

/// The maximum size in bytes of a small body. Only a larger one requires a permit and is decoded on its own thread.
pub(super) const SMALL_BODY: usize = 128 << 10;

/// A decoded body, of the type that the [`Decoder`] makes.
pub(super) type Decoded = Box<dyn Any + Send>;
/// Decodes a body. It hides the type of the result, so that the program contains the code of requests once, not once
/// for each endpoint.
pub(super) type Decoder = Box<dyn FnOnce(&[u8]) -> Result<Decoded, Cause> + Send>;

/// Returns the decoder that takes `object` out of a body with `pick`. An empty body counts as an empty object.
pub(super) fn decoder<T: DeserializeOwned, R: Send + 'static>(
    object: &'static str,
    pick: impl FnOnce(T) -> Result<R, Cause> + Send + 'static,
) -> Decoder {
    Box::new(move |bytes| {
        let picked = decode(bytes, object).and_then(pick)?;
        Ok(Box::new(picked))
    })
}

/// The part of a body that has arrived.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The permit for a large body, held until it has been decoded.
    pub(super) permit: Option<OwnedSemaphorePermit>,
    measured: JsonCounter,
}

/// Counts the values in the part of a JSON document that has arrived.
#[derive(Debug, Default)]
struct JsonCounter {
    /// Whether the document is an array or an object. Other documents have only one value.
    compound: Option<bool>,
    values: usize,
    /// The size of the current string, or `None` outside of strings.
    text: Option<usize>,
    escaped: bool,
}

impl Body {
    /// Returns whether the body is large after adding this piece.
    pub(super) fn is_large_with(&self, piece: &[u8]) -> bool {
        self.bytes.len() + piece.len() > SMALL_BODY
    }

    /// Adds the next piece. Fails if the body exceeds the limits.
    pub(super) fn add(&mut self, piece: &[u8], limits: ResponseLimits) -> Result<(), Cause> {
        if self.bytes.len() + piece.len() > limits.bytes {
            return Err(too_much(limits.bytes, "bytes"));
        }
        self.measured.add(piece, limits)?;
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// Decodes the body. A large body is decoded on its own thread, so that it does not block the threads that serve
    /// Terraform.
    pub(super) async fn decode(self, decoder: Decoder) -> Result<Decoded, Cause> {
        let is_large = self.permit.is_some();
        let work = move || {
            let Self { bytes, permit, .. } = self;
            let value = decoder(&bytes);
            drop((bytes, permit));
            value
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
                    return Err(too_much(limits.text, "bytes in one string"));
                }
            } else {
                self.add_outside_of_text(byte, limits)?;
            }
        }
        Ok(())
    }

    /// Counts a byte outside of strings. Each value except the first one follows a bracket or a comma. Empty arrays
    /// and objects count twice.
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

/// Returns the cause for a response that exceeds a limit.
pub(crate) fn too_much(limit: usize, what: &'static str) -> Cause {
    Cause::TooLarge { limit, what }
}

/// Decodes JSON. Drops the decoder's message, because it quotes values.
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

    /// Adds a body in pieces of this length.
    fn added(body: &str, length: usize) -> Result<(), Cause> {
        let mut all = Body::default();
        body.as_bytes()
            .chunks(length)
            .try_for_each(|piece| all.add(piece, FEW))
    }

    #[test]
    fn a_body_that_exceeds_a_limit_is_rejected() {
        let (values, text) = (too_much(5, "values"), too_much(6, "bytes in one string"));
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
            // Neither is a JSON array or object.
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
    fn a_large_page_is_within_the_limits() {
        let connector = json!({"id": "x".repeat(27), "texts": vec!["x"; 30], "config": {"configuration": {
            "domain-url": {"stringValue": "https://acme.atlassian.net"}, "username": {"stringValue": "svc"}}}});
        let page = json!({"list": vec![json!({"connector": connector}); 100]}).to_string();
        assert_eq!(
            Body::default().add(page.as_bytes(), ResponseLimits::PAGE),
            Ok(())
        );
    }
}
