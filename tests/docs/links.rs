//! Links between pages, and their targets.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use crate::files;

#[test]
fn every_link_leads_somewhere() {
    let mut problems = Vec::new();
    for path in files::pages() {
        for (number, target) in links(&files::read(&path)) {
            if let Some(problem) = broken(&path, &target) {
                problems.push(format!("{path}:{number}: {target}: {problem}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Returns the error of a link on the page `path`. Links to other hosts are not checked.
fn broken(path: &str, target: &str) -> Option<&'static str> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if file.is_empty() {
        path.to_owned()
    } else {
        beside(path, file)
    };
    if !files::exists(&file) {
        return Some("no such file");
    }
    let is_known = |anchor: &str| anchors(&files::read(&file)).iter().any(|it| it == anchor);
    (!anchor.is_empty() && !is_known(anchor)).then_some("no such place in the file")
}

/// Resolves a relative path on a page.
fn beside(page: &str, relative: &str) -> String {
    let mut parts: Vec<_> = page.split('/').collect();
    parts.pop();
    for part in Path::new(relative).components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.extend(name.to_str()),
            _ => {}
        }
    }
    parts.join("/")
}

/// Returns the lines of a page outside code blocks, with their numbers.
pub(crate) fn prose(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    page.lines().zip(1..).filter_map(move |(line, number)| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        (!in_code && !is_fence).then_some((number, line))
    })
}

/// Returns the targets of all links with their lines.
pub(crate) fn links(page: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in prose(page) {
        // Code contains no links.
        let text: String = line.split('`').step_by(2).collect();
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        links.extend(targets.map(|target| (number, target.to_owned())));
    }
    links
}

/// Returns the anchors of a page: those of its headings on GitHub and the Registry, and explicit ones.
pub(crate) fn anchors(page: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut seen = BTreeMap::<String, usize>::new();
    for (_, line) in prose(page) {
        if let Some(id) = line
            .strip_prefix("<a id=\"")
            .and_then(|rest| rest.split('"').next())
        {
            anchors.push(id.to_owned());
        }
        let title = line.trim_start_matches('#');
        if title.len() < line.len() && title.starts_with(' ') {
            let slug = slug(title.trim());
            let count = seen.entry(slug.clone()).or_default();
            let is_first = *count == 0;
            anchors.push(if is_first {
                slug
            } else {
                format!("{slug}-{count}")
            });
            *count += 1;
        }
    }
    anchors
}

fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let kept = lower.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    kept.collect()
}

#[test]
fn links_and_anchors_are_found_outside_of_code() {
    let page = "# The `one` title\n[a](x.md#y) and [b](#z)\n```\n# no title\n[c](no)\n```\n`[d](no)` [e](../e.md)\n\
                <a id=\"nestedatt--sync\"></a>\n## Same\n## Same\n";
    let targets: Vec<_> = links(page);
    let expected = [(2, "x.md#y"), (2, "#z"), (7, "../e.md")];
    assert_eq!(
        targets,
        expected.map(|(line, target)| (line, target.to_owned()))
    );
    assert_eq!(
        anchors(page),
        ["the-one-title", "nestedatt--sync", "same", "same-1"]
    );
}

#[test]
fn links_are_relative_to_their_page() {
    assert_eq!(
        beside("docs/resources/a.md", "../index.md"),
        "docs/index.md"
    );
    assert_eq!(beside("README.md", "docs/"), "docs");
    assert_eq!(broken("docs/index.md", "nowhere.md"), Some("no such file"));
    assert_eq!(
        broken("docs/index.md", "#nowhere"),
        Some("no such place in the file")
    );
    assert_eq!(broken("docs/index.md", "../README.md#license"), None);
    assert_eq!(broken("docs/index.md", "https://example.com/nowhere"), None);
}
