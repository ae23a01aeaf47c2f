//! The troubleshooting guide, which lists every problem that the provider can report.

use std::collections::BTreeSet;

use terraform_provider_confluence::provider::messages::{Topic, topics};
use terraform_provider_confluence::terraform::diagnostics::{Diagnostic, Severity};

use crate::files;
use crate::page::{Generated, front_matter};
use crate::subject::{Plugin, Subject};
use crate::text::wrap_all;
use crate::wire::tfplugin6::schema::Attribute;

const GUIDE: &str = "docs/guides/troubleshooting.md";

/// The name of a placeholder, and its value.
type Value = (&'static str, &'static str);

/// Messages whose title contains a value, and the values that it can have. The page has each title as Terraform prints it.
const VALUES: [(&str, &[&[Value]]); 8] = [
    ("Missing <secret>", &[&[("secret", "API key")]]),
    ("Two <secret>s", &[&[("secret", "API key")]]),
    (
        "Missing <other_attributes>",
        &[
            &[("other_attributes", "api_key_wo")],
            &[("other_attributes", "cron"), ("attribute", "timezone")],
            &[("other_attributes", "password"), ("attribute", "username")],
            &[("other_attributes", "site_domain")],
            &[("other_attributes", "site_domain and username")],
            &[("other_attributes", "username")],
        ],
    ),
    (
        "Not a <product> connector",
        &[
            &[("product", "Confluence")],
            &[("product", "Confluence Cloud")],
        ],
    ),
    ("<title> not found", &[&APP, &USER]),
    ("Both id and <attribute>", &[&APP, &USER]),
    ("Missing id or <attribute>", &[&APP, &USER]),
    ("Several <what>s found", &[&APP, &USER]),
];

/// The values for the data source of apps.
const APP: [Value; 3] = [
    ("title", "App"),
    ("what", "app"),
    ("attribute", "display_name"),
];

/// The values for the data source of users.
const USER: [Value; 3] = [("title", "User"), ("what", "user"), ("attribute", "email")];

/// Titles that can contain many values. The first match counts.
const LISTS: [List; 8] = [
    List {
        topic: "Settings of a connector",
        title: "Invalid <attribute>",
        heading: "Invalid setting",
        values: Values::These(&[
            "nouns",
            "site_domain",
            "skip_personal_spaces",
            "use_rbac",
            "username",
            "verbs",
        ]),
    },
    List::anywhere("Invalid <attribute>", "Invalid attribute", Values::Settable),
    List::anywhere("Missing <attribute>", "Missing attribute", Values::Required),
    List::anywhere(
        "Nothing is set in <attribute>",
        "Nothing is set in an attribute",
        Values::Objects,
    ),
    List::anywhere(
        "<attribute> is not available",
        "Write-only attribute is not available",
        Values::WriteOnly,
    ),
    List::anywhere(
        "Unknown <kind>",
        "Unknown type",
        Values::These(&[
            "action",
            "data source",
            "ephemeral resource",
            "function",
            "list resource",
            "resource",
        ]),
    ),
    List::anywhere(
        "Invalid <annotation>",
        "Invalid annotation",
        Values::These(&["annotations[\"team\"]"]),
    ),
    List::anywhere(
        "<title>",
        "The title of another message",
        Values::These(&[]),
    ),
];

/// A title that can contain many values.
struct List {
    /// The topic of the messages, or an empty text for all topics.
    topic: &'static str,
    title: &'static str,
    /// The heading on the page.
    heading: &'static str,
    values: Values,
}

impl List {
    const fn anywhere(title: &'static str, heading: &'static str, values: Values) -> Self {
        Self {
            topic: "",
            title,
            heading,
            values,
        }
    }
}

/// The values of a title.
#[derive(Clone, Copy)]
enum Values {
    /// All attributes that a configuration can set.
    Settable,
    /// The attributes that a configuration must set.
    Required,
    /// The attributes with nested attributes.
    Objects,
    /// The write-only attributes.
    WriteOnly,
    These(&'static [&'static str]),
}

