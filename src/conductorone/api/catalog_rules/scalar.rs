//! Rules for Booleans and numbers, whose values are strings. An empty string is not a value, and satisfies all rules.

use serde::Deserialize;

use super::super::connector_config::parse_bool;
use super::rule_json::{number, numbers};
use super::string::{MUST_DIFFER, one_of};

/// `validate.BoolRules`. A `const` of false looks the same as an unset one, and is not a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BoolRules {
    r#const: bool,
}

/// `validate.Int64Rules`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct IntRules {
    #[serde(deserialize_with = "number")]
    r#const: i64,
    #[serde(deserialize_with = "number")]
    lt: i64,
    #[serde(deserialize_with = "number")]
    lte: i64,
    #[serde(deserialize_with = "number")]
    gt: i64,
    #[serde(deserialize_with = "number")]
    gte: i64,
    #[serde(deserialize_with = "numbers")]
    r#in: Vec<i64>,
    #[serde(deserialize_with = "numbers")]
    not_in: Vec<i64>,
    ignore_empty: bool,
}

impl BoolRules {
    /// Returns the expectations that `text` does not meet.
    pub(super) fn unmet(&self, text: &str) -> Vec<String> {
        let expectation = match parse_bool(text) {
            _ if text.is_empty() => None,
            None => Some("must be true or false"),
            Some(false) if self.r#const => Some("must be true"),
            Some(_) => None,
        };
        expectation.map(str::to_owned).into_iter().collect()
    }
}

impl IntRules {
    /// Returns the expectations that `text` does not meet.
    pub(super) fn unmet(&self, text: &str) -> Vec<String> {
        if text.is_empty() {
            return Vec::new();
        }
        match text.parse() {
            Ok(0) if self.ignore_empty => Vec::new(),
            Ok(value) => self.unmet_by(value),
            Err(_) => vec!["must be a whole number".to_owned()],
        }
    }

    fn unmet_by(&self, value: i64) -> Vec<String> {
        let constant = (self.r#const != 0 && value != self.r#const)
            .then(|| format!("must be {}", self.r#const));
        let excluded = self.not_in.contains(&value);
        let excluded = excluded.then(|| MUST_DIFFER.to_owned());
        [
            constant,
            self.unmet_range(value),
            one_of(&self.r#in, &value),
            excluded,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Returns the expectation if the value is out of range. If the lower bound exceeds the upper bound, the range
    /// means all numbers except those between the bounds.
    fn unmet_range(&self, value: i64) -> Option<String> {
        let value = i128::from(value);
        let set = |bound: i64| (bound != 0).then(|| i128::from(bound));
        let (above, below) = (set(self.gt), set(self.lt));
        let lowest = [set(self.gte), above.map(|bound| bound + 1)];
        let highest = [set(self.lte), below.map(|bound| bound - 1)];
        let lowest = lowest.into_iter().flatten().max();
        let highest = highest.into_iter().flatten().min();
        let words = [
            above.map(|bound| format!("greater than {bound}")),
            set(self.gte).map(|bound| format!("at least {bound}")),
            below.map(|bound| format!("less than {bound}")),
            set(self.lte).map(|bound| format!("at most {bound}")),
        ];
        let high_enough = lowest.is_none_or(|bound| value >= bound);
        let low_enough = highest.is_none_or(|bound| value <= bound);
        let (holds, and) = match (lowest, highest) {
            (Some(lowest), Some(highest)) if lowest > highest => {
                (high_enough || low_enough, " or ")
            }
            _ => (high_enough && low_enough, " and "),
        };
        let words: Vec<_> = words.into_iter().flatten().collect();
        (!holds).then(|| format!("must be {}", words.join(and)))
    }
}
