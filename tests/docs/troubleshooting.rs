//! The troubleshooting guide, which lists every problem that the provider can report.

use terraform_provider_confluence::provider::messages::{Topic, topics};
use terraform_provider_confluence::terraform::diagnostics::{Diagnostic, Severity};

use crate::files;
use crate::page::{Generated, front_matter};
use crate::text::wrap_all;

const GUIDE: &str = "docs/guides/troubleshooting.md";

/// Returns the path of the guide, and its generated parts. Its front matter is written by hand.
pub(crate) fn guide() -> (String, Generated) {
    let page = files::read(GUIDE);
    let front_matter = front_matter(&page).expect("the guide has front matter");
    let topics: Vec<_> = topics().iter().map(topic).collect();
    let generated = Generated {
        front_matter: format!("{front_matter}\n"),
        sections: vec![("problems", topics.join("\n\n"))],
    };
    (GUIDE.to_owned(), generated)
}

fn topic(topic: &Topic) -> String {
    let mut problems: Vec<_> = topic.messages.iter().collect();
    problems.sort_by_key(|problem| &problem.summary);
    // Problems with the same title share a heading.
    let groups = problems.chunk_by(|one, other| one.summary == other.summary);
    let groups: Vec<_> = groups.map(group).collect();
    format!("## {}\n\n{}", topic.title, groups.join("\n\n"))
}

fn group(problems: &[&Diagnostic]) -> String {
    let heading = format!("### {}", in_markdown(&problems[0].summary));
    let problems = problems.iter().copied().map(problem);
    [heading]
        .into_iter()
        .chain(problems)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn problem(problem: &Diagnostic) -> String {
    let kind = match problem.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let place = match problem.attribute.to_string() {
        path if problem.attribute.is_root() || path.starts_with('<') => String::new(),
        path => format!(" at `{path}`"),
    };
    let paragraph =
        |begin: &str, text: &str| wrap_all(&format!("{begin} {}", in_markdown(text)), "");
    let cause = paragraph(&format!("**{kind}{place}.**"), &problem.cause);
    let remedy = match problem.server_message.as_deref() {
        Some(message) if problem.remedy.ends_with(':') => &format!("{} {message}", problem.remedy),
        _ => &problem.remedy,
    };
    let remedy = paragraph("**What to do.**", remedy);
    format!("{cause}\n\n{remedy}")
}

/// Formats names of values, attributes and variables as code. None of them is an English word.
fn in_markdown(text: &str) -> String {
    let mut markdown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let length = match first {
            '<' => rest.find('>').map_or(rest.len(), |end| end + 1),
            _ if is_part_of_name(first) => end(is_part_of_name),
            _ => end(|c| c != '<' && !is_part_of_name(c)),
        };
        let (token, after) = rest.split_at(length);
        let is_code = first == '<' || token.contains('_');
        let mark = if is_code { "`" } else { "" };
        markdown.extend([mark, token, mark]);
        rest = after;
    }
    markdown
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn names_are_code() {
    let text = "Set app_id to \"<app_id>\", or C1_ID.";
    assert_eq!(
        in_markdown(text),
        "Set `app_id` to \"`<app_id>`\", or `C1_ID`."
    );
    assert_eq!(
        in_markdown("<a>/<b>: no . _ / -"),
        "`<a>`/`<b>`: no . `_` / -"
    );
}
