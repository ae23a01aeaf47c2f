//! Validation against the schema.

use std::collections::BTreeMap;

use super::definition::{Attribute, AttributeFlag, AttributeType, Rules, Schema};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::messages;
use crate::terraform::nearest::nearest;
use crate::terraform::path::{Path, Step};
use crate::terraform::value::{Data, Typed, Value};

impl Schema {
    /// Validates a configuration. Returns each error at its attribute. Unknown values are valid.
    ///
    /// `rules` validates rules between attributes. It is not called if a value does not match the type of its attribute,
    /// because the schema then already reports an error.
    pub fn validate<M: Typed>(
        &self,
        config: Value,
        rules: impl FnOnce(&M, &mut Diagnostics),
    ) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        validate_object(
            &self.attributes,
            &config,
            &Path::default(),
            &mut diagnostics,
        );
        if let Ok(Value::Known(config)) = Value::<M>::from_value(config) {
            rules(&config, &mut diagnostics);
        }
        diagnostics
    }

    /// Returns a warning for each nested object in which `config` sets nothing, if that is new in this plan. Terraform drops
    /// attributes that a nested object does not have, so a misspelled name causes an empty object.
    pub(in crate::terraform) fn empty_objects(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
    ) -> Diagnostics {
        let is_new =
            |name: &str| prior.is_null() || prior.attribute(name) != planned.attribute(name);
        let warning = |attribute: &Attribute| match &attribute.ty {
            AttributeType::SingleNested(nested) if is_new(&attribute.name) => {
                let path = Path::attribute(&attribute.name);
                empty_object(nested, config.attribute(&attribute.name), &path)
            }
            _ => None,
        };
        self.attributes.iter().filter_map(warning).collect()
    }

    /// Returns an error for each write-only value. Terraform before 1.11 would store such values.
    pub(in crate::terraform) fn refuse_write_only(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for attribute in &self.attributes {
            if attribute.is(AttributeFlag::WriteOnly)
                && !config.attribute(&attribute.name).is_null()
            {
                let error = messages::write_only_unavailable(&attribute.name);
                diagnostics.push(error.on(&attribute.name));
            }
        }
        diagnostics
    }
}

/// Checks that each of these attributes has a valid value.
pub(in crate::terraform) fn validate_required<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    values: &BTreeMap<String, Value>,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for attribute in attributes {
        let path = Path::attribute(&attribute.name);
        match values.get(&attribute.name) {
            Some(value @ Value::Known(_)) => {
                validate_value(&attribute.rules, value, false, &path, &mut diagnostics);
            }
            _ => diagnostics.push(attribute.missing(&path)),
        }
    }
    diagnostics
}

impl Attribute {
    /// Returns the error for a missing required value.
    fn missing(&self, path: &Path) -> Diagnostic {
        let expected = self.rules.format.map(|format| format.expected);
        let error = match (&self.why_missing, expected) {
            (Some(why), Some(expected)) => messages::missing_and_why(path, why, expected),
            _ => messages::missing_attribute(path),
        };
        error.at(path.clone())
    }
}

fn validate_object(
    attributes: &[Attribute],
    object: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    for attribute in attributes {
        let path = path.then(Step::Attribute(attribute.name.clone()));
        let value = object.attribute(&attribute.name);
        if attribute.is(AttributeFlag::Required) && value.is_null() && object.as_map().is_some() {
            diagnostics.push(attribute.missing(&path));
            continue;
        }
        match &attribute.ty {
            AttributeType::SingleNested(nested) => {
                validate_object(nested, value, &path, diagnostics);
            }
            AttributeType::ListNested(nested) => {
                validate_objects(nested, value, &path, diagnostics);
            }
            AttributeType::Plain(_) => {
                let sensitive = attribute.is(AttributeFlag::Sensitive);
                validate_value(&attribute.rules, value, sensitive, &path, diagnostics);
            }
        }
    }
}

/// Returns the warning for a nested object without values, unless one of its attributes is required.
fn empty_object(attributes: &[Attribute], object: &Value, path: &Path) -> Option<Diagnostic> {
    let values = object.as_map()?;
    let is_empty = values.values().all(Value::is_null)
        && !attributes.iter().any(|it| it.is(AttributeFlag::Required));
    let names: Vec<_> = attributes.iter().map(|it| it.name.as_str()).collect();
    is_empty.then(|| messages::nothing_set(path, &names.join(", ")).at(path.clone()))
}

fn validate_objects(
    attributes: &[Attribute],
    list: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let Value::Known(Data::List(items)) = list else {
        return;
    };
    for (index, item) in items.iter().enumerate() {
        let path = path.then(Step::Index(index));
        if item.is_null() {
            diagnostics.push(null_element(&path));
        }
        validate_object(attributes, item, &path, diagnostics);
    }
}

fn null_element(path: &Path) -> Diagnostic {
    messages::null_element(path).at(path.clone())
}

fn validate_value(
    rules: &Rules,
    value: &Value,
    sensitive: bool,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let Value::Known(data) = value else { return };
    let error = match data {
        Data::String(text) => rules.validate_text(path, text, sensitive),
        Data::Number(number) => rules.validate_number(path, number.as_i64()),
        Data::List(_) | Data::Set(_) | Data::Map(_) => {
            if let Some(items) = &rules.items {
                validate_items(items, data, sensitive, path, diagnostics);
            }
            (rules.not_empty && data.is_empty()).then(|| messages::empty_collection(path))
        }
        Data::Bool(_) | Data::Dynamic(..) => None,
    };
    diagnostics.extend(error.map(|error| error.at(path.clone())));
}

fn validate_items(
    rules: &Rules,
    data: &Data,
    sensitive: bool,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let mut check = |value: &Value, path: &Path| {
        if value.is_null() {
            diagnostics.push(null_element(path));
        }
        validate_value(rules, value, sensitive, path, diagnostics);
    };
    match data {
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                check(item, &path.then(Step::Index(index)));
            }
        }
        // Elements of a set have no path.
        Data::Set(items) => items.iter().for_each(|item| check(item, path)),
        Data::Map(items) => {
            for (key, item) in items {
                check(item, &path.then(Step::Key(key.clone())));
            }
        }
        Data::Bool(_) | Data::Number(_) | Data::String(_) | Data::Dynamic(..) => {}
    }
}

impl Rules {
    fn validate_text(&self, path: &Path, text: &str, sensitive: bool) -> Option<Diagnostic> {
        if let Some(format) = &self.format
            && let Err(reason) = (format.normalize)(text)
        {
            return Some(if sensitive || text.trim().is_empty() {
                messages::invalid_sensitive_text(path, &reason, format.expected)
            } else {
                messages::invalid_text(path, text, &reason, format.expected)
            });
        }
        if self.one_of.is_empty() || self.one_of.iter().any(|allowed| allowed == text) {
            return None;
        }
        let choices = self.one_of.join(", ");
        Some(
            match nearest(text, self.one_of.iter().map(String::as_str)) {
                Some(meant) => messages::misspelled_choice(path, text, &choices, meant),
                None => messages::unknown_choice(path, text, &choices),
            },
        )
    }

    fn validate_number(&self, path: &Path, number: Option<i64>) -> Option<Diagnostic> {
        let Some(number) = number else {
            return Some(messages::not_a_whole_number(path));
        };
        let minimum = self.minimum.filter(|minimum| number < *minimum);
        let maximum = self.maximum.filter(|maximum| number > *maximum);
        let too_small = minimum.map(|minimum| messages::too_small(path, &number, &minimum));
        too_small.or_else(|| maximum.map(|maximum| messages::too_large(path, &number, &maximum)))
    }
}
