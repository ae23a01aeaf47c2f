//! Checks that need nothing but the schema.

use std::collections::BTreeMap;

use super::{Attribute, Behaviour, Rules, Schema, Shape};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::nearest::nearest;
use crate::terraform::path::{Path, Step};
use crate::terraform::value::{Data, Typed, Value};

impl Schema {
    /// Checks a configuration: one error per mistake, each at its attribute. What is unknown is let pass.
    ///
    /// `rules` are those between attributes. A value that the attributes' own types refuse is an error of the schema's
    /// already, and the rules are not asked.
    pub fn validate<M: Typed>(
        &self,
        config: Value,
        rules: impl FnOnce(&M, &mut Diagnostics),
    ) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        check_object(
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

    /// The errors for write-only values that a client before Terraform 1.11 would store.
    pub(in crate::terraform) fn refuse_write_only(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for attribute in &self.attributes {
            if attribute.is(Behaviour::WriteOnly) && !config.attribute(&attribute.name).is_null() {
                diagnostics.push(
                    Diagnostic::error(
                        format!("{} is not available", attribute.name),
                        "Write-only attributes need Terraform 1.11 or later, or OpenTofu 1.11 or later. Upgrade, or use \
                         the attribute that is kept in the state instead.",
                    )
                    .on(&attribute.name),
                );
            }
        }
        diagnostics
    }
}

/// Checks that each of these attributes is set, and to something that it may be.
pub(in crate::terraform) fn check_set<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    values: &BTreeMap<String, Value>,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for attribute in attributes {
        let path = Path::attribute(&attribute.name);
        match values.get(&attribute.name) {
            Some(value @ Value::Known(_)) => {
                check_value(&attribute.rules, value, false, &path, &mut diagnostics);
            }
            _ => diagnostics.push(missing(&path)),
        }
    }
    diagnostics
}

fn missing(path: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("Missing {path}"),
        format!("The attribute {path} is required. Set it."),
    )
    .at(path.clone())
}

fn check_object(
    attributes: &[Attribute],
    object: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    for attribute in attributes {
        let path = path.then(Step::Attribute(attribute.name.clone()));
        let value = object.attribute(&attribute.name);
        if attribute.is(Behaviour::Required) && value.is_null() && object.as_map().is_some() {
            diagnostics.push(missing(&path));
            continue;
        }
        match &attribute.shape {
            Shape::Object(nested) => check_object(nested, value, &path, diagnostics),
            Shape::Objects(nested) => check_objects(nested, value, &path, diagnostics),
            Shape::Plain(_) => {
                let hidden = attribute.is(Behaviour::Sensitive);
                check_value(&attribute.rules, value, hidden, &path, diagnostics);
            }
        }
    }
}

fn check_objects(
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
        check_object(attributes, item, &path, diagnostics);
    }
}

fn null_element(path: &Path) -> Diagnostic {
    let problem = "An element is null. Give it a value or leave it out.";
    Diagnostic::error(format!("Invalid {path}"), problem).at(path.clone())
}

fn check_value(
    rules: &Rules,
    value: &Value,
    hidden: bool,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let Value::Known(data) = value else { return };
    let problem = match data {
        Data::String(text) => rules.problem_with_text(text, hidden),
        Data::Number(number) => rules.problem_with_number(number.as_i64()),
        Data::List(_) | Data::Set(_) | Data::Map(_) => {
            if let Some(items) = &rules.items {
                check_items(items, data, hidden, path, diagnostics);
            }
            None
        }
        Data::Bool(_) | Data::Dynamic(..) => None,
    };
    if let Some(problem) = problem {
        let summary = format!("Invalid {path}");
        diagnostics.push(Diagnostic::error(summary, problem).at(path.clone()));
    }
}

fn check_items(
    rules: &Rules,
    data: &Data,
    hidden: bool,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let mut check = |value: &Value, path: &Path| {
        if value.is_null() {
            diagnostics.push(null_element(path));
        }
        check_value(rules, value, hidden, path, diagnostics);
    };
    match data {
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                check(item, &path.then(Step::Index(index)));
            }
        }
        // Elements of sets have no path of their own.
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
    fn problem_with_text(&self, text: &str, hidden: bool) -> Option<String> {
        let got = if hidden || text.trim().is_empty() {
            String::new()
        } else {
            format!("Got {text:?}: ")
        };
        if let Some(format) = &self.format
            && let Err(reason) = (format.normalise)(text)
        {
            let reason = if got.is_empty() {
                sentence(&reason)
            } else {
                format!("{reason}.")
            };
            return Some(format!("Expected {}. {got}{reason}", format.expected));
        }
        if self.one_of.is_empty() || self.one_of.iter().any(|allowed| allowed == text) {
            return None;
        }
        let hint = nearest(text, self.one_of.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |meant| format!(" Did you mean {meant}?"));
        let allowed = self.one_of.join(", ");
        Some(format!("{got}expected one of {allowed}.{hint}"))
    }

    fn problem_with_number(&self, number: Option<i64>) -> Option<String> {
        let Some(number) = number else {
            return Some("Expected a whole number.".to_owned());
        };
        let least = self.minimum.filter(|least| number < *least);
        let greatest = self.maximum.filter(|greatest| number > *greatest);
        match (least, greatest) {
            (Some(least), _) => Some(format!("Expected at least {least}, got {number}.")),
            (_, Some(greatest)) => Some(format!("Expected at most {greatest}, got {number}.")),
            (None, None) => None,
        }
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}
