//! The JSON encoding of values, which Terraform uses for stored state. JSON cannot represent unknown values.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::data::{Data, Set, Value};
use super::invalid::{InvalidValue, MAX_VALUES};
use super::number::Number;
use crate::terraform::path::Step;
use crate::terraform::types::Type;

/// Decodes a value of the type `ty`.
///
/// Decoding is lenient because the state may come from an earlier release. It ignores attributes that the type does not
/// have, treats missing attributes as null, and converts between numbers, strings and booleans.
pub fn decode(json: &[u8], ty: &Type) -> Result<Value, InvalidValue> {
    if exceeds_limit(json) {
        return Err(InvalidValue::too_many_values());
    }
    let raw: &RawValue = serde_json::from_slice(json).map_err(not_json)?;
    value(raw, ty)
}

/// Returns whether a document contains more than [`MAX_VALUES`] values. Every value except the first follows a bracket or a
/// comma.
pub fn exceeds_limit(json: &[u8]) -> bool {
    let (mut values, mut in_text, mut escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' | b',' if !in_text => values += 1,
            _ => {}
        }
    }
    values > MAX_VALUES
}

fn not_json<E>(_: E) -> InvalidValue {
    InvalidValue::new("the value is not well-formed JSON")
}

fn value(raw: &RawValue, ty: &Type) -> Result<Value, InvalidValue> {
    if raw.get() == "null" {
        return Ok(Value::Null);
    }
    known(raw, ty).map(Value::Known)
}

fn known(raw: &RawValue, ty: &Type) -> Result<Data, InvalidValue> {
    let expected = || InvalidValue::expected(ty);
    match ty {
        Type::Bool | Type::Number | Type::String => scalar(raw, ty).ok_or_else(expected),
        Type::List(element) => Ok(Data::List(elements(raw, ty, |_| Some(element))?)),
        Type::Set(element) => {
            let elements = elements(raw, ty, |_| Some(element)).map_err(InvalidValue::in_set)?;
            Ok(Data::Set(elements.into_iter().collect::<Set>()))
        }
        Type::Tuple(types) => {
            let elements = elements(raw, ty, |index| types.get(index))?;
            if elements.len() == types.len() {
                Ok(Data::List(elements))
            } else {
                Err(expected())
            }
        }
        Type::Map(element) => map(raw, ty, element),
        Type::Object(attributes) => object(raw, ty, attributes),
        Type::Dynamic => dynamic(raw, ty),
    }
}

fn map(raw: &RawValue, ty: &Type, element: &Type) -> Result<Data, InvalidValue> {
    let entry = |(key, raw): (String, &RawValue)| {
        let value = value(raw, element).map_err(|error| error.under(Step::Key(key.clone())))?;
        Ok((key, value))
    };
    let entries = entries(raw, ty)?.into_iter().map(entry);
    Ok(Data::Map(entries.collect::<Result<_, _>>()?))
}

fn object(
    raw: &RawValue,
    ty: &Type,
    attributes: &BTreeMap<String, Type>,
) -> Result<Data, InvalidValue> {
    let entries = entries(raw, ty)?;
    let attribute = |(name, ty): (&String, &Type)| {
        let value = entries
            .get(name)
            .map_or(Ok(Value::Null), |raw| value(raw, ty))
            .map_err(|error| error.under(Step::Attribute(name.clone())))?;
        Ok((name.clone(), value))
    };
    Ok(Data::Map(
        attributes.iter().map(attribute).collect::<Result<_, _>>()?,
    ))
}

fn dynamic(raw: &RawValue, ty: &Type) -> Result<Data, InvalidValue> {
    let entries = entries(raw, ty)?;
    let (Some(ty), Some(raw)) = (entries.get("type"), entries.get("value")) else {
        return Err(InvalidValue::new("a dynamic value has a type and a value"));
    };
    let ty =
        Type::parse(ty.get().as_bytes()).map_err(|error| InvalidValue::new(error.to_string()))?;
    let value = value(raw, &ty)?;
    Ok(Data::Dynamic(ty, Box::new(value)))
}

fn scalar(raw: &RawValue, ty: &Type) -> Option<Data> {
    let text = match raw.get() {
        quoted if quoted.starts_with('"') => serde_json::from_str::<String>(quoted).ok()?,
        compound if compound.starts_with(['[', '{']) => return None,
        plain => plain.to_owned(),
    };
    match ty {
        Type::Bool => text.parse().ok().map(Data::Bool),
        Type::Number => Number::parse(&text).ok().map(Data::Number),
        _ => Some(Data::String(text)),
    }
}

fn elements<'t>(
    raw: &RawValue,
    ty: &Type,
    element: impl Fn(usize) -> Option<&'t Type>,
) -> Result<Vec<Value>, InvalidValue> {
    let items: Vec<&RawValue> =
        serde_json::from_str(raw.get()).map_err(|_| InvalidValue::expected(ty))?;
    items
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let ty = element(index).ok_or_else(|| InvalidValue::expected(ty))?;
            value(raw, ty).map_err(|error| error.under(Step::Index(index)))
        })
        .collect()
}

fn entries<'a>(
    raw: &'a RawValue,
    ty: &Type,
) -> Result<BTreeMap<String, &'a RawValue>, InvalidValue> {
    serde_json::from_str(raw.get()).map_err(|_| InvalidValue::expected(ty))
}
