//! Rules for all messages.

use std::collections::BTreeSet;

use super::topics;
use crate::provider::message_values::{import_command, list_commands};
use crate::terraform::diagnostics::Diagnostic;

/// What Terraform's own titles stay below, so that they fit a line.
const LONGEST_SUMMARY: usize = 60;

fn complaint(problem: &Diagnostic) -> Option<&'static str> {
    let Diagnostic {
        summary,
        cause,
        remedy,
        ..
    } = problem;
    let begins = |text: &str| text.starts_with(|first: char| !first.is_lowercase());
    let all = [summary, cause, remedy];
    let rules = [
        (summary.len() <= LONGEST_SUMMARY, "the summary is too long"),
        (
            !summary.ends_with(['.', '!', ':']),
            "the summary is a title",
        ),
        (
            all.iter().all(|text| begins(text)),
            "texts begin with a capital",
        ),
        (
            cause.ends_with(['.', '>']),
            "the cause is made of sentences",
        ),
        (
            remedy.ends_with(['.', ':', '?', '>']),
            "the remedy is made of sentences",
        ),
        (
            all.iter().all(|text| !text.contains("  ")),
            "two blanks in a row",
        ),
        (!cause.contains("lease "), "the voice is matter-of-fact"),
    ];
    rules
        .iter()
        .find(|(holds, _)| !holds)
        .map(|(_, rule)| *rule)
}

#[test]
fn all_problems_are_told_in_one_voice() {
    let problems = topics().into_iter().flat_map(|topic| topic.messages);
    let complaints: Vec<_> = problems
        .filter_map(|problem| Some((complaint(&problem)?, problem)))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn no_two_problems_read_the_same() {
    let mut seen = BTreeSet::new();
    for problem in topics().into_iter().flat_map(|topic| topic.messages) {
        let key = (
            problem.summary.clone(),
            problem.cause.clone(),
            problem.remedy.clone(),
        );
        assert!(seen.insert(key), "{problem:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_to_copy_has_an_id_as_one_argument() -> std::io::Result<()> {
    use std::process::Command;

    let hostile = "x'; echo pwned; echo '$(echo a)`echo b`\"\\";
    let command = import_command("confluence_app", hostile);
    let arguments = command.strip_prefix("terraform ").unwrap_or_default();
    let shell = Command::new("sh")
        .args(["-c", &format!("printf '%s\\n' {arguments}")])
        .output()?;
    let expected = format!("import\nconfluence_app.NAME\n{hostile}\n");
    assert_eq!(String::from_utf8_lossy(&shell.stdout), expected);
    Ok(())
}

#[test]
fn a_message_names_ten_objects_at_most() {
    let named = |count: usize| list_commands((0..count).map(|number| number.to_string()));
    assert_eq!(named(0), "");
    assert_eq!(named(2), "  0\n  1");
    assert!(named(10).ends_with("\n  9"));
    assert!(named(1000).ends_with("\n  9\n  and 990 more"));
}
