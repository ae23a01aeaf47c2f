//! The diagnostics of the sample provider, and tests of the macro that declares them.

use crate::terraform::diagnostics::{Severity, declare_diagnostics};
use crate::terraform::path::Path;

declare_diagnostics! {
    Error failed() on "name" {
        summary: "It failed",
        cause: "As its name says.",
        remedy: "Give it another name.",
    }

    Error missing_paint() on "kind" {
        summary: "Missing paint",
        cause: "Fancy things are painted.",
        remedy: "Set paint.",
    }

    Warning too_heavy(thing, weight) on "{thing}" {
        summary: "Heavy {thing}",
        cause: "It weighs {weight:?}.",
        remedy: "Take something out.",
        server_message: "{weight} is too much",
    }
}

#[test]
fn a_diagnostic_contains_its_values() {
    let diagnostic = too_heavy("box", &7);
    assert_eq!(diagnostic.severity, Severity::Warning);
    assert_eq!(diagnostic.summary, "Heavy box");
    let detail = "It weighs 7. Take something out.\n\n7 is too much";
    assert_eq!(diagnostic.detail(), detail);
    assert_eq!(diagnostic.attribute, Path::attribute("box"));
}

#[test]
fn a_diagnostic_without_a_server_message_has_only_cause_and_remedy() {
    let detail = "As its name says. Give it another name.";
    assert_eq!(failed().detail(), detail);
}

#[test]
fn the_list_has_every_diagnostic_with_the_names_of_its_parameters() {
    let expected = [failed(), missing_paint(), too_heavy("<thing>", "<weight>")];
    assert_eq!(all(), expected);
}
