//! Attribute paths.

use std::fmt;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// An attribute of an object.
    Attribute(String),
    /// An entry of a map, by its key.
    Key(String),
    /// An element of a list or tuple, by its index.
    Index(usize),
}

/// The path from an object to a value inside it. The empty path means the object itself.
///
/// Elements of sets have no path of their own, so a path that leads into a set ends at the set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// Returns the path to a top-level attribute.
    pub fn attribute(name: &str) -> Self {
        Self::default().then(Step::Attribute(name.to_owned()))
    }

    /// Returns this path with one more step at the end.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Returns the steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Returns whether this is the path to the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the part of the path that Terraform can locate in a configuration: a top-level attribute, or an element of
    /// its map or list. For a longer path, Terraform 1.11 shows the first line of the block instead.
    pub(super) fn locatable(&self) -> Self {
        let depth = match self.0.get(1) {
            Some(Step::Key(_) | Step::Index(_)) => 2,
            Some(Step::Attribute(_)) | None => 1,
        };
        Self(self.0.iter().take(depth).cloned().collect())
    }

    /// Returns this path with one more step at the front.
    pub(super) fn under(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }
}

/// Writes the path as in a configuration: `sync.cron`, `environment["BATON_HOSTNAME"]`.
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
    fn a_path_is_written_like_a_reference() {
        let path = Path::attribute("a")
            .then(Step::Attribute("b".to_owned()))
            .then(Step::Key("c d".to_owned()))
            .then(Step::Index(2));
        assert_eq!(path.to_string(), r#"a.b["c d"][2]"#);
    }

    #[test]
    fn a_locatable_path_ends_at_the_first_element() {
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
            assert_eq!(path.locatable().to_string(), located, "{path}");
        }
    }
}
