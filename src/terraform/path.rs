//! Where a value stands inside an object.

use std::fmt;

/// One step deeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an attribute of an object.
    Attribute(String),
    /// Into a map, by key.
    Key(String),
    /// Into a list or tuple, by position.
    Index(usize),
}

/// The way from an object's root to a value; empty means the object itself.
///
/// Elements of sets have no address: a path that leads into a set ends at the set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path to a top-level attribute.
    pub fn attribute(name: &str) -> Self {
        Self::default().then(Step::Attribute(name.to_owned()))
    }

    /// This path, one step deeper.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the path to the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The part of the path that Terraform finds in a configuration: a top-level attribute, or an element of its map or
    /// list. For what lies deeper, Terraform 1.11 shows the first line of the block.
    pub(super) fn located(&self) -> Self {
        let depth = match self.0.get(1) {
            Some(Step::Key(_) | Step::Index(_)) => 2,
            Some(Step::Attribute(_)) | None => 1,
        };
        Self(self.0.iter().take(depth).cloned().collect())
    }

    /// Puts a step in front: the error of an inner value, seen from the outer one.
    pub(super) fn under(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }
}

/// As in a configuration: `sync.cron`, `environment["BATON_HOSTNAME"]`.
impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => formatter.write_str(name)?,
                Step::Attribute(name) => write!(formatter, ".{name}")?,
                Step::Key(key) => write!(formatter, "[{key:?}]")?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_reference_in_a_configuration() {
        let path = Path::attribute("a")
            .then(Step::Attribute("b".to_owned()))
            .then(Step::Key("c d".to_owned()))
            .then(Step::Index(2));
        assert_eq!(path.to_string(), r#"a.b["c d"][2]"#);
    }

    #[test]
    fn what_terraform_finds_ends_with_the_first_element() {
        let (list, name) = (Path::attribute("list"), Step::Attribute("name".to_owned()));
        let (key, index) = (Step::Key("key".to_owned()), Step::Index(2));
        let cases = [
            (Path::default(), ""),
            (list.clone(), "list"),
            (list.then(name.clone()), "list"),
            (list.then(name.clone()).then(key.clone()), "list"),
            (list.then(key), r#"list["key"]"#),
            (list.then(index.clone()), "list[2]"),
            (list.then(index.clone()).then(name), "list[2]"),
            (list.then(index.clone()).then(index), "list[2]"),
        ];
        for (path, located) in cases {
            assert_eq!(path.located().to_string(), located, "{path}");
        }
    }
}
