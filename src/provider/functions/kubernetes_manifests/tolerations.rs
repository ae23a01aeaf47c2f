//! The tolerations of the pods: the option `tolerations`.

use super::reader::{Reader, Rule};
use super::syntax;
use super::yaml::{Yaml, object};

/// A toleration that Kubernetes accepts.
pub(super) struct Toleration {
    key: Option<String>,
    operator: Option<String>,
    value: Option<String>,
    effect: Option<String>,
    seconds: Option<i32>,
}

/// The expected value of the whole option. Completes "expected …".
pub(super) const EXPECTED: &str =
    "a list of objects, such as [{ key = \"dedicated\", value = \"iam\" }]";
/// The expected value of one toleration. Completes "expected …".
pub(super) const EXPECTED_ITEM: &str = "an object such as { key = \"dedicated\", value = \"iam\" }";

const KEY: Rule = Rule {
    expected: "the key of a taint, such as dedicated or acme.com/dedicated",
    holds: syntax::is_label_key,
};
const EXISTS: &str = "Exists";
const OPERATOR: Rule = Rule {
    expected: "Equal or Exists",
    holds: |text| ["Equal", EXISTS].contains(&text),
};
const VALUE: Rule = Rule {
    expected: "an empty text, or the value of a taint, such as iam",
    holds: syntax::is_label_value,
};
const NO_EXECUTE: &str = "NoExecute";
const EFFECT: Rule = Rule {
    expected: "NoSchedule, PreferNoSchedule or NoExecute",
    holds: |text| ["NoSchedule", "PreferNoSchedule", NO_EXECUTE].contains(&text),
};
const SECONDS: &str = "a whole number of seconds of at least 0, such as 300";

impl Toleration {
    /// Takes the entries of one toleration.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let toleration = Self {
            key: reader.text("key", KEY),
            operator: reader.text("operator", OPERATOR),
            value: reader.text("value", VALUE),
            effect: reader.text("effect", EFFECT),
            seconds: reader.count("toleration_seconds", SECONDS),
        };
        if reader.is_known() {
            toleration.check(reader);
        }
        toleration
    }

    /// Checks the rules of Kubernetes between the entries.
    fn check(&self, reader: &mut Reader<'_>) {
        let exists = self.operator.as_deref() == Some(EXISTS);
        if self.key.is_none() && !exists {
            reader.refuse(
                "",
                "a toleration without key requires operator = \"Exists\"",
            );
        }
        if exists && self.value.as_ref().is_some_and(|value| !value.is_empty()) {
            reader.refuse(
                "value",
                "operator = \"Exists\" allows no value; remove one of them",
            );
        }
        if self.seconds.is_some() && self.effect.as_deref() != Some(NO_EXECUTE) {
            reader.refuse("toleration_seconds", "requires effect = \"NoExecute\"");
        }
    }

    /// Returns the object for Kubernetes.
    pub(super) fn yaml(&self) -> Yaml<'_> {
        object([
            ("key", self.key.as_deref().into()),
            ("operator", self.operator.as_deref().into()),
            ("value", self.value.as_deref().into()),
            ("effect", self.effect.as_deref().into()),
            ("tolerationSeconds", self.seconds.map(Yaml::Number).into()),
        ])
    }
}