/// Returns the path of the guide, and its generated parts. Its front matter is written by hand.
pub(crate) fn guide(subjects: &[Subject<'_>]) -> (String, Generated) {
    let page = files::read(GUIDE);
    let front_matter = front_matter(&page).expect("the guide has front matter");
    let topics: Vec<_> = topics().iter().map(|it| topic(it, subjects)).collect();
    let generated = Generated {
        front_matter: format!("{front_matter}\n"),
        sections: vec![("problems", topics.join("\n\n"))],
    };
    (GUIDE.to_owned(), generated)
}

fn topic(topic: &Topic, subjects: &[Subject<'_>]) -> String {
    let mut problems: Vec<_> = topic.messages.iter().flat_map(with_values).collect();
    let heading = |message: &Diagnostic| {
        let heading = listed(topic, message).map_or(message.summary.as_str(), |it| it.heading);
        heading.to_owned()
    };
    problems.sort_by_key(heading);
    // Problems with the same title share a heading.
    let groups = problems.chunk_by(|one, other| one.summary == other.summary);
    let groups: Vec<_> = groups
        .map(|problems| {
            let heading = format!("### {}", in_markdown(&heading(&problems[0])));
            let titles = listed(topic, &problems[0]);
            let titles = titles.and_then(|it| list(it.title, it.values, subjects));
            let problems = problems.iter().map(problem);
            let parts = std::iter::once(heading).chain(titles).chain(problems);
            parts.collect::<Vec<_>>().join("\n\n")
        })
        .collect();
    format!("## {}\n\n{}", topic.title, groups.join("\n\n"))
}

/// Returns the message with each set of values for its title, or the message itself if its title contains no value.
fn with_values(message: &Diagnostic) -> Vec<Diagnostic> {
    let found = VALUES.iter().find(|(title, _)| *title == message.summary);
    let Some((_, sets)) = found else {
        return vec![message.clone()];
    };
    let with = |values: &&[Value]| {
        let fill = |text: &str| {
            let fill =
                |text: String, (name, value): &Value| text.replace(&format!("<{name}>"), value);
            values.iter().fold(text.to_owned(), fill)
        };
        Diagnostic {
            summary: fill(&message.summary),
            cause: fill(&message.cause),
            remedy: fill(&message.remedy),
            ..message.clone()
        }
    };
    sets.iter().map(with).collect()
}

/// Returns the list for the titles of a message, if its title contains a value that `VALUES` does not have.
fn listed(topic: &Topic, message: &Diagnostic) -> Option<&'static List> {
    let mut lists = LISTS.iter();
    lists.find(|list| topic.title.starts_with(list.topic) && list.title == message.summary)
}

/// Returns all titles in the form in which Terraform prints them, so that a search finds them.
fn list(title: &str, values: Values, subjects: &[Subject<'_>]) -> Option<String> {
    let names: Vec<_> = match values {
        Values::These([]) => return None,
        Values::These(names) => names.iter().map(|name| (*name).to_owned()).collect(),
        _ => {
            let mut names = BTreeSet::new();
            for subject in subjects {
                add_names(subject.attributes(), "", values, &mut names);
            }
            names.into_iter().collect()
        }
    };
    let (before, after) = (title.find('<')?, title.find('>')? + 1);
    let titles = names
        .iter()
        .map(|name| format!("\"{}{name}{}\"", &title[..before], &title[after..]));
    let titles = titles.collect::<Vec<_>>().join(", ");
    Some(wrap_all(&format!("**Titles.** {titles}."), ""))
}

fn add_names(attributes: &[Attribute], path: &str, values: Values, names: &mut BTreeSet<String>) {
    for attribute in attributes {
        let is_value = match values {
            Values::Settable => attribute.required || attribute.optional,
            Values::Required => attribute.required,
            Values::Objects => attribute.nested_type.is_some() && attribute.optional,
            Values::WriteOnly => attribute.write_only,
            Values::These(_) => false,
        };
        let path = format!("{path}{}", attribute.name);
        if is_value {
            names.insert(path.clone());
        }
        if let Some(nested) = &attribute.nested_type {
            add_names(&nested.attributes, &format!("{path}."), values, names);
        }
    }
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

/// Formats as code: placeholders, names with an underscore, which no English word has, and settings such as `a_b = 1` or
/// `sync.cron`. Text that is code in the message stays as it is.
fn in_markdown(text: &str) -> String {
    let mut markdown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, is_code) = match (first, code_length(rest)) {
            ('`', _) => (rest[1..].find('`').map_or(rest.len(), |end| end + 2), false),
            (_, 0) => (word_length(rest).max(first.len_utf8()), false),
            (_, length) => (length, true),
        };
        let (token, after) = rest.split_at(length);
        if is_code {
            markdown.extend(["`", token, "`"]);
        } else {
            markdown.push_str(token);
        }
        rest = after;
    }
    markdown
}

/// Returns the length of the code at the beginning of a text, or 0 if there is none.
fn code_length(text: &str) -> usize {
    let mut length = 0;
    while text[length..].starts_with('<') {
        length += text[length..].find('>').map_or(0, |end| end + 1);
    }
    if length > 0 {
        return length;
    }
    let name = word_length(text);
    let word = &text[..name];
    if !word.contains('_') && !word.starts_with("sync.") {
        return 0;
    }
    let equals = [" = ", "="]
        .into_iter()
        .find(|it| text[name..].starts_with(it));
    let Some(equals) = equals else {
        return name;
    };
    let value = &text[name + equals.len()..];
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map_or(value.len(), |end| end + 2),
        None => word_length(value),
    };
    name + equals.len() + value
}

