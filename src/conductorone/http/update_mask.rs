//! Partial updates.

use serde_json::{Map, Value};

/// Returns the fields of an update that are set, and the mask that names exactly these fields. Returns `None` if no
/// field is set: to the service, an empty mask means every field.
pub(crate) fn fields_and_mask<const N: usize>(
    fields: [(&'static str, Option<Value>); N],
) -> Option<(Map<String, Value>, String)> {
    let changed: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let mask: Vec<_> = changed.iter().map(|(name, _)| *name).collect();
    let mask = mask.join(",");
    let named = |(name, value): (&str, Value)| (name.to_owned(), value);
    (!mask.is_empty()).then(|| (changed.into_iter().map(named).collect(), mask))
}
