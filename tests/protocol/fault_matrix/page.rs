//! The matrix as a page for people, and how it differs from the committed one.

use std::fmt::Write as _;

use super::expectations::{Left, Next, Outcome, Says};
use super::operations::{CLOUD, DATA_CENTER, OPERATIONS, Operation};

/// The beginning of the page.
const INTRODUCTION: &str = r#"---
page_title: "Fault matrix"
description: |-
  What each operation does when ConductorOne, or the network before it, fails.
---

# Fault matrix

What each operation does when ConductorOne, or the network before it, fails. Every row was observed: the built provider
ran against an emulated ConductorOne with `max_retries = 2`, and one request, which is named above each table, met the
fault. `make test` runs all of it again and fails where anything differs from this page.

The faults last for one attempt, except 429, 503 and 401 "for ever", 403, 404 and 409, which every attempt meets.
"Before acting" means that ConductorOne did nothing, "after acting" that only the answer got lost, and "acting later"
that it did what was asked after the operation had ended. Half of the truncated answer arrives. Where the connection is
refused, nobody listens, so that every operation fails with its first request.

The columns:

- **Requests** is how many requests arrived from the beginning of the operation to the end of the provider's process.
  Requests for access tokens are not among them: there is one in every operation that reaches ConductorOne, and a second
  one after a 401.
- **In ConductorOne** is what exists after the operation. A second credential is one whose secret got lost with the
  answer; a warning says so.
- **In the state** is whether Terraform's state holds the resource after the operation. Where that is so after the error of
  a creation, Terraform has marked it as tainted.
- **Shown** is the worst that the operation said.
- **Next apply** is what one more run of Terraform does once the fault is over. After it the plan is empty in every
  row, and there is exactly one connector, or none where it was to be deleted; the last rule below has the two
  exceptions.

The rules behind it:

- After 429, and where no connection came about, everything is repeated, up to `max_retries` times. After 401 it is
  repeated once, with a new access token.
- After 503, and where the connection broke or the answer took too long, reads, updates and deletions are repeated.
- A creation is not: the app's connectors are listed, and the one that the request has made is used. If it shows later,
  the next creation takes it over, with a warning. A self-hosted connector is deleted instead, and another one created,
  because nobody knows the credential that it may have.
- A credential's secret is shown once. If it got lost, one more credential is issued.
- A credential that could not be issued is an error of the creation, because others depend on `environment`. Terraform
  marks the resource as tainted, and the next apply replaces the connector, which nothing has used yet.
- Any other failure after the connector was created is a warning, because after an error Terraform would destroy it and
  create another one.
- A new connector is marked as unfinished until Terraform has saved the state and ends the provider. If the mark cannot
  be taken away then, nobody is told but the log, and the next apply does it.
- A 404 is believed. If the connector is there all the same, the next apply creates another one beside it, with a warning
  that names it; where it was to be deleted, it stays.
"#;

/// The page with these outcomes: for each operation one for each fault, by its title.
pub(crate) fn page(outcomes: &[Vec<(&'static str, Outcome)>]) -> String {
    let mut page = INTRODUCTION.to_owned();
    for resource in [CLOUD, DATA_CENTER] {
        write!(page, "\n## {resource}\n").expect("memory");
        for (operation, outcomes) in OPERATIONS.iter().zip(outcomes) {
            if operation.resource == resource {
                section(&mut page, operation, outcomes);
            }
        }
    }
    page
}

fn section(page: &mut String, operation: &Operation, outcomes: &[(&'static str, Outcome)]) {
    let (method, path) = operation.faulted.request.split_once(' ').expect("both");
    write!(
        page,
        "\n### {}\n\n`{method} /api{path}` meets the fault.\n\n",
        operation.title
    )
    .expect("memory");
    let head = [
        "Fault",
        "Requests",
        "In ConductorOne",
        "In the state",
        "Shown",
        "Next apply",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(outcomes.iter().map(|(fault, outcome)| row(fault, outcome)));
    table(page, &rows);
}

fn row(fault: &str, outcome: &Outcome) -> [String; 6] {
    let in_state = if outcome.in_state { "yes" } else { "no" };
    [
        fault.to_owned(),
        outcome.requests.values().sum::<usize>().to_string(),
        left(outcome.left),
        in_state.to_owned(),
        says(outcome.says).to_owned(),
        next(&outcome.next),
    ]
}

fn left(left: Left) -> String {
    let count = |count: usize, name: &str| match count {
        0 => None,
        1 => Some(format!("1 {name}")),
        more => Some(format!("{more} {name}s")),
    };
    let parts = [
        count(left.connectors, "connector"),
        count(left.credentials, "credential"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

fn says(says: Says) -> &'static str {
    match says {
        Says::Nothing => "nothing",
        Says::Warning => "warning",
        Says::Error => "error",
    }
}

fn next(next: &Next) -> String {
    match next {
        Next::Nothing => "nothing to do",
        Next::Creates => "creates",
        Next::TakesOver => "takes the connector over",
        Next::MakesAnew => "deletes the connector and creates another one",
        Next::Changes => "changes in place",
        Next::WritesAgain => "writes the settings again",
        Next::Deletes => "deletes",
        Next::Replaces => "replaces",
        Next::Fails(why) => return format!("fails: {}", why.replace('\n', " ")),
    }
    .to_owned()
}

/// A table whose columns are as wide as their widest cell. The first row is the head.
fn table(page: &mut String, rows: &[[String; 6]]) {
    let mut widths = [0; 6];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            write!(page, "| {cell:width$} ").expect("memory");
        }
        page.push_str("|\n");
        if index == 0 {
            let rule = widths.map(|width| "-".repeat(width + 2)).join("|");
            writeln!(page, "|{rule}|").expect("memory");
        }
    }
}

/// What differs, line by line and below the headings of each place; empty if nothing does.
pub(crate) fn difference(committed: &str, actual: &str) -> String {
    let (committed, actual) = (placed(committed), placed(actual));
    let only = |sign: char, these: &[(String, String)], those: &[(String, String)]| {
        let missing = these.iter().filter(|line| !those.contains(line));
        missing
            .map(|(place, line)| (place.clone(), format!("{sign} {line}")))
            .collect::<Vec<_>>()
    };
    let mut lines = only('-', &committed, &actual);
    lines.extend(only('+', &actual, &committed));
    // By place, and within it what goes before what comes, as both were found.
    lines.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (mut difference, mut last) = (String::new(), String::new());
    for (place, line) in lines {
        if place != last {
            writeln!(difference, "{place}").expect("memory");
            last = place;
        }
        writeln!(difference, "  {line}").expect("memory");
    }
    difference
}

/// Every line with the headings that it stands under.
fn placed(page: &str) -> Vec<(String, String)> {
    let (mut resource, mut operation) = ("", "");
    let place = |line| {
        if let Some(heading) = str::strip_prefix(line, "## ") {
            (resource, operation) = (heading, "");
        } else if let Some(heading) = str::strip_prefix(line, "### ") {
            operation = heading;
        }
        (format!("{resource}: {operation}"), line.to_owned())
    };
    page.lines().map(place).collect()
}

#[test]
fn a_difference_names_the_place_and_both_lines() {
    let before = "# A\n\n## one\n\n### read\n| 403 | 1 |\n\n### delete\n| 403 | 1 |\n";
    let after = before.replace("### delete\n| 403 | 1 |", "### delete\n| 403 | 2 |");
    assert_eq!(
        difference(before, &after),
        "one: delete\n  - | 403 | 1 |\n  + | 403 | 2 |\n"
    );
    assert_eq!(difference(before, before), "");
}
