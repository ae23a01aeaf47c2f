//! Reads objects of the dynamic type, whose attributes Terraform does not check.

use std::collections::BTreeMap;

use crate::terraform::nearest::nearest;
use crate::terraform::value::{Data, Value};

/// The rule for a text.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// Returns whether a text satisfies the rule.
    pub(super) holds: fn(&str) -> bool,
}

/// The rule for a map of texts.
#[derive(Clone, Copy)]
pub(super) struct MapRule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// The rule for every key.
    pub(super) key: Rule,
    /// The rule for every value.
    pub(super) value: Rule,
}

/// The rule for a list of texts.
#[derive(Clone, Copy)]
pub(super) struct ListRule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// The rule for every item.
    pub(super) item: Rule,
}

/// Reads an object or a map entry by entry, and collects all errors. An entry that is never read is an error.
///
/// Numbers, strings and booleans convert into one another, as Terraform converts them for declared types. Unknown
/// values satisfy every rule and count as missing.
pub(super) struct Reader<'a> {
    /// The path of the object. Empty for the argument itself.
    place: String,
    entries: BTreeMap<&'a str, &'a Value>,
    is_known: bool,
    asked: Vec<&'static str>,
    errors: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Creates a reader of an argument. `expected` completes "expected …", with an example.
    pub(super) fn new(argument: &'a Value, expected: &str) -> Self {
        Self::at(String::new(), argument, expected)
    }

    fn at(place: String, value: &'a Value, expected: &str) -> Self {
        let mut reader = Self {
            place,
            entries: BTreeMap::new(),
            is_known: value.is_wholly_known(),
            asked: Vec::new(),
            errors: Vec::new(),
        };
        match inner(value) {
            Value::Known(Data::Map(entries)) => {
                let entries = entries.iter();
                reader.entries = entries
                    .map(|(name, value)| (name.as_str(), value))
                    .collect();
            }
            Value::Known(data) => reader.error(&reader.place.clone(), expected, &shown(data)),
            Value::Null | Value::Unknown => {}
        }
        reader
    }

    /// Returns whether all values in the object are known. Rules between entries apply only then.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    /// Takes a text.
    pub(super) fn text(&mut self, name: &'static str, rule: Rule) -> Option<String> {
        let (place, data) = self.take(name)?;
        self.checked(&place, data, rule)
    }

    /// Takes a non-negative whole number.
    pub(super) fn count(&mut self, name: &'static str, expected: &str) -> Option<i32> {
        let count = |text: String| text.parse().ok().filter(|count| *count >= 0);
        self.parsed(name, expected, count)
    }

    /// Takes a boolean.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.parsed(name, "true or false", |text| text.parse().ok())
    }

    fn parsed<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        parse: impl Fn(String) -> Option<T>,
    ) -> Option<T> {
        let (place, data) = self.take(name)?;
        let parsed = text(data).and_then(parse);
        if parsed.is_none() {
            self.error(&place, expected, &shown(data));
        }
        parsed
    }

    /// Takes a map of texts.
    pub(super) fn map(&mut self, name: &'static str, rule: MapRule) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        let Some((place, data)) = self.take(name) else {
            return map;
        };
        let Data::Map(entries) = data else {
            self.error(&place, rule.expected, &shown(data));
            return map;
        };
        for (key, value) in entries {
            let place = format!("{place}[{key:?}]");
            if !(rule.key.holds)(key) {
                let expected = rule.key.expected;
                self.errors.push(format!("{place}: expected {expected}"));
            } else if let Value::Known(data) = inner(value)
                && let Some(text) = self.checked(&place, data, rule.value)
            {
                map.insert(key.clone(), text);
            }
        }
        map
    }

    /// Takes a list of texts.
    pub(super) fn texts(&mut self, name: &'static str, rule: ListRule) -> Option<Vec<String>> {
        let items = self.items(name, rule.expected)?;
        let mut texts = Vec::new();
        for (place, value) in items {
            match inner(value) {
                Value::Known(data) => texts.extend(self.checked(&place, data, rule.item)),
                Value::Null => self.error(&place, rule.item.expected, "null"),
                Value::Unknown => {}
            }
        }
        Some(texts)
    }

    /// Takes an object. `read` takes its entries.
    pub(super) fn object<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let value = self.entry(name).unwrap_or(&Value::Null);
        self.inside(self.place_of(name), value, expected, read)
    }

    /// Takes a list of objects. `read` takes the entries of each one. `expected` describes the list, `item` one object.
    pub(super) fn objects<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        item: &str,
        read: impl Fn(&mut Self) -> T,
    ) -> Vec<T> {
        let items = self.items(name, expected).unwrap_or_default();
        let read = |(place, value)| self.inside(place, value, item, &read);
        items.into_iter().map(read).collect()
    }

    fn inside<T>(
        &mut self,
        place: String,
        value: &'a Value,
        expected: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut reader = Self::at(place, value, expected);
        let read = read(&mut reader);
        self.errors.extend(reader.errors());
        read
    }

    /// Adds an error about an entry that conflicts with others. An empty `name` means the object itself.
    pub(super) fn refuse(&mut self, name: &str, why: &str) {
        let place = self.place_of(name);
        self.errors.push(format!("{place}: {why}"));
    }

    /// Returns all errors, including entries that were never read.
    pub(super) fn errors(mut self) -> Vec<String> {
        let options = self.asked.join(", ");
        for unknown in self.entries.keys() {
            let hint = match nearest(unknown, self.asked.iter().copied()) {
                Some(name) => format!("did you mean {name}? The options are {options}"),
                None => format!("the options are {options}"),
            };
            let place = self.place_of(unknown);
            self.errors
                .push(format!("{place}: this option does not exist; {hint}"));
        }
        self.errors
    }

    /// Takes the items of a list with their paths.
    fn items(&mut self, name: &'static str, expected: &str) -> Option<Vec<(String, &'a Value)>> {
        let (place, data) = self.take(name)?;
        let items: Vec<&Value> = match data {
            Data::List(items) => items.iter().collect(),
            Data::Set(items) => items.iter().collect(),
            _ => {
                self.error(&place, expected, &shown(data));
                return None;
            }
        };
        let items = items.into_iter().enumerate();
        Some(
            items
                .map(|(index, item)| (format!("{place}[{index}]"), item))
                .collect(),
        )
    }

    /// Takes an entry with its path. `None` if it is missing, null or unknown.
    fn take(&mut self, name: &'static str) -> Option<(String, &'a Data)> {
        match inner(self.entry(name)?) {
            Value::Known(data) => Some((self.place_of(name), data)),
            Value::Null | Value::Unknown => None,
        }
    }

    fn entry(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.entries.remove(name)
    }

    fn place_of(&self, name: &str) -> String {
        let is_inner = !self.place.is_empty() && !name.is_empty();
        format!("{}{}{name}", self.place, if is_inner { "." } else { "" })
    }

    fn checked(&mut self, place: &str, data: &Data, rule: Rule) -> Option<String> {
        let text = text(data).filter(|text| (rule.holds)(text));
        if text.is_none() {
            self.error(place, rule.expected, &shown(data));
        }
        text
    }

    fn error(&mut self, place: &str, expected: &str, got: &str) {
        let colon = if place.is_empty() { "" } else { ": " };
        self.errors
            .push(format!("{place}{colon}expected {expected}, got {got}"));
    }
}

/// Unwraps a value of the dynamic type.
fn inner(value: &Value) -> Value<&Data> {
    match value {
        Value::Known(Data::Dynamic(_, value)) => inner(value),
        Value::Known(data) => Value::Known(data),
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
    }
}

/// Describes a value for a message.
fn shown(data: &Data) -> String {
    match data {
        Data::String(text) => format!("{text:?}"),
        Data::Number(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::List(_) | Data::Set(_) => "a list".to_owned(),
        Data::Map(_) | Data::Dynamic(..) => "an object".to_owned(),
    }
}

/// Converts a value to text as Terraform does. `None` for lists and objects.
fn text(data: &Data) -> Option<String> {
    match data {
        Data::String(text) => Some(text.clone()),
        Data::Number(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::List(_) | Data::Set(_) | Data::Map(_) | Data::Dynamic(..) => None,
    }
}