/// Returns the length of the word at the beginning of a text. Its parts are letters, digits and underscores, with full stops in
/// between.
fn word_length(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    if text.starts_with("_ ") {
        return 0;
    }
    let mut end = 0;
    loop {
        let part = text[end..]
            .find(|c| !is_part(c))
            .unwrap_or(text.len() - end);
        end += part;
        let after = text[end..].strip_prefix('.');
        match after {
            Some(after) if part > 0 && after.starts_with(is_part) => end += 1,
            _ => return end,
        }
    }
}

#[test]
fn names_and_settings_are_code() {
    for (text, markdown) in [
        (
            "Set app_id to \"<app_id>\", or C1_ID.",
            "Set `app_id` to \"`<app_id>`\", or `C1_ID`.",
        ),
        ("<a>/<b>: no . _ / -", "`<a>`/`<b>`: no . _ / -"),
        ("have <count><added>.", "have `<count><added>`."),
        ("set check_login = false.", "set `check_login = false`."),
        (
            "for example a_b = \"C d\", or",
            "for example `a_b = \"C d\"`, or",
        ),
        ("the log (TF_LOG=trace)", "the log (`TF_LOG=trace`)"),
        (
            "sync.cron, acme.one. Run `terraform state rm`, x",
            "`sync.cron`, acme.one. Run `terraform state rm`, x",
        ),
    ] {
        assert_eq!(in_markdown(text), markdown);
    }
}

#[tokio::test]
async fn no_title_contains_a_placeholder() {
    let subjects = Plugin::get().await.subjects();
    let (_, guide) = guide(&subjects);
    let (_, problems) = &guide.sections[0];
    let titles = problems.lines().filter(|line| line.starts_with('#'));
    let titles: Vec<_> = titles.filter(|title| title.contains('<')).collect();
    assert!(titles.is_empty(), "VALUES or LISTS lacks {titles:#?}");
    assert!(
        problems.contains("### Missing API key\n") && problems.contains("\"Invalid sync.cron\"")
    );
}

#[tokio::test]
async fn values_in_titles_exist() {
    let subjects = Plugin::get().await.subjects();
    let mut names = BTreeSet::new();
    for subject in &subjects {
        add_names(subject.attributes(), "", Values::Settable, &mut names);
    }
    let source: String = files::below("src")
        .iter()
        .map(|path| files::read(path))
        .collect();
    let is_used = |value: &str| source.contains(&format!("\"{value}\"")) || names.contains(value);
    let sets = VALUES.iter().flat_map(|(_, sets)| sets.iter());
    for (_, value) in sets.flat_map(|set| set.iter()) {
        assert!(value.split(" and ").all(is_used), "{value}");
    }
    let titles: BTreeSet<_> = topics()
        .into_iter()
        .flat_map(|topic| topic.messages)
        .map(|message| message.summary)
        .collect();
    let known = VALUES.iter().map(|(title, _)| title);
    for title in known.chain(LISTS.iter().map(|list| &list.title)) {
        assert!(titles.contains(*title), "no message has the title {title}");
    }
}
