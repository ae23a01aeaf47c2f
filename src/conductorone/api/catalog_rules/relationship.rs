//! Rules about several settings.

use super::field::Presence;
use super::violation::Violation;

/// `c1.api.form.v1.FieldRelationship`.
#[derive(Clone, Debug)]
pub(crate) struct Relationship {
    /// The keys of the settings.
    pub(crate) fields: Vec<String>,
    pub(crate) kind: RelationshipKind,
}

/// The kind of a relationship.
#[derive(Clone, Debug)]
pub(crate) enum RelationshipKind {
    /// All or none of the settings must be set.
    RequiredTogether,
    /// At most one of the settings may be set.
    MutuallyExclusive,
    /// At least one of the settings must be set.
    AtLeastOne,
    /// The settings require all of these settings.
    DependentOn(Vec<String>),
}

impl Relationship {
    /// Returns the violation, if there is one.
    pub(super) fn violation(&self, presence: &impl Fn(&str) -> Presence) -> Option<Violation> {
        let pick = |names: &[String], state: Presence| -> Vec<String> {
            let named = names.iter().filter(|name| presence(name) == state);
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
                (given, "must not be set together".to_owned())
            }
            RelationshipKind::AtLeastOne if missing.len() == self.fields.len() => {
                (missing, "must not all be unset".to_owned())
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
