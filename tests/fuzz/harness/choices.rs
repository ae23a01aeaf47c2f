//! Choices that follow from the bytes of an input.

use serde_json::{Map, Value, json};

use crate::value::{object_fields, unknown};

/// The rest of an input. After its end, every choice is the first one.
#[derive(Debug)]
pub(super) struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// Chooses an item.
    pub(super) fn pick<'b, T>(&mut self, items: &'b [T]) -> &'b T {
        &items[usize::from(self.byte()) % items.len()]
    }

    /// Takes a text of up to 255 bytes.
    pub(super) fn text(&mut self) -> String {
        let length = usize::from(self.byte()).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    /// Takes all that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// Makes a value of this type, in the JSON form of types and values that the tests use.
    pub(super) fn value(&mut self, ty: &Value) -> Value {
        match self.byte() % 8 {
            0 | 1 => return Value::Null,
            2 => return unknown(),
            _ => {}
        }
        if let Some(fields) = object_fields(ty) {
            return self.object(fields);
        }
        match ty.get(0).and_then(Value::as_str) {
            Some("list" | "set") => (0..self.byte() % 4).map(|_| self.value(&ty[1])).collect(),
            Some("map") => {
                let entry = |choices: &mut Self| (choices.text(), choices.value(&ty[1]));
                Value::Object((0..self.byte() % 4).map(|_| entry(self)).collect())
            }
            _ => self.scalar(ty.as_str()),
        }
    }

    fn scalar(&mut self, ty: Option<&str>) -> Value {
        match ty {
            Some("bool") => json!(self.byte() % 2 == 1),
            Some("number") => match self.byte() % 4 {
                0 => json!(i64::from(self.byte())),
                1 => json!(i64::MIN),
                2 => json!(f64::from(self.byte()) / 3.0),
                _ => json!(self.text().parse::<i64>().unwrap_or(1)),
            },
            _ => json!(self.text()),
        }
    }

    /// Makes an object.
    pub(super) fn object(&mut self, fields: &Map<String, Value>) -> Value {
        let fields = fields.iter();
        Value::Object(
            fields
                .map(|(name, ty)| (name.clone(), self.value(ty)))
                .collect(),
        )
    }
}
