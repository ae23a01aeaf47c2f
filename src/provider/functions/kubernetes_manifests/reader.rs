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

/// An object or a map, read entry by entry. What is wrong is noted; entries that nobody asked for are wrong too.
///
/// Numbers, strings and booleans convert into one another, as they do in Terraform where a type is declared.
pub(super) struct Reader<'a> {
    /// Where the object is; empty for the argument itself.
    place: String,
    entries: BTreeMap<&'a str, Option<&'a Data>>,
    asked: Vec<&'static str>,
    mistakes: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader of an argument. `expected` completes "expected …", with an example.
    pub(super) fn new(argument: &'a Value, expected: &str) -> Self {
        Self::at(String::new(), inner(argument), expected)
    }

    fn at(place: String, data: Option<&'a Data>, expected: &str) -> Self {
        let mut reader = Self {
            place,
            entries: BTreeMap::new(),
            asked: Vec::new(),
            mistakes: Vec::new(),
        };
        match data {
            None => {}
            Some(Data::Map(entries)) => {
                let entries = entries.iter();
                reader.entries = entries
                    .map(|(name, value)| (name.as_str(), inner(value)))
                    .collect();
            }
            Some(data) => reader.mistake(&reader.place.clone(), expected, data),
        }
        reader
    }

    /// Takes out text.
    pub(super) fn text(&mut self, name: &'static str, rule: Rule) -> Option<String> {
        let (place, data) = self.take(name)?;
        self.checked(&place, data, rule)
    }

    /// Takes out a whole number that is not negative.
    pub(super) fn count(&mut self, name: &'static str, expected: &str) -> Option<i32> {
        let (place, data) = self.take(name)?;
        let count = text(data).and_then(|text| text.parse().ok());
        let count = count.filter(|count| *count >= 0);
        if count.is_none() {
            self.mistake(&place, expected, data);
        }
        count
    }

    /// Takes out a map of text.
    pub(super) fn map(&mut self, name: &'static str, rule: MapRule) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        let Some((place, data)) = self.take(name) else {
            return map;
        };
        let Data::Map(entries) = data else {
            self.mistake(&place, rule.expected, data);
            return map;
        };
        for (key, value) in entries {
            let Some(data) = inner(value) else { continue };
            let place = format!("{place}[{key:?}]");
            if !(rule.key.holds)(key) {
                let expected = rule.key.expected;
                self.mistakes.push(format!("{place}: expected {expected}"));
            } else if let Some(text) = self.checked(&place, data, rule.value) {
                map.insert(key.clone(), text);
            }
        }
        map
    }

    /// Takes out an object, whose entries `read` takes out.
    pub(super) fn object<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (place, data) = self.take(name).unzip();
        let mut reader = Self::at(place.unwrap_or_default(), data, expected);
        let object = read(&mut reader);
        self.mistakes.extend(reader.mistakes());
        object
    }

    /// All that is wrong.
    pub(super) fn mistakes(mut self) -> Vec<String> {
        let options = self.asked.join(", ");
        for unknown in self.entries.keys() {
            let hint = match nearest(unknown, self.asked.iter().copied()) {
                Some(name) => format!("did you mean {name}? "),
                None => String::new(),
            };
            let place = self.place_of(unknown);
            self.mistakes.push(format!(
                "{place}: there is no such option; {hint}All of them: {options}"
            ));
        }
        self.mistakes
    }

    /// Takes out an entry, with its place. A null one counts as missing.
    fn take(&mut self, name: &'static str) -> Option<(String, &'a Data)> {
        self.asked.push(name);
        let data = self.entries.remove(name)??;
        Some((self.place_of(name), data))
    }

    fn place_of(&self, name: &str) -> String {
        let dot = if self.place.is_empty() { "" } else { "." };
        format!("{}{dot}{name}", self.place)
    }

    fn checked(&mut self, place: &str, data: &Data, rule: Rule) -> Option<String> {
        let text = text(data).filter(|text| (rule.holds)(text));
        if text.is_none() {
            self.mistake(place, rule.expected, data);
        }
        text
    }

    fn mistake(&mut self, place: &str, expected: &str, data: &Data) {
        let colon = if place.is_empty() { "" } else { ": " };
        let got = match data {
            Data::String(text) => format!("{text:?}"),
            Data::Number(number) => number.to_string(),
            Data::Bool(value) => value.to_string(),
            Data::List(_) | Data::Set(_) => "a list".to_owned(),
            Data::Map(_) | Data::Dynamic(..) => "an object".to_owned(),
        };
        self.mistakes
            .push(format!("{place}{colon}expected {expected}, got {got}"));
    }
}

/// What is inside of a value of an open type; none if it is null.
fn inner(value: &Value) -> Option<&Data> {
    match value.known()? {
        Data::Dynamic(_, value) => inner(value),
        data => Some(data),
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
