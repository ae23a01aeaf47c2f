//! The JSON format of rules.

use std::str::FromStr;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// Decodes rules, and ignores rules that it does not understand.
pub(crate) fn or_no_rules<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Decodes a 64-bit number, which is a JSON string or a number. Other values count as zero, which is not a rule.
pub(super) fn number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + FromStr,
{
    Value::deserialize(deserializer).map(|value| parse(&value).unwrap_or_default())
}

/// Decodes a list of 64-bit numbers, and ignores other values.
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
