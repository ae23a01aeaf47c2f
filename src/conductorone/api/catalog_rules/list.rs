//! Rules for lists, whose items are joined with commas.

use std::collections::HashSet;

use serde::Deserialize;

use super::rule_json::{number, or_no_rules};
use super::scalar::{BoolRules, IntRules};
use super::string::{StringRules, amount};

/// `validate.RepeatedRules`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ListRules {
    #[serde(deserialize_with = "number")]
    min_items: usize,
    #[serde(deserialize_with = "number")]
    max_items: usize,
    unique: bool,
    #[serde(deserialize_with = "or_no_rules")]
    items: ItemRules,
    ignore_empty: bool,
}

/// The parts of `validate.FieldRules` that apply to strings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ItemRules {
    #[serde(deserialize_with = "or_no_rules")]
    string: StringRules,
    #[serde(deserialize_with = "or_no_rules")]
    bool: Option<BoolRules>,
    #[serde(deserialize_with = "or_no_rules")]
    int64: Option<IntRules>,
}

impl ListRules {
    /// Returns the pattern of each item, or an empty string.
    pub(super) fn pattern(&self) -> &str {
        self.items.string.pattern()
    }

    /// Returns rules that apply only to the items.
    pub(crate) fn for_items(string: StringRules) -> Self {
        let items = ItemRules {
            string,
            ..ItemRules::default()
        };
        Self {
            items,
            ..Self::default()
        }
    }

    /// Returns the expectations that the list in `text` does not meet. Each expectation appears once, even if several
    /// items violate it.
    pub(super) fn unmet(&self, text: &str, secret: bool) -> Vec<String> {
        if text.is_empty() && self.ignore_empty {
            return Vec::new();
        }
        let entries: Vec<_> = text.split(',').filter(|_| !text.is_empty()).collect();
        let mut unmet = self.unmet_counts(&entries);
        for entry in entries {
            for expectation in self.items.unmet(entry, secret) {
                let expectation = format!("each item {expectation}");
                if !unmet.contains(&expectation) {
                    unmet.push(expectation);
                }
            }
        }
        unmet
    }

    fn unmet_counts(&self, entries: &[&str]) -> Vec<String> {
        let count = entries.len();
        let distinct: HashSet<_> = entries.iter().collect();
        let too_few = (count < self.min_items).then(|| amount("at least", self.min_items, "item"));
        let too_many = (self.max_items != 0 && count > self.max_items)
            .then(|| amount("at most", self.max_items, "item"));
        let repeated = (self.unique && distinct.len() < count)
            .then(|| "must not contain duplicates".to_owned());
        [too_few, too_many, repeated]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl ItemRules {
    fn unmet(&self, entry: &str, secret: bool) -> Vec<String> {
        let mut unmet = self.string.unmet(entry, secret);
        unmet.extend(self.bool.iter().flat_map(|rules| rules.unmet(entry)));
        unmet.extend(self.int64.iter().flat_map(|rules| rules.unmet(entry)));
        unmet
    }
}
