//! How rules are written in JSON.

use std::str::FromStr;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// Decodes rules. Those that cannot be understood are none.
pub(crate) fn or_no_rules<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Decodes a number of 64 bits, which is a string or a number. Zero, which is no rule, if it is neither.
pub(super) fn number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + FromStr,
{
    Value::deserialize(deserializer).map(|value| parse(&value).unwrap_or_default())
}

/// Decodes a list of such numbers, and leaves out what is none.
pub(super) fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let values: Vec<Value> = Vec::deserialize(deserializer)?;
    Ok(values.iter().filter_map(parse).collect())
}

fn parse<T: FromStr>(value: &Value) -> Option<T> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}
