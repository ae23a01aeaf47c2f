//! Problems of made-up things, and the list of them.

use crate::terraform::diagnostics::{Severity, problems};
use crate::terraform::path::Path;

problems! {
    Error failed() on "name" {
        summary: "It failed",
        cause: "As its name says.",
        cure: "Give it another name.",
    }

    Error missing_paint() on "kind" {
        summary: "Missing paint",
        cause: "Fancy things are painted.",
        cure: "Set paint.",
    }

    Warning too_heavy(thing, weight) on "{thing}" {
        summary: "Heavy {thing}",
        cause: "It weighs {weight:?}.",
        cure: "Take something out.",
        quote: "{weight} is too much",
    }
}

#[test]
fn a_problem_is_told_with_its_values() {
    let problem = too_heavy("box", &7);
    assert_eq!(problem.severity, Severity::Warning);
    assert_eq!(problem.summary, "Heavy box");
    let detail = "It weighs 7. Take something out.\n\n7 is too much";
    assert_eq!(problem.detail(), detail);
    assert_eq!(problem.attribute, Path::attribute("box"));
}

#[test]
fn nothing_is_quoted_where_nobody_said_anything() {
    let detail = "As its name says. Give it another name.";
    assert_eq!(failed().detail(), detail);
}

#[test]
fn the_list_has_every_problem_with_the_names_of_its_values() {
    let expected = [failed(), missing_paint(), too_heavy("<thing>", "<weight>")];
    assert_eq!(all(), expected);
}
