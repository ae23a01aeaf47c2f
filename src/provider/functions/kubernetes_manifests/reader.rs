//! Objects whose attributes Terraform does not check, because their type is left open.

use std::collections::BTreeMap;

use crate::terraform::nearest::nearest;
use crate::terraform::value::{Data, Value};

/// What text must look like.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// Whether text looks like that.
    pub(super) holds: fn(&str) -> bool,
}

/// What a map of text must look like.
#[derive(Clone, Copy)]
pub(super) struct MapRule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// The rule for every key.
    pub(super) key: Rule,
    /// The rule for every value.
    pub(super) value: Rule,
}

/// What a list of text must look like.
#[derive(Clone, Copy)]
pub(super) struct ListRule {
    /// Completes "expected …", with an example.
    pub(super) expected: &'static str,
    /// The rule for every item.
    pub(super) item: Rule,
}

/// An object or a map, read entry by entry. It notes every mistake. Entries that nobody asked for are mistakes too.
///
/// Numbers, strings and booleans convert into one another, as they do in Terraform where a type is declared. Values that
/// are not known yet pass every check and count as missing.
pub(super) struct Reader<'a> {
    /// Where the object is; empty for the argument itself.
    place: String,
    entries: BTreeMap<&'a str, &'a Value>,
    is_known: bool,
    asked: Vec<&'static str>,
    mistakes: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader of an argument. `expected` completes "expected …", with an example.
    pub(super) fn new(argument: &'a Value, expected: &str) -> Self {
        Self::at(String::new(), argument, expected)
    }

    fn at(place: String, value: &'a Value, expected: &str) -> Self {
        let mut reader = Self {
            place,
            entries: BTreeMap::new(),
            is_known: value.is_wholly_known(),
            asked: Vec::new(),
            mistakes: Vec::new(),
        };
        match inner(value) {
            Value::Known(Data::Map(entries)) => {
                let entries = entries.iter();
                reader.entries = entries
                    .map(|(name, value)| (name.as_str(), value))
                    .collect();
            }
            Value::Known(data) => reader.mistake(&reader.place.clone(), expected, &shown(data)),
            Value::Null | Value::Unknown => {}
        }
        reader
    }

    /// Whether everything in the object is known. Rules between entries can be checked only then.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    /// Takes out text.
    pub(super) fn text(&mut self, name: &'static str, rule: Rule) -> Option<String> {
        let (place, data) = self.take(name)?;
        self.checked(&place, data, rule)
    }

    /// Takes out a whole number that is not negative.
    pub(super) fn count(&mut self, name: &'static str, expected: &str) -> Option<i32> {
        let count = |text: String| text.parse().ok().filter(|count| *count >= 0);
        self.parsed(name, expected, count)
    }

    /// Takes out `true` or `false`.
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
            self.mistake(&place, expected, &shown(data));
        }
        parsed
    }

    /// Takes out a map of text.
    pub(super) fn map(&mut self, name: &'static str, rule: MapRule) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        let Some((place, data)) = self.take(name) else {
            return map;
        };
        let Data::Map(entries) = data else {
            self.mistake(&place, rule.expected, &shown(data));
            return map;
        };
        for (key, value) in entries {
            let place = format!("{place}[{key:?}]");
            if !(rule.key.holds)(key) {
                let expected = rule.key.expected;
                self.mistakes.push(format!("{place}: expected {expected}"));
            } else if let Value::Known(data) = inner(value)
                && let Some(text) = self.checked(&place, data, rule.value)
            {
                map.insert(key.clone(), text);
            }
        }
        map
    }

    /// Takes out a list of text.
    pub(super) fn texts(&mut self, name: &'static str, rule: ListRule) -> Option<Vec<String>> {
        let items = self.items(name, rule.expected)?;
        let mut texts = Vec::new();
        for (place, value) in items {
            match inner(value) {
                Value::Known(data) => texts.extend(self.checked(&place, data, rule.item)),
                Value::Null => self.mistake(&place, rule.item.expected, "null"),
                Value::Unknown => {}
            }
        }
        Some(texts)
    }

    /// Takes out an object, whose entries `read` takes out.
    pub(super) fn object<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let value = self.entry(name).unwrap_or(&Value::Null);
        self.inside(self.place_of(name), value, expected, read)
    }

    /// Takes out a list of objects, whose entries `read` takes out. `expected` is said of the list, `item` of an object.
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
        self.mistakes.extend(reader.mistakes());
        read
    }

    /// Notes that an entry does not go with the others; the object itself where `name` is empty.
    pub(super) fn refuse(&mut self, name: &str, why: &str) {
        let place = self.place_of(name);
        self.mistakes.push(format!("{place}: {why}"));
    }

    /// All mistakes.
    pub(super) fn mistakes(mut self) -> Vec<String> {
        let options = self.asked.join(", ");
        for unknown in self.entries.keys() {
            let hint = match nearest(unknown, self.asked.iter().copied()) {
                Some(name) => format!("did you mean {name}? The options are {options}"),
                None => format!("the options are {options}"),
            };
            let place = self.place_of(unknown);
            self.mistakes
                .push(format!("{place}: there is no such option; {hint}"));
        }
        self.mistakes
    }

    /// Takes out the items of a list, with their places.
    fn items(&mut self, name: &'static str, expected: &str) -> Option<Vec<(String, &'a Value)>> {
        let (place, data) = self.take(name)?;
        let items: Vec<&Value> = match data {
            Data::List(items) => items.iter().collect(),
            Data::Set(items) => items.iter().collect(),
            _ => {
                self.mistake(&place, expected, &shown(data));
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

    /// Takes out an entry, with its place. One that is null or not known yet counts as missing.
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
            self.mistake(place, rule.expected, &shown(data));
        }
        text
    }

    fn mistake(&mut self, place: &str, expected: &str, got: &str) {
        let colon = if place.is_empty() { "" } else { ": " };
        self.mistakes
            .push(format!("{place}{colon}expected {expected}, got {got}"));
    }
}

/// What is inside a value of an open type.
fn inner(value: &Value) -> Value<&Data> {
    match value {
        Value::Known(Data::Dynamic(_, value)) => inner(value),
        Value::Known(data) => Value::Known(data),
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
    }
}

/// A value as a message shows it.
fn shown(data: &Data) -> String {
    match data {
        Data::String(text) => format!("{text:?}"),
        Data::Number(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::List(_) | Data::Set(_) => "a list".to_owned(),
        Data::Map(_) | Data::Dynamic(..) => "an object".to_owned(),
    }
}

/// The text that Terraform converts a value to.
fn text(data: &Data) -> Option<String> {
    match data {
        Data::String(text) => Some(text.clone()),
        Data::Number(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::List(_) | Data::Set(_) | Data::Map(_) | Data::Dynamic(..) => None,
    }
}
