//! Rules about which settings go together.

use super::field::Presence;
use super::violation::Violation;

/// `c1.api.form.v1.FieldRelationship`.
#[derive(Clone, Debug)]
pub(crate) struct Relationship {
    /// Keys of settings.
    pub(crate) fields: Vec<String>,
    pub(crate) kind: RelationshipKind,
}

/// What a relationship demands of its settings.
#[derive(Clone, Debug)]
pub(crate) enum RelationshipKind {
    /// All or none.
    RequiredTogether,
    /// One at most.
    MutuallyExclusive,
    /// Not none.
    AtLeastOne,
    /// None of them without all of these.
    DependentOn(Vec<String>),
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
        let (fields, expectation) = match &self.kind {
            RelationshipKind::RequiredTogether if !given.is_empty() => {
                let expectation = format!("must be set, because {} is", names(&given));
                (missing, expectation)
            }
            RelationshipKind::MutuallyExclusive if given.len() > 1 => {
                (given, "must not be set beside each other".to_owned())
            }
            RelationshipKind::AtLeastOne if missing.len() == self.fields.len() => {
                (missing, "must not all be left out".to_owned())
            }
            RelationshipKind::DependentOn(needed) => {
                let missing = pick(needed, Presence::Absent);
                if missing.is_empty() {
                    return None;
                }
                let expectation = format!("must not be set without {}", names(&missing));
                (given, expectation)
            }
            RelationshipKind::RequiredTogether
            | RelationshipKind::MutuallyExclusive
            | RelationshipKind::AtLeastOne => return None,
        };
        (!fields.is_empty()).then(|| Violation::new(fields, &expectation))
    }
}

fn names(keys: &[String]) -> String {
    let quoted: Vec<_> = keys.iter().map(|key| format!("{key:?}")).collect();
    quoted.join(" and ")
}
