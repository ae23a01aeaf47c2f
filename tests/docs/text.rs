//! Line breaks in prose.

/// The width of the pages.
const WIDTH: usize = 120;

/// Breaks a paragraph into lines. The first line begins with `first`, the others with `rest`.
pub(crate) fn wrap(paragraph: &str, first: &str, rest: &str) -> String {
    let mut lines = String::new();
    let (mut line, mut is_empty) = (first.to_owned(), true);
    for word in paragraph.split_whitespace() {
        let fits = line.chars().count() + 1 + word.chars().count() <= WIDTH;
        if !is_empty && !fits && !begins_a_block(word) {
            lines.push_str(&line);
            lines.push('\n');
            rest.clone_into(&mut line);
        } else if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines + &line
}

/// Breaks all paragraphs of a text into lines.
pub(crate) fn wrap_all(text: &str, indent: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| wrap(paragraph, indent, indent));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Returns whether Markdown would not treat a line that begins with this word as part of a paragraph.
fn begins_a_block(word: &str) -> bool {
    let number = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_numbered = number.len() < word.len() && matches!(number, "." | ")");
    is_numbered || word.chars().all(|letter| "-+*#=>".contains(letter))
}

/// Returns the first paragraph without code marks.
pub(crate) fn summary(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    first.replace('`', "")
}

#[test]
fn lines_are_at_most_as_wide_as_the_page() {
    let (long, fitting) = ("a".repeat(60), "b".repeat(57));
    let one_line = wrap(&format!("{long}   {fitting}"), "- ", "  ");
    assert_eq!(one_line, format!("- {long} {fitting}"));
    let two_lines = wrap(&format!("{long} {fitting}b\nc"), "- ", "  ");
    assert_eq!(two_lines, format!("- {long}\n  {fitting}b c"));
}

#[test]
fn no_line_begins_with_what_markdown_takes_for_a_list_or_a_heading() {
    let filler = "x".repeat(115);
    for word in ["1.", "12)", "-", "##", "+"] {
        let wrapped = wrap(&format!("{filler} abc {word} next"), "", "");
        assert_eq!(wrapped, format!("{filler} abc {word}\nnext"));
    }
    for word in ["1.5", "-x", "#anchor", "2"] {
        let wrapped = wrap(&format!("{filler} abc {word} next"), "", "");
        let longer = filler.len() + 5 + word.len() > WIDTH;
        assert_eq!(
            wrapped.contains(&format!("\n{word} next")),
            longer,
            "{wrapped}"
        );
    }
}

#[test]
fn a_summary_is_the_first_paragraph_without_marks() {
    let text = "A `thing` such as 1.5. It does more.\n\nAnd more.";
    assert_eq!(summary(text), "A thing such as 1.5. It does more.");
}
