//! Links as the Registry resolves them.
//!
//! The Registry serves the overview at `…/latest/docs` without a slash at the end, and the other pages below it. A browser
//! resolves relative links against these addresses, and the Registry ignores `.md` at the end of an address. So a relative
//! link works between two pages in folders, but not to or from the overview. The Registry has no other files of the
//! repository.

use crate::files;
use crate::links::{anchors, links, prose};

/// The address of the Registry.
const REGISTRY: &str = "https://registry.terraform.io";
/// The path of the overview.
const OVERVIEW: &str = "/providers/conductorone/confluence/latest/docs";
/// The address of the README.
const README: &str = "https://github.com/conductorone/terraform-provider-confluence";
/// The addresses of folders and files in the repository.
const REPOSITORY: [&str; 2] = [
    "https://github.com/conductorone/terraform-provider-confluence/tree/main/",
    "https://github.com/conductorone/terraform-provider-confluence/blob/main/",
];
/// The folders in `docs/` whose pages the Registry shows.
const FOLDERS: [&str; 7] = [
    "resources",
    "data-sources",
    "ephemeral-resources",
    "list-resources",
    "actions",
    "functions",
    "guides",
];

#[test]
fn every_link_works_on_the_registry() {
    let mut problems = Vec::new();
    for page in pages() {
        for (number, target) in links(&files::read(&page)) {
            if let Some(problem) = broken(&page, &target) {
                problems.push(format!("{page}:{number}: {target}: {problem}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Links to the Registry and to the repository on pages that the Registry does not show, such as the README, and in the
/// forms for issues.
#[test]
fn every_address_of_this_provider_exists() {
    let mut problems = Vec::new();
    let forms = files::below(".github/ISSUE_TEMPLATE");
    for page in files::pages().into_iter().chain(forms) {
        let links = links(&files::read(&page)).into_iter();
        for (number, target) in links.filter(|(_, target)| target.contains("://")) {
            if let Some(problem) = broken(&page, &target) {
                problems.push(format!("{page}:{number}: {target}: {problem}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_file_that_a_page_names_is_a_link() {
    let mut problems = Vec::new();
    for page in pages() {
        for (number, line) in prose(&files::read(&page)) {
            let names = unlinked_files(line).into_iter();
            problems.extend(names.map(|name| format!("{page}:{number}: {name} is not a link")));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Returns the pages that the Registry shows.
pub(crate) fn pages() -> Vec<String> {
    let in_folders = FOLDERS
        .iter()
        .flat_map(|folder| files::below(&format!("docs/{folder}")));
    std::iter::once("docs/index.md".to_owned())
        .chain(in_folders)
        .collect()
}

/// Returns the path of a page on the Registry.
fn address(page: &str) -> String {
    match page.strip_prefix("docs/") {
        Some("index.md") | None => OVERVIEW.to_owned(),
        Some(rest) => format!("{OVERVIEW}/{}", rest.trim_end_matches(".md")),
    }
}

/// Returns the error of a link on a page.
fn broken(page: &str, target: &str) -> Option<&'static str> {
    let (place, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if let Some(path) = place.strip_prefix(REGISTRY) {
        if !is_ours(path) {
            return None;
        }
        shown_at(path)
    } else if place == README {
        Some("README.md".to_owned())
    } else if let Some(prefix) = REPOSITORY.iter().find(|it| place.starts_with(**it)) {
        let path = place.trim_start_matches(prefix).trim_end_matches('/');
        let is_file = files::find(path).is_some();
        let is_right = files::exists(path) && is_file == prefix.contains("/blob/");
        is_right.then(|| path.to_owned())
    } else if place.starts_with("https://") {
        return None;
    } else if place.contains(':') {
        return Some("only https:// works for every reader");
    } else if place.is_empty() {
        Some(page.to_owned())
    } else {
        shown_at(&resolved(&address(page), place))
    };
    let Some(file) = file else {
        return Some("nothing is at this address");
    };
    let is_known = || anchors(&files::read(&file)).iter().any(|it| it == anchor);
    (!anchor.is_empty() && !is_known()).then_some("no such place in the page")
}

/// Returns whether the path belongs to the documentation of this provider.
fn is_ours(path: &str) -> bool {
    let provider = OVERVIEW.trim_end_matches("/latest/docs");
    path.strip_prefix(provider)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the page that the Registry shows at a path.
fn shown_at(path: &str) -> Option<String> {
    let path = path.trim_end_matches(".md");
    pages().into_iter().find(|page| address(page) == path)
}

/// Resolves a relative link as a browser does.
fn resolved(base: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let mut parts: Vec<_> = base.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Returns the files of the repository that a line names as code outside of a link.
fn unlinked_files(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let (mut is_code, mut is_link) = (false, false);
    for part in line.split('`') {
        if is_code {
            let is_file = part.starts_with("examples/") || part == "SECURITY.md";
            names.extend((is_file && !is_link).then_some(part));
        } else if let Some(bracket) = part.rfind(['[', ']']) {
            is_link = part[bracket..].starts_with('[');
        }
        is_code = !is_code;
    }
    names
}

#[test]
fn a_relative_link_works_between_pages_in_folders_only() {
    let nothing = Some("nothing is at this address");
    let resource = "docs/resources/integration.md";
    assert_eq!(broken(resource, "../data-sources/user.md#schema"), None);
    assert_eq!(broken(resource, "app"), None);
    assert_eq!(
        broken(resource, "app.md#nowhere"),
        Some("no such place in the page")
    );
    assert_eq!(broken("docs/index.md", "resources/integration.md"), nothing);
    assert_eq!(broken(resource, "../index.md"), nothing);
    assert_eq!(broken(resource, "../../README.md"), nothing);
    assert_eq!(broken(resource, "/docs/resources/app"), nothing);
    assert_eq!(broken(resource, "#schema"), None);
    assert!(broken(resource, "http://example.com").is_some());
}

#[test]
fn addresses_of_this_provider_are_checked() {
    let found = |path: &str| broken("docs/index.md", &format!("{REGISTRY}{path}")).is_none();
    assert!(found(OVERVIEW));
    assert!(found(&format!("{OVERVIEW}#schema")));
    assert!(found(&format!("{OVERVIEW}/resources/app#lifecycle")));
    assert!(found("/providers/hashicorp/tls/latest/docs/nowhere"));
    assert!(!found(&format!("{OVERVIEW}/nowhere")));
    assert!(!found(&format!("{OVERVIEW}/")));
    assert!(!found(&format!("{OVERVIEW}#nowhere")));
    let [tree, blob] = REPOSITORY
        .map(|it| move |path: &str| broken("README.md", &format!("{it}{path}")).is_none());
    assert_eq!(broken("docs/index.md", &format!("{README}#license")), None);
    assert!(broken("docs/index.md", &format!("{README}#nowhere")).is_some());
    assert!(tree("examples/checks") && blob("SECURITY.md#supported-versions"));
    assert!(!tree("SECURITY.md") && !blob("examples") && !blob("nowhere"));
}

#[test]
fn a_file_is_found_unless_it_is_linked() {
    let both = unlinked_files("See `examples/a` and `SECURITY.md`.");
    assert_eq!(both, ["examples/a", "SECURITY.md"]);
    let none = unlinked_files("[`examples/a`](https://x) [the `examples/b` c](d) `e`");
    assert_eq!(none, Vec::<&str>::new());
    assert_eq!(unlinked_files("[a](b) `examples/c`"), ["examples/c"]);
}
