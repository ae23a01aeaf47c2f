//! The report of a live run, in Markdown. It contains no value of a request or a response.

use std::fmt::Write as _;

use super::recorder::Recording;

/// The result of a step.
#[derive(Debug)]
pub(super) struct StepResult {
    pub(super) name: &'static str,
    /// What went wrong, if anything did.
    pub(super) problem: Option<String>,
    pub(super) seconds: u64,
}

/// Everything that the report says.
#[derive(Debug)]
pub(super) struct Report<'a> {
    /// The version of the command line tool.
    pub(super) cli: &'a str,
    /// The output of `-doctor`.
    pub(super) examination: &'a str,
    pub(super) steps: &'a [StepResult],
    pub(super) recording: &'a Recording,
}

impl Report<'_> {
    /// Returns the text.
    pub(super) fn to_markdown(&self) -> String {
        let provider = env!("CARGO_PKG_VERSION");
        let mut text = format!("# Live run\n\nProvider {provider}, {}.\n", self.cli);
        text.push_str("\n## Differences from the API's description\n\n");
        text.push_str(&self.differences());
        text.push_str("\n## Steps\n\n| Step | Result | Seconds |\n|---|---|---|\n");
        for step in self.steps {
            let result = step.problem.as_deref().unwrap_or("ok");
            let _ = writeln!(text, "| {} | {result} | {} |", step.name, step.seconds);
        }
        text.push_str("\n## Connectors that are left\n\n");
        let left = self.recording.leftovers.iter();
        let left: Vec<_> = left.map(|id| format!("- `{id}`\n")).collect();
        text.push_str(&or_none(&left));
        text.push_str("\n## Requests\n\n| Operation | Statuses | Slowest |\n|---|---|---|\n");
        for (name, operation) in &self.recording.operations {
            let statuses = operation.statuses.iter();
            let statuses: Vec<_> = statuses
                .map(|(code, count)| format!("{code}: {count}"))
                .collect();
            let (statuses, slowest) = (statuses.join(", "), operation.slowest.as_millis());
            let _ = writeln!(text, "| `{name}` | {statuses} | {slowest} ms |");
        }
        let examination = self.examination.trim_end();
        let _ = write!(text, "\n## Examination\n\n```text\n{examination}\n```\n");
        text
    }

    fn differences(&self) -> String {
        let operations = self.recording.operations.iter();
        let lines = operations.flat_map(|(name, operation)| {
            let differences = operation.differences.iter();
            differences.map(move |difference| format!("- `{name}`: {difference}\n"))
        });
        or_none(&lines.collect::<Vec<_>>())
    }
}

fn or_none(lines: &[String]) -> String {
    if lines.is_empty() {
        "None.\n".to_owned()
    } else {
        lines.concat()
    }
}
