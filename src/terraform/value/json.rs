//! JSON, the form in which state is stored. There are no unknown values in it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Data, MOST_VALUES, Malformed, Number, Set, Step, Value};
use crate::terraform::types::Type;

/// Reads a value of the type `ty`, as leniently as state of earlier releases needs: attributes that the type lacks are
/// ignored, missing ones are null, and numbers, strings and booleans may stand for each other.
pub fn decode(json: &[u8], ty: &Type) -> Result<Value, Malformed> {
    if holds_too_much(json) {
        return Err(Malformed::too_many_values());
    }
    let raw: &RawValue = serde_json::from_slice(json).map_err(broken)?;
    value(raw, ty)
}

/// Whether a document holds more values than can be meant. Every value but the first one follows a bracket or a comma.
pub fn holds_too_much(json: &[u8]) -> bool {
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
    values > MOST_VALUES
}

fn broken<E>(_: E) -> Malformed {
    Malformed::new("the value is not well-formed JSON")
}

fn value(raw: &RawValue, ty: &Type) -> Result<Value, Malformed> {
    if raw.get() == "null" {
        return Ok(Value::Null);
    }
    known(raw, ty).map(Value::Known)
}

fn known(raw: &RawValue, ty: &Type) -> Result<Data, Malformed> {
    let expected = || Malformed::expected(ty);
    match ty {
        Type::Bool | Type::Number | Type::String => scalar(raw, ty).ok_or_else(expected),
        Type::List(element) => Ok(Data::List(elements(raw, ty, |_| Some(element))?)),
        Type::Set(element) => {
            let elements = elements(raw, ty, |_| Some(element)).map_err(Malformed::in_set)?;
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

fn map(raw: &RawValue, ty: &Type, element: &Type) -> Result<Data, Malformed> {
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
) -> Result<Data, Malformed> {
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

fn dynamic(raw: &RawValue, ty: &Type) -> Result<Data, Malformed> {
    let entries = entries(raw, ty)?;
    let (Some(ty), Some(raw)) = (entries.get("type"), entries.get("value")) else {
        return Err(Malformed::new("a dynamic value has a type and a value"));
    };
    let ty = Type::parse(ty.get().as_bytes()).map_err(|error| Malformed::new(error.to_string()))?;
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
) -> Result<Vec<Value>, Malformed> {
    let items: Vec<&RawValue> =
        serde_json::from_str(raw.get()).map_err(|_| Malformed::expected(ty))?;
    items
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let ty = element(index).ok_or_else(|| Malformed::expected(ty))?;
            value(raw, ty).map_err(|error| error.under(Step::Index(index)))
        })
        .collect()
}

fn entries<'a>(raw: &'a RawValue, ty: &Type) -> Result<BTreeMap<String, &'a RawValue>, Malformed> {
    serde_json::from_str(raw.get()).map_err(|_| Malformed::expected(ty))
}

/// The JSON text of a value, or `None` where something in it is unknown.
pub fn encode(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(&mut text, value)?;
    Some(text)
}

fn write(text: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Unknown => return None,
        Value::Null => text.push_str("null"),
        Value::Known(data) => match data {
            Data::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Data::Number(number) => text.push_str(number.as_str()),
            Data::String(value) => write_text(text, value),
            Data::List(items) => write_items(text, items.iter())?,
            Data::Set(items) => write_items(text, items.iter())?,
            Data::Map(items) => write_entries(text, items)?,
            Data::Dynamic(ty, value) => {
                text.push_str("{\"type\":");
                text.push_str(&ty.to_json().to_string());
                text.push_str(",\"value\":");
                write(text, value)?;
                text.push('}');
            }
        },
    }
    Some(())
}

fn write_text(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

fn write_items<'a>(text: &mut String, items: impl Iterator<Item = &'a Value>) -> Option<()> {
    text.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, item)?;
    }
    text.push(']');
    Some(())
}

fn write_entries(text: &mut String, items: &BTreeMap<String, Value>) -> Option<()> {
    text.push('{');
    for (index, (key, value)) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_text(text, key);
        text.push(':');
        write(text, value)?;
    }
    text.push('}');
    Some(())
}
