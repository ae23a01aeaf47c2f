//! Finding one object by its ID or by another attribute.

use crate::provider::message_values::list;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::messages;

/// A kind of object that is found by its ID or by another attribute.
pub(crate) struct Search {
    /// The noun in a sentence, for example `user`.
    pub(crate) what: &'static str,
    /// The noun at the beginning of a sentence.
    pub(crate) title: &'static str,
    /// The other attribute.
    pub(crate) attribute: &'static str,
    /// An assignment to the other attribute.
    pub(crate) example: &'static str,
    /// What to check if no object has the ID.
    pub(crate) check_id: &'static str,
    /// What to check if no object has the other attribute.
    pub(crate) check_attribute: &'static str,
}

/// The attribute that is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// The ID.
    Id(&'a str),
    /// The other attribute.
    Attribute(&'a str),
}

impl Search {
    /// Validates that exactly one attribute is set. An unknown value may become null.
    pub(crate) fn validate(
        &self,
        id: &Value<String>,
        other: &Value<String>,
        diagnostics: &mut Diagnostics,
    ) {
        if !id.is_unknown() && !other.is_unknown() {
            diagnostics.extend(self.key(id, other).err());
        }
    }

    /// Returns the attribute that is set. It is an error if both or none are set.
    pub(crate) fn key<'a>(
        &self,
        id: &'a Value<String>,
        other: &'a Value<String>,
    ) -> Result<Key<'a>, Diagnostic> {
        match (id.known(), other.known()) {
            (Some(id), None) => Ok(Key::Id(id)),
            (None, Some(other)) => Ok(Key::Attribute(other)),
            (Some(_), Some(_)) => Err(messages::two_keys(self.what, self.attribute)),
            (None, None) => Err(messages::no_key(self.what, self.attribute, self.example)),
        }
    }

    /// Returns the only object that was found by `key`. It is an error if there is none or if there are several. `candidate` returns
    /// the name and the ID of an object.
    pub(crate) fn only<T>(
        &self,
        key: Key<'_>,
        found: Vec<T>,
        candidate: impl Fn(&T) -> (&str, &str),
    ) -> Result<T, Diagnostic> {
        match <[T; 1]>::try_from(found) {
            Ok([only]) => Ok(only),
            Err(found) if found.is_empty() => Err(self.nothing(key)),
            Err(found) => Err(self.several(key, found.iter().map(candidate).collect())),
        }
    }

    fn nothing(&self, key: Key<'_>) -> Diagnostic {
        let (attribute, wanted) = self.asked(key);
        let check = match key {
            Key::Id(_) => self.check_id,
            Key::Attribute(_) => self.check_attribute,
        };
        messages::nothing(self.title, self.what, attribute, wanted, check)
    }

    fn several(&self, key: Key<'_>, mut candidates: Vec<(&str, &str)>) -> Diagnostic {
        let (attribute, wanted) = self.asked(key);
        candidates.sort_unstable();
        let count = candidates.len();
        let line = |(name, id): (&str, &str)| format!("{id} ({name:?})");
        let candidates = list(candidates.into_iter().map(line));
        messages::several(&count, self.what, attribute, wanted, &candidates)
    }

    fn asked<'a>(&self, key: Key<'a>) -> (&'static str, &'a str) {
        match key {
            Key::Id(id) => ("id", id),
            Key::Attribute(text) => (self.attribute, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCH: Search = Search {
        what: "cup",
        title: "Cup",
        attribute: "colour",
        example: "colour = \"red\"",
        check_id: "Look below it.",
        check_attribute: "Look at it.",
    };

    fn known(text: &str) -> Value<String> {
        Value::Known(text.to_owned())
    }

    #[test]
    fn exactly_one_key_is_set() {
        let complaint = |id: &Value<String>, other: &Value<String>| {
            let mut diagnostics = Diagnostics::default();
            SEARCH.validate(id, other, &mut diagnostics);
            diagnostics.iter().next().map(|it| it.summary.clone())
        };
        let (red, none, later) = (known("red"), Value::Null, Value::Unknown);
        let missing = Some("Missing id or colour".to_owned());
        assert_eq!(complaint(&none, &none), missing);
        assert_eq!(complaint(&red, &red), Some("Both id and colour".to_owned()));
        for (id, other) in [
            (&red, &none),
            (&none, &red),
            (&later, &none),
            (&none, &later),
            (&later, &red),
            (&later, &later),
        ] {
            assert_eq!(complaint(id, other), None, "{id:?} {other:?}");
        }
        assert_eq!(SEARCH.key(&red, &none), Ok(Key::Id("red")));
        assert_eq!(SEARCH.key(&none, &red), Ok(Key::Attribute("red")));
    }

    #[test]
    fn nothing_found_says_what_to_check() {
        let found = |key| SEARCH.only(key, Vec::<String>::new(), |it| (it, it));
        let message = |key| {
            found(key)
                .err()
                .map(|it| (it.attribute.to_string(), it.detail()))
        };
        let by_id = "ConductorOne has no cup whose id is \"7\". Look below it.";
        assert_eq!(
            message(Key::Id("7")),
            Some(("id".to_owned(), by_id.to_owned()))
        );
        let by_colour = "ConductorOne has no cup whose colour is \"red\". Look at it.";
        let expected = ("colour".to_owned(), by_colour.to_owned());
        assert_eq!(message(Key::Attribute("red")), Some(expected));
    }

    #[test]
    fn of_several_at_most_ten_are_listed() {
        let message = |count: usize| {
            let found = (0..count).rev().map(|id| format!("id{id:02}")).collect();
            let only = SEARCH.only(Key::Attribute("red"), found, |id: &String| ("mug", id));
            only.err().map(|it| it.detail()).unwrap_or_default()
        };
        assert_eq!(message(1), "");
        let two = "ConductorOne has 2 cups whose colour is \"red\". Replace colour with the id of the one you want:\n\n\
                   - id00 (\"mug\")\n- id01 (\"mug\")";
        assert_eq!(message(2), two);
        assert_eq!(message(10).matches("\n- id").count(), 10);
        assert!(!message(10).contains("more"));
        let twelve = message(12);
        assert_eq!(twelve.matches("\n- id").count(), 10);
        assert!(
            twelve.ends_with("- id09 (\"mug\")\n- and 2 more"),
            "{twelve}"
        );
    }
}
