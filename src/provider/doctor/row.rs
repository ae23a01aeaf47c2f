//! One row of the report.

use serde::Serialize;

/// The widths of the first two columns of the table, and of its lines.
const STATE_WIDTH: usize = 9;
const NAME_WIDTH: usize = 24;
const LINE_WIDTH: usize = 120;

/// How a check ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Everything is in order.
    Ok,
    /// The provider works, but not as well as it could, or differently.
    Warning,
    /// The provider does not work.
    Failed,
    /// The check could not be made, or does not apply.
    Skipped,
}

/// The outcome of a check. In JSON, all fields are always present.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The name of the check.
    pub(super) name: &'static str,
    /// What the check is about, such as the ID of a connector. Empty for a check with one outcome.
    pub(super) subject: String,
    /// How the check ended.
    pub(super) state: State,
    /// What the check found, or why it was skipped.
    pub(super) detail: String,
    /// What to do. Empty if there is nothing to do.
    pub(super) remedy: String,
}

impl Row {
    /// Returns the lines of the table for this row, without the last line break.
    pub fn to_lines(&self) -> String {
        let state = match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Failed => "FAILED",
            State::Skipped => "skipped",
        };
        let name = format!("{} {}", self.name, self.subject);
        let begin = format!("{state:STATE_WIDTH$}{:NAME_WIDTH$}", name.trim_end());
        // A long name has a line of its own.
        let (mut lines, begin) = if begin.len() > STATE_WIDTH + NAME_WIDTH {
            (vec![begin], String::new())
        } else {
            (Vec::new(), begin)
        };
        for (number, line) in wrap(&self.detail).chain(wrap(&self.remedy)).enumerate() {
            let begin = if number == 0 { &begin } else { "" };
            lines.push(format!(
                "{begin:width$}{line}",
                width = STATE_WIDTH + NAME_WIDTH
            ));
        }
        lines.join("\n")
    }
}

/// Breaks a text into lines at spaces.
fn wrap(text: &str) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= LINE_WIDTH - STATE_WIDTH - NAME_WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Row, State};

    #[test]
    fn a_row_has_columns_and_short_lines() {
        let mut row = Row {
            name: "connector",
            subject: "c1".to_owned(),
            state: State::Failed,
            detail: "word ".repeat(30),
            remedy: "Do it.".to_owned(),
        };
        let lines = row.to_lines();
        let lines: Vec<_> = lines.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= 120), "{lines:#?}");
        let first = "FAILED   connector c1            word word";
        assert!(lines.first().is_some_and(|line| line.starts_with(first)));
        assert_eq!(lines.last().map(|line| line.trim_start()), Some("Do it."));
        row.subject = "2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th".to_owned();
        let lines = row.to_lines();
        let first = lines.lines().next();
        assert_eq!(
            first,
            Some("FAILED   connector 2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th")
        );
    }
}
