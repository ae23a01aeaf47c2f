//! Rules about which settings go together.

use super::field::Presence;
use super::violation::Violation;

/// `c1.api.form.v1.FieldRelationship`.
#[derive(Clone, Debug)]
pub(in super::super) struct Relationship {
    /// Keys of settings.
    pub(in super::super) fields: Vec<String>,
    pub(in super::super) demand: Demand,
}

/// What a relationship demands of its settings.
#[derive(Clone, Debug)]
pub(in super::super) enum Demand {
    /// All or none.
    Together,
    /// One at most.
    Exclusive,
    /// Not none.
    AtLeastOne,
    /// None of them without all of these.
    With(Vec<String>),
}

impl Relationship {
    /// The demand, if it is not met.
    pub(super) fn violation(&self, presence: &impl Fn(&str) -> Presence) -> Option<Violation> {
        let pick = |names: &[String], wanted: Presence| -> Vec<String> {
            let named = names.iter().filter(|name| presence(name) == wanted);
            named.cloned().collect()
        };
        let given = pick(&self.fields, Presence::Present);
        let missing = pick(&self.fields, Presence::Absent);
        let (fields, expectation) = match &self.demand {
            Demand::Together if !given.is_empty() => {
                let expectation = format!("must be set, because {} is", names(&given));
                (missing, expectation)
            }
            Demand::Exclusive if given.len() > 1 => {
                (given, "must not be set beside each other".to_owned())
            }
            Demand::AtLeastOne if missing.len() == self.fields.len() => {
                (missing, "must not all be left out".to_owned())
            }
            Demand::With(needed) => {
                let missing = pick(needed, Presence::Absent);
                if missing.is_empty() {
                    return None;
                }
                let expectation = format!("must not be set without {}", names(&missing));
                (given, expectation)
            }
            Demand::Together | Demand::Exclusive | Demand::AtLeastOne => return None,
        };
        (!fields.is_empty()).then(|| Violation::new(fields, &expectation))
    }
}

fn names(keys: &[String]) -> String {
    let quoted: Vec<_> = keys.iter().map(|key| format!("{key:?}")).collect();
    quoted.join(" and ")
}
