//! The MessagePack encoding of values, which Terraform uses in RPCs. The type in the schema drives the decoding.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rmp::Marker;
use rmp::decode::{self, ExtMeta};
use rmp::encode::{self, ByteBuf, ValueWriteError};

use super::data::{Data, Set, Value};
use super::invalid::{InvalidValue, MAX_VALUES};
use super::number::Number;
use crate::terraform::path::Step;
use crate::terraform::types::Type;

/// The maximum nesting depth. Dynamic values can nest without a limit of their own.
const MAX_DEPTH: usize = 100;

/// Decodes a value of the type `ty`. Like Terraform, it ignores bytes after the value.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, InvalidValue> {
    let mut reader = Reader {
        rest: bytes,
        values: 0,
    };
    reader.value(ty, 0)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The number of values read so far.
    values: usize,
}

fn not_msgpack<E>(_: E) -> InvalidValue {
    InvalidValue::new("the value is not well-formed MessagePack")
}

impl Reader<'_> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, InvalidValue> {
        if depth > MAX_DEPTH {
            return Err(InvalidValue::new("the value is nested too deeply"));
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(InvalidValue::too_many_values());
        }
        match self.marker()? {
            Marker::Null => {
                decode::read_nil(&mut self.rest).map_err(not_msgpack)?;
                Ok(Value::Null)
            }
            // Every extension type means unknown. An extension can also contain refinements, such as a prefix, which a
            // provider may ignore.
            marker if is_extension(marker) => {
                let ExtMeta { size, .. } =
                    decode::read_ext_meta(&mut self.rest).map_err(not_msgpack)?;
                self.take(size)?;
                Ok(Value::Unknown)
            }
            marker => self.known(marker, ty, depth).map(Value::Known),
        }
    }

    fn known(&mut self, marker: Marker, ty: &Type, depth: usize) -> Result<Data, InvalidValue> {
        let expected = || InvalidValue::expected(ty);
        match ty {
            Type::Bool => decode::read_bool(&mut self.rest)
                .map(Data::Bool)
                .map_err(|_| expected()),
            Type::Number => self.number(marker).ok_or_else(expected).map(Data::Number),
            Type::String => self.text(marker).ok_or_else(expected)?.map(Data::String),
            Type::List(element) => Ok(Data::List(self.elements(ty, |_| Some(element), depth)?)),
            Type::Set(element) => {
                let elements = self.elements(ty, |_| Some(element), depth);
                Ok(Data::Set(
                    elements
                        .map_err(InvalidValue::in_set)?
                        .into_iter()
                        .collect::<Set>(),
                ))
            }
            Type::Tuple(types) => {
                let elements = self.elements(ty, |index| types.get(index), depth)?;
                if elements.len() == types.len() {
                    Ok(Data::List(elements))
                } else {
                    Err(InvalidValue::new(format!(
                        "{} elements are expected",
                        types.len()
                    )))
                }
            }
            Type::Map(element) => self.map(element, depth),
            Type::Object(attributes) => self.object(attributes, depth),
            Type::Dynamic => self.dynamic(depth),
        }
    }

    fn marker(&self) -> Result<Marker, InvalidValue> {
        self.rest
            .first()
            .copied()
            .map(Marker::from_u8)
            .ok_or(())
            .map_err(not_msgpack)
    }

    fn take(&mut self, length: u32) -> Result<&[u8], InvalidValue> {
        let length = usize::try_from(length).map_err(not_msgpack)?;
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(())
            .map_err(not_msgpack)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Reads a string, which the sender may also encode as binary. Returns `None` if the next value is not a string.
    fn text(&mut self, marker: Marker) -> Option<Result<String, InvalidValue>> {
        let length = match marker {
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                decode::read_bin_len(&mut self.rest).ok()?
            }
            _ => decode::read_str_len(&mut self.rest).ok()?,
        };
        let text = self
            .take(length)
            .and_then(|bytes| String::from_utf8(bytes.to_vec()).map_err(not_msgpack));
        Some(text)
    }

    fn number(&mut self, marker: Marker) -> Option<Number> {
        match marker {
            Marker::F32 => {
                let value = decode::read_f32(&mut self.rest).ok()?;
                Number::from_f64(value.into()).ok()
            }
            Marker::F64 => Number::from_f64(decode::read_f64(&mut self.rest).ok()?).ok(),
            Marker::U64 => Number::parse(&decode::read_u64(&mut self.rest).ok()?.to_string()).ok(),
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                Number::parse(&self.text(marker)?.ok()?).ok()
            }
            _ => decode::read_int::<i64, _>(&mut self.rest)
                .ok()
                .map(Number::from),
        }
    }

    /// Reads the elements of an array. `element` returns the type at an index, or `None` after the last element.
    fn elements<'t>(
        &mut self,
        ty: &Type,
        element: impl Fn(usize) -> Option<&'t Type>,
        depth: usize,
    ) -> Result<Vec<Value>, InvalidValue> {
        let length =
            decode::read_array_len(&mut self.rest).map_err(|_| InvalidValue::expected(ty))?;
        let length = usize::try_from(length).map_err(not_msgpack)?;
        // The length comes from the sender, so it must not decide how much memory to allocate.
        (0..length)
            .map(|index| {
                let ty = element(index)
                    .ok_or_else(|| InvalidValue::new("there are too many elements"))?;
                self.value(ty, depth + 1)
                    .map_err(|error| error.under(Step::Index(index)))
            })
            .collect()
    }

    /// Calls `entry` with each key of a map. `entry` must read the value.
    fn entries(
        &mut self,
        expected: &'static str,
        mut entry: impl FnMut(&mut Self, String) -> Result<(), InvalidValue>,
    ) -> Result<(), InvalidValue> {
        let length = decode::read_map_len(&mut self.rest)
            .map_err(|_| InvalidValue::new(format!("{expected} is expected")))?;
        for _ in 0..length {
            let marker = self.marker()?;
            let key = self.text(marker).ok_or(()).map_err(not_msgpack)??;
            entry(self, key)?;
        }
        Ok(())
    }

    fn map(&mut self, element: &Type, depth: usize) -> Result<Data, InvalidValue> {
        let mut items = BTreeMap::new();
        self.entries("a map", |reader, key| {
            let value = reader
                .value(element, depth + 1)
                .map_err(|error| error.under(Step::Key(key.clone())))?;
            items.insert(key, value);
            Ok(())
        })?;
        Ok(Data::Map(items))
    }

    fn object(
        &mut self,
        attributes: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<Data, InvalidValue> {
        let mut items = BTreeMap::new();
        self.entries("an object", |reader, name| {
            let step = || Step::Attribute(name.clone());
            let ty = attributes.get(&name).ok_or_else(|| {
                InvalidValue::new("there is no attribute of this name").under(step())
            })?;
            let value = reader
                .value(ty, depth + 1)
                .map_err(|error| error.under(step()))?;
            items.insert(name, value);
            Ok(())
        })?;
        match attributes.keys().find(|name| !items.contains_key(*name)) {
            Some(missing) => {
                let step = Step::Attribute(missing.clone());
                Err(InvalidValue::new("the attribute is missing").under(step))
            }
            None => Ok(Data::Map(items)),
        }
    }

    fn dynamic(&mut self, depth: usize) -> Result<Data, InvalidValue> {
        let length = decode::read_array_len(&mut self.rest).map_err(not_msgpack)?;
        if length != 2 {
            return Err(InvalidValue::new(
                "a dynamic value is a pair of type and value",
            ));
        }
        let marker = self.marker()?;
        let ty = self.text(marker).ok_or(()).map_err(not_msgpack)??;
        let ty =
            Type::parse(ty.as_bytes()).map_err(|error| InvalidValue::new(error.to_string()))?;
        let value = self.value(&ty, depth + 1)?;
        Ok(Data::Dynamic(ty, Box::new(value)))
    }
}

fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(
        marker,
        FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32
    )
}

/// The encoding of an unknown value: extension type 0 with one zero byte.
const UNKNOWN: [u8; 3] = [0xd4, 0x00, 0x00];

/// Encodes a value.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut buffer = ByteBuf::new();
    write(&mut buffer, value);
    buffer.into_vec()
}

fn write(buffer: &mut ByteBuf, value: &Value) {
    match value {
        Value::Null => {
            let Ok(()) = encode::write_nil(buffer);
        }
        Value::Unknown => buffer.as_mut_vec().extend(UNKNOWN),
        Value::Known(data) => write_known(buffer, data),
    }
}

fn write_known(buffer: &mut ByteBuf, data: &Data) {
    match data {
        Data::Bool(value) => {
            let Ok(()) = encode::write_bool(buffer, *value);
        }
        Data::Number(number) => match number.as_i64() {
            Some(value) => written(encode::write_sint(buffer, value)),
            None => written(encode::write_str(buffer, number.as_str())),
        },
        Data::String(text) => written(encode::write_str(buffer, text)),
        Data::List(items) => write_elements(buffer, items.len(), items.iter()),
        Data::Set(items) => write_elements(buffer, items.len(), items.iter()),
        Data::Map(items) => {
            written(encode::write_map_len(buffer, length(items.len())));
            for (key, value) in items {
                written(encode::write_str(buffer, key));
                write(buffer, value);
            }
        }
        Data::Dynamic(ty, value) => {
            written(encode::write_array_len(buffer, 2));
            written(encode::write_bin(buffer, &ty.to_bytes()));
            write(buffer, value);
        }
    }
}

fn write_elements<'a>(buffer: &mut ByteBuf, count: usize, items: impl Iterator<Item = &'a Value>) {
    written(encode::write_array_len(buffer, length(count)));
    for item in items {
        write(buffer, item);
    }
}

/// Converts a length. The size limit of a message keeps it far below 2³².
fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Discards the result of a write to memory, which cannot fail.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers pass results as they get them"
)]
fn written<T>(result: Result<T, ValueWriteError<Infallible>>) {
    match result {
        Ok(_) => {}
        Err(
            ValueWriteError::InvalidMarkerWrite(never) | ValueWriteError::InvalidDataWrite(never),
        ) => match never {},
    }
}
