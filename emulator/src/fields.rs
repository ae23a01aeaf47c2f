//! Field masks: the fields that an update writes, and their values.

use serde_json::{Map, Value, json};

use crate::problem::{Problem, Result};

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Flag,
    Number,
    List,
    Map,
    Message,
}

impl Kind {
    /// Returns the value of a field that the mask names and the message omits.
    pub(crate) fn zero(self) -> Value {
        match self {
            Self::Text => json!(""),
            Self::Flag => json!(false),
            Self::Number => json!(0),
            Self::List => json!([]),
            Self::Map => json!({}),
            Self::Message => Value::Null,
        }
    }

    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Number => value.is_number(),
            Self::List => value
                .as_array()
                .is_some_and(|items| items.iter().all(Value::is_string)),
            Self::Map => value
                .as_object()
                .is_some_and(|map| map.values().all(Value::is_string)),
            Self::Message => value.is_object(),
        }
    }
}

/// A field of a message that can be updated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    kind: Option<Kind>,
}

impl Field {
    /// A field that callers may change.
    pub(crate) const fn writable(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind: Some(kind),
        }
    }

    /// Returns a field that callers may send back unchanged, but not change.
    pub(crate) const fn read_only(name: &'static str) -> Self {
        Self { name, kind: None }
    }
}

/// The zero values of the writable fields for which a stored object has no field of its own.
pub(crate) fn zeros(fields: &[Field], own: &[&str]) -> Map<String, Value> {
    let generic = fields.iter().filter(|field| !own.contains(&field.name));
    generic
        .filter_map(|field| Some((field.name.to_owned(), field.kind?.zero())))
        .collect()
}

/// Returns the fields that an update writes, with their new values. Without a mask, these are the writable fields of
/// the message. A field that the mask names and the message omits becomes zero.
pub(crate) fn patch(
    fields: &[Field],
    mut message: Map<String, Value>,
    mask: Option<&str>,
) -> Result<Vec<(&'static str, Value)>> {
    let unknown = message
        .keys()
        .find(|name| !fields.iter().any(|field| field.name == **name));
    if let Some(name) = unknown {
        return Err(Problem::invalid(format!("unknown field {name:?}")));
    }
    chosen(fields, &message, mask)?
        .into_iter()
        .map(|(name, kind)| match message.remove(name) {
            None => Ok((name, kind.zero())),
            Some(value) if kind.accepts(&value) => Ok((name, value)),
            Some(_) => Err(Problem::invalid(format!(
                "invalid value for field {name:?}"
            ))),
        })
        .collect()
}

fn chosen(
    fields: &[Field],
    message: &Map<String, Value>,
    mask: Option<&str>,
) -> Result<Vec<(&'static str, Kind)>> {
    let Some(mask) = mask.filter(|mask| !mask.is_empty()) else {
        let given = fields
            .iter()
            .filter(|field| message.contains_key(field.name));
        return Ok(given
            .filter_map(|field| Some((field.name, field.kind?)))
            .collect());
    };
    mask.split(',')
        .map(|path| {
            let field = fields.iter().find(|field| field.name == path);
            let field = field
                .ok_or_else(|| Problem::invalid(format!("invalid field mask path {path:?}")))?;
            let kind = field
                .kind
                .ok_or_else(|| Problem::invalid(format!("field {path:?} is read-only")))?;
            Ok((field.name, kind))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    const FIELDS: &[Field] = &[
        Field::read_only("id"),
        Field::writable("displayName", Kind::Text),
        Field::writable("userIds", Kind::List),
    ];

    fn patched(message: Value, mask: Option<&str>) -> std::result::Result<Value, String> {
        let Value::Object(message) = message else {
            return Err("not an object".to_owned());
        };
        let patch = patch(FIELDS, message, mask).map_err(|problem| problem.message)?;
        Ok(patch
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    #[test]
    fn a_mask_chooses_and_zeroes() {
        let message = json!({"id": "x", "displayName": "n"});
        assert_eq!(
            patched(message.clone(), None).unwrap(),
            json!({"displayName": "n"})
        );
        assert_eq!(
            patched(message, Some("userIds")).unwrap(),
            json!({"userIds": []})
        );
    }

    #[test]
    fn a_mask_is_camel_case_and_of_writable_fields() {
        for mask in [
            "display_name",
            "id",
            "nonsense",
            "displayName, userIds",
            "displayName,",
        ] {
            assert!(patched(json!({}), Some(mask)).is_err(), "{mask}");
        }
        assert!(patched(json!({"display_name": "n"}), None).is_err());
        assert!(patched(json!({"displayName": 1}), None).is_err());
    }
}
