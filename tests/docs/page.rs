//! A page: hand-written prose, and generated sections between marks. A section `file PATH` shows that file, at any
//! place in the page.

use crate::examples::Example;

/// The generated parts of a page.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The text between the two lines of dashes at the beginning.
    pub(crate) front_matter: String,
    /// Names and texts of the sections, in the order of a new page.
    pub(crate) sections: Vec<(&'static str, String)>,
}

/// The prefix of sections that show a file.
const FILE: &str = "file ";
const CLOSING: &str = "<!-- /generated -->";
const DASHES: &str = "---\n";

fn opening(name: &str) -> String {
    format!("<!-- generated: {name} -->")
}

/// A part of a page.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Prose(String),
    Section(String),
}

impl Generated {
    /// Returns the page with the prose of `old`. A new section comes after the section that precedes it in a new page.
    /// An empty section is omitted.
    pub(crate) fn page(&self, old: &str) -> Result<String, String> {
        let mut parts = parse(without_front_matter(old)?)?;
        let missing = parts.iter().find_map(|part| match part {
            Part::Section(name) if self.text(name).is_none() => name.strip_prefix(FILE),
            _ => None,
        });
        if let Some(path) = missing {
            return Err(format!("there is no file {path}"));
        }
        parts.retain(|part| match part {
            Part::Prose(_) => true,
            Part::Section(name) => self.text(name).is_some(),
        });
        let mut place = 0;
        for (name, _) in &self.sections {
            let is_this = |part: &Part| matches!(part, Part::Section(found) if found == name);
            if let Some(found) = parts.iter().position(is_this) {
                place = found + 1;
            } else {
                parts.insert(place, Part::Section((*name).to_owned()));
                place += 1;
            }
        }
        let parts = parts.iter().map(|part| match part {
            Part::Prose(text) => text.clone(),
            Part::Section(name) => {
                let text = self.text(name).unwrap_or_default();
                format!("{}\n\n{text}\n\n{CLOSING}", opening(name))
            }
        });
        let body = parts.collect::<Vec<_>>().join("\n\n");
        Ok(format!("{DASHES}{}{DASHES}\n{body}\n", self.front_matter))
    }

    fn text(&self, name: &str) -> Option<String> {
        if let Some(path) = name.strip_prefix(FILE) {
            return Some(Example::at(path.to_owned())?.block());
        }
        let found = self.sections.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.clone())
    }
}

/// Returns the front matter of a page, or `None` if it has none.
pub(crate) fn front_matter(page: &str) -> Option<&str> {
    Some(page.strip_prefix(DASHES)?.split_once("\n---\n")?.0)
}

fn without_front_matter(page: &str) -> Result<&str, String> {
    match page.strip_prefix(DASHES) {
        None => Ok(page),
        Some(rest) => match rest.split_once("\n---\n") {
            Some((_, body)) => Ok(body),
            None => Err("the front matter has no end".to_owned()),
        },
    }
}

/// Returns the parts of a page. The current text of the sections does not matter.
fn parse(body: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let (mut prose, mut open) = (Vec::new(), false);
    for line in body.lines() {
        let name = line
            .strip_prefix("<!-- generated: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        match (name, open) {
            (Some(name), false) => {
                push_prose(&mut parts, &prose);
                prose.clear();
                let section = Part::Section(name.to_owned());
                if parts.contains(&section) {
                    return Err(format!("the section {name:?} is there twice"));
                }
                parts.push(section);
                open = true;
            }
            (None, true) if line == CLOSING => open = false,
            (None, true) => {}
            (None, false) if line == CLOSING => {
                return Err("a section ends that has not begun".to_owned());
            }
            (None, false) => prose.push(line),
            (Some(name), true) => {
                return Err(format!("the section before {name:?} has no end"));
            }
        }
    }
    push_prose(&mut parts, &prose);
    if open {
        return Err("the last section has no end".to_owned());
    }
    Ok(parts)
}

