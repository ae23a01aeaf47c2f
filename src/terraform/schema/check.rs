//! Checks that need nothing but the schema.

use std::collections::BTreeMap;

use super::{Attribute, Behaviour, Rules, Schema, Shape};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::nearest::nearest;
use crate::terraform::path::{Path, Step};
use crate::terraform::problems;
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

    /// The warnings for objects in which `config` sets nothing, where that is new. Terraform drops names that an object
    /// does not have, so that a misspelt one looks like this.
    pub(in crate::terraform) fn empty_objects(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
    ) -> Diagnostics {
        let is_new =
            |name: &str| prior.is_null() || prior.attribute(name) != planned.attribute(name);
        let warning = |attribute: &Attribute| match &attribute.shape {
            Shape::Object(nested) if is_new(&attribute.name) => {
                let path = Path::attribute(&attribute.name);
                sets_nothing(nested, config.attribute(&attribute.name), &path)
            }
            _ => None,
        };
        self.attributes.iter().filter_map(warning).collect()
    }

    /// The errors for write-only values that a client before Terraform 1.11 would store.
    pub(in crate::terraform) fn refuse_write_only(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for attribute in &self.attributes {
            if attribute.is(Behaviour::WriteOnly) && !config.attribute(&attribute.name).is_null() {
                let problem = problems::write_only_unavailable(&attribute.name);
                diagnostics.push(problem.on(&attribute.name));
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
            _ => diagnostics.push(attribute.missing(&path)),
        }
    }
    diagnostics
}

impl Attribute {
    /// The error for a required value that is not there.
    fn missing(&self, path: &Path) -> Diagnostic {
        let expected = self.rules.format.map(|format| format.expected);
        let problem = match (&self.why_missing, expected) {
            (Some(why), Some(expected)) => problems::missing_and_why(path, why, expected),
            _ => problems::missing_attribute(path),
        };
        problem.at(path.clone())
    }
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
            diagnostics.push(attribute.missing(&path));
            continue;
        }
        match &attribute.shape {
            Shape::Object(nested) => {
                check_object(nested, value, &path, diagnostics);
            }
            Shape::Objects(nested) => check_objects(nested, value, &path, diagnostics),
            Shape::Plain(_) => {
                let hidden = attribute.is(Behaviour::Sensitive);
                check_value(&attribute.rules, value, hidden, &path, diagnostics);
            }
        }
    }
}

/// The warning for a nested object without a value in it, where none is required.
fn sets_nothing(attributes: &[Attribute], object: &Value, path: &Path) -> Option<Diagnostic> {
    let values = object.as_map()?;
    let is_empty = values.values().all(Value::is_null)
        && !attributes.iter().any(|it| it.is(Behaviour::Required));
    let names: Vec<_> = attributes.iter().map(|it| it.name.as_str()).collect();
    is_empty.then(|| problems::nothing_set(path, &names.join(", ")).at(path.clone()))
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
    problems::null_element(path).at(path.clone())
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
        Data::String(text) => rules.problem_with_text(path, text, hidden),
        Data::Number(number) => rules.problem_with_number(path, number.as_i64()),
        Data::List(_) | Data::Set(_) | Data::Map(_) => {
            if let Some(items) = &rules.items {
                check_items(items, data, hidden, path, diagnostics);
            }
            (rules.not_empty && is_empty(data)).then(|| problems::empty_collection(path))
        }
        Data::Bool(_) | Data::Dynamic(..) => None,
    };
    diagnostics.extend(problem.map(|problem| problem.at(path.clone())));
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

fn is_empty(data: &Data) -> bool {
    match data {
        Data::List(items) => items.is_empty(),
        Data::Set(items) => items.is_empty(),
        Data::Map(items) => items.is_empty(),
        Data::Bool(_) | Data::Number(_) | Data::String(_) | Data::Dynamic(..) => false,
    }
}

impl Rules {
    fn problem_with_text(&self, path: &Path, text: &str, hidden: bool) -> Option<Diagnostic> {
        if let Some(format) = &self.format
            && let Err(reason) = (format.normalise)(text)
        {
            return Some(if hidden || text.trim().is_empty() {
                problems::wrong_hidden_form(path, &reason, format.expected)
            } else {
                problems::wrong_form(path, text, &reason, format.expected)
            });
        }
        if self.one_of.is_empty() || self.one_of.iter().any(|allowed| allowed == text) {
            return None;
        }
        let choices = self.one_of.join(", ");
        Some(
            match nearest(text, self.one_of.iter().map(String::as_str)) {
                Some(meant) => problems::misspelt_choice(path, text, &choices, meant),
                None => problems::unknown_choice(path, text, &choices),
            },
        )
    }

    fn problem_with_number(&self, path: &Path, number: Option<i64>) -> Option<Diagnostic> {
        let Some(number) = number else {
            return Some(problems::no_whole_number(path));
        };
        let least = self.minimum.filter(|least| number < *least);
        let greatest = self.maximum.filter(|greatest| number > *greatest);
        let too_small = least.map(|least| problems::too_small(path, &number, &least));
        too_small.or_else(|| greatest.map(|greatest| problems::too_great(path, &number, &greatest)))
    }
}
