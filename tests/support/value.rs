//! Converts values between JSON and MessagePack by the types of the schema.
//!
//! An unknown value is `{"$unknown": true}`. A number that JSON numbers cannot represent exactly is a string.

use rmp::Marker;
use rmp::decode::{self, RmpRead};
use rmp::encode;
use serde_json::{Map, Value, json};

use crate::wire::tfplugin6::schema::{Attribute, Block, nested_block, object};

/// Returns the representation of an unknown value.
pub(crate) fn unknown() -> Value {
    json!({"$unknown": true})
}

/// The type of a block's value, in the JSON form that schemas use: `["object", {...}]`.
pub(crate) fn block_type(block: &Block) -> Value {
    use nested_block::NestingMode::{Group, Invalid, List, Map, Set, Single};
    let mut fields = attribute_types(&block.attributes);
    for nested in &block.block_types {
        let content = block_type(
            nested
                .block
                .as_ref()
                .expect("every nested block has a block"),
        );
        let ty = match nested.nesting() {
            Single | Group => content,
            List => json!(["list", content]),
            Set => json!(["set", content]),
            Map => json!(["map", content]),
            Invalid => panic!("{}: invalid nesting", nested.type_name),
        };
        fields.insert(nested.type_name.clone(), ty);
    }
    json!(["object", fields])
}

/// The type of one attribute.
pub(crate) fn attribute_type(attribute: &Attribute) -> Value {
    use object::NestingMode::{Invalid, List, Map, Set, Single};
    let Some(nested) = &attribute.nested_type else {
        return serde_json::from_slice(&attribute.r#type).expect("a type in JSON");
    };
    let content = json!(["object", attribute_types(&nested.attributes)]);
    match nested.nesting() {
        Single => content,
        List => json!(["list", content]),
        Set => json!(["set", content]),
        Map => json!(["map", content]),
        Invalid => panic!("{}: invalid nesting", attribute.name),
    }
}

fn attribute_types(attributes: &[Attribute]) -> Map<String, Value> {
    attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), attribute_type(attribute)))
        .collect()
}

/// Adds the attributes that `value` omits as null, at every depth. Fails for attributes that are not in `ty`.
pub(crate) fn complete(value: &Value, ty: &Value) -> Value {
    let (Value::Object(fields), Some(types)) = (value, object_fields(ty)) else {
        return value.clone();
    };
    if *value == unknown() {
        return value.clone();
    }
    if let Some(name) = fields.keys().find(|name| !types.contains_key(*name)) {
        panic!("the schema has no attribute {name:?}");
    }
    let complete = |(name, ty): (&String, &Value)| {
        let value = fields
            .get(name)
            .map_or(Value::Null, |value| complete(value, ty));
        (name.clone(), value)
    };
    Value::Object(types.iter().map(complete).collect())
}

/// The fields of an object type.
pub(crate) fn object_fields(ty: &Value) -> Option<&Map<String, Value>> {
    (ty.get(0)? == "object").then(|| ty.get(1)?.as_object())?
}

/// Encodes a value of the type `ty`, and completes objects.
pub(crate) fn encode(value: &Value, ty: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes, &complete(value, ty), ty);
    bytes
}

/// Encodes a value without regard to the schema.
pub(crate) fn encode_untyped(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes, value, &Value::Null);
    bytes
}

fn write(out: &mut Vec<u8>, value: &Value, ty: &Value) {
    let element = |index: usize| match ty.get(0).and_then(Value::as_str) {
        Some("list" | "set" | "map") => &ty[1],
        Some("tuple") => &ty[1][index],
        _ => &Value::Null,
    };
    match value {
        Value::Null => encode::write_nil(out).expect("memory"),
        _ if *value == unknown() => out.extend([0xd4, 0, 0]),
        _ if ty == "dynamic" => write_dynamic(out, value),
        Value::Bool(bool) => encode::write_bool(out, *bool).expect("memory"),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => drop(encode::write_sint(out, integer).expect("memory")),
            None => encode::write_f64(out, number.as_f64().expect("a number")).expect("memory"),
        },
        Value::String(text) => encode::write_str(out, text).expect("memory"),
        Value::Array(items) => {
            encode::write_array_len(out, length(items.len())).expect("memory");
            for (index, item) in items.iter().enumerate() {
                write(out, item, element(index));
            }
        }
        Value::Object(fields) => {
            encode::write_map_len(out, length(fields.len())).expect("memory");
            for (name, field) in fields {
                encode::write_str(out, name).expect("memory");
                let types = object_fields(ty);
                write(
                    out,
                    field,
                    types
                        .and_then(|types| types.get(name))
                        .unwrap_or(element(0)),
                );
            }
        }
    }
}

/// Encodes a dynamic value with the type of its JSON value.
fn write_dynamic(out: &mut Vec<u8>, value: &Value) {
    let ty = type_of(value);
    encode::write_array_len(out, 2).expect("memory");
    encode::write_bin(out, ty.to_string().as_bytes()).expect("memory");
    write(out, value, &ty);
}

fn type_of(value: &Value) -> Value {
    match value {
        Value::Null => json!("dynamic"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
        Value::Array(items) => json!(["tuple", items.iter().map(type_of).collect::<Vec<_>>()]),
        Value::Object(fields) => {
            let types = fields
                .iter()
                .map(|(name, value)| (name.clone(), type_of(value)));
            json!(["object", types.collect::<Map<_, _>>()])
        }
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a short value")
}

/// Decodes one value. A dynamic value becomes an array of its type, as text, and its value.
pub(crate) fn decode(mut bytes: &[u8]) -> Value {
    let value = read(&mut bytes);
    assert!(bytes.is_empty(), "{} bytes behind the value", bytes.len());
    value
}

fn read(bytes: &mut &[u8]) -> Value {
    let marker = Marker::from_u8(*bytes.first().expect("a value"));
    match marker {
        Marker::Null => decode::read_nil(bytes).map(|()| Value::Null).expect("nil"),
        Marker::True | Marker::False => decode::read_bool(bytes).expect("a boolean").into(),
        Marker::F32 => decode::read_f32(bytes).expect("a float").into(),
        Marker::F64 => decode::read_f64(bytes).expect("a float").into(),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let length = decode::read_str_len(bytes).expect("a string");
            text(bytes, length)
        }
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            let length = decode::read_bin_len(bytes).expect("bytes");
            text(bytes, length)
        }
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            let length = decode::read_array_len(bytes).expect("an array");
            (0..length).map(|_| read(bytes)).collect()
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            let length = decode::read_map_len(bytes).expect("a map");
            Value::Object((0..length).map(|_| (key(bytes), read(bytes))).collect())
        }
        _ if let Some(integer) = integer(bytes) => integer.into(),
        _ => {
            let meta = decode::read_ext_meta(bytes).expect("an extension");
            text(bytes, meta.size);
            unknown()
        }
    }
}

fn integer(bytes: &mut &[u8]) -> Option<i64> {
    let mut rest = *bytes;
    let integer = decode::read_int(&mut rest).ok()?;
    *bytes = rest;
    Some(integer)
}

fn key(bytes: &mut &[u8]) -> String {
    match read(bytes) {
        Value::String(key) => key,
        other => panic!("{other} as a key"),
    }
}

fn text(bytes: &mut &[u8], length: u32) -> Value {
    let mut buffer = vec![0; length as usize];
    bytes.read_exact_buf(&mut buffer).expect("enough bytes");
    String::from_utf8_lossy(&buffer).into_owned().into()
}