fn push_prose(parts: &mut Vec<Part>, lines: &[&str]) {
    let text = lines.join("\n").trim_matches('\n').to_owned();
    if !text.is_empty() {
        parts.push(Part::Prose(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(sections: &[(&'static str, &str)]) -> Generated {
        let owned = |(name, text): &(&'static str, &str)| (*name, (*text).to_owned());
        Generated {
            front_matter: "page_title: \"x\"\n".to_owned(),
            sections: sections.iter().map(owned).collect(),
        }
    }

    #[test]
    fn a_new_page_consists_of_the_sections() {
        let page = generated(&[("head", "# X"), ("schema", "## Schema")]).page("");
        let expected = "---\npage_title: \"x\"\n---\n\n<!-- generated: head -->\n\n# X\n\n<!-- /generated -->\n\n\
                        <!-- generated: schema -->\n\n## Schema\n\n<!-- /generated -->\n";
        assert_eq!(page.as_deref(), Ok(expected));
    }

    #[test]
    fn prose_is_kept_and_sections_are_updated() {
        let sections = generated(&[("head", "# X"), ("schema", "new")]);
        let page = sections.page("").expect("a page");
        let edited = page.replace(
            "\n\n<!-- generated: schema",
            "\n\nProse.\n\n<!-- generated: schema",
        );
        let edited = format!("{edited}\n## More\n\nMore prose.\n");
        assert_ne!(edited, page);
        assert_eq!(sections.page(&edited).as_deref(), Ok(edited.as_str()));
        let outdated = edited.replace("\nnew\n", "\nold\n");
        assert_eq!(sections.page(&outdated).as_deref(), Ok(edited.as_str()));
    }

    #[test]
    fn empty_sections_are_removed_and_new_ones_added() {
        let two = generated(&[("head", "# X"), ("schema", "s")]);
        let three = generated(&[("head", "# X"), ("example", "e"), ("schema", "s")]);
        let small = two.page("").expect("a page") + "\nProse.\n";
        let large = three.page(&small).expect("a page");
        let (example, schema) = (large.find("\ne\n"), large.find("\ns\n"));
        assert!(example < schema && example.is_some(), "{large}");
        assert_eq!(two.page(&large).as_deref(), Ok(small.as_str()));
    }

    #[test]
    fn a_page_without_marks_keeps_its_text_below_the_sections() {
        let page = generated(&[("head", "# X")]).page("---\ntitle: old\n---\n\n# By hand\n");
        let page = page.expect("a page");
        assert!(
            page.ends_with("<!-- /generated -->\n\n# By hand\n"),
            "{page}"
        );
        assert!(!page.contains("title: old"), "{page}");
    }

    #[test]
    fn a_file_is_shown_where_the_author_wants_it() {
        let sections = generated(&[("head", "# X")]);
        let head = sections.page("").expect("a page");
        let marks =
            |path| format!("{head}\nProse.\n\n<!-- generated: file {path} -->\n{CLOSING}\n");
        let page = sections.page(&marks("examples/provider/provider.tf"));
        let page = page.expect("a page");
        assert!(page.contains("Prose.\n\n<!-- generated: file"), "{page}");
        assert!(
            page.contains("-->\n\n```terraform\nterraform {\n"),
            "{page}"
        );
        assert_eq!(
            sections.page(&marks("nowhere.tf")),
            Err("there is no file nowhere.tf".to_owned())
        );
    }

    #[test]
    fn marks_that_do_not_match_are_refused() {
        let sections = generated(&[("head", "# X")]);
        for (page, problem) in [
            ("<!-- generated: head -->\n", "the last section has no end"),
            ("<!-- /generated -->\n", "a section ends that has not begun"),
            (
                "<!-- generated: head -->\n<!-- generated: b -->\n",
                "the section before \"b\" has no end",
            ),
            (
                "<!-- generated: head -->\n<!-- /generated -->\n<!-- generated: head -->\n<!-- /generated -->\n",
                "the section \"head\" is there twice",
            ),
            ("---\ntitle: x\n", "the front matter has no end"),
        ] {
            assert_eq!(sections.page(page), Err(problem.to_owned()));
        }
    }
}
