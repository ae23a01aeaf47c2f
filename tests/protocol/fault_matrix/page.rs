//! The matrix as a page, and the differences from the committed page.

use std::fmt::Write as _;

use super::expectations::{Left, Next, Outcome, Reported};
use super::operations::{OPERATIONS, Operation, TOKEN};
use crate::plan::{CLOUD, DATA_CENTER, SELF_HOSTED};

/// The beginning of the page.
const INTRODUCTION: &str = r#"# Fault matrix

This page lists what each operation does when ConductorOne, or the network to it, fails. Every row was observed: the
built provider ran against an emulated ConductorOne with `max_retries = 2`. The request named above each table met the
fault. `make test` repeats every row and fails if a row differs from this page. `UPDATE_FAULT_MATRIX=1` rewrites it.

Most faults affect one attempt. "429 always", "503 always", "401 always", 403, 404 and 409 affect every attempt.

- "Before acting" means that ConductorOne did nothing.
- "After acting" means that only the response was lost.
- "Acting later" means that ConductorOne did the work after the operation had ended.
- A truncated response ends after half of its body.
- If the connection is refused, no server listens, so every operation fails with its first request.

The columns:

- **Requests** is the number of requests that arrived between the start of the operation and the end of the provider's
  process. It does not include requests for access tokens, except for the operation that passes a token on. Each
  operation that reaches ConductorOne requests one token, and a second one after a 401.
- **In ConductorOne** is what exists after the operation. If there is a second credential, the secret of the first was
  lost with the response, and a warning says so.
- **In the state** says whether Terraform's state contains the resource after the operation. If the creation failed and
  the state contains the resource, Terraform has marked it as tainted.
- **Shown** is the most severe diagnostic of the operation.
- **Next apply** is what one more Terraform run does when the fault is over. After that run the plan is empty in every
  row. Exactly one connector exists then, or none if it was to be deleted. The last rule below lists the two exceptions.

The rules behind the rows:

- After a 429 or a failed connection attempt, the provider repeats every request up to `max_retries` times. After a 401,
  it repeats the request once with a new access token.
- After a 503, a broken connection or a timeout, the provider repeats reads, updates and deletions.
- The provider does not repeat a creation. It lists the app's connectors and uses the one that the request created. If
  that connector appears later, the next creation adopts it with a warning. If the connector is self-hosted, the
  provider deletes it and creates another one, because the secret of its credential may be lost.
- ConductorOne returns the secret of a credential only once. If the secret was lost, the provider requests another
  credential.
- If ConductorOne issues no credential, the creation fails, because other resources depend on `environment`. Terraform
  marks the resource as tainted. The next apply replaces the connector, which nothing has used yet.
- Any other failure after the connector was created is a warning. After an error, Terraform would destroy the connector
  and create another one.
- A new connector is marked as unfinished until Terraform has saved the state and stops the provider. If the provider
  cannot remove the mark at that point, it only logs the failure, and the next apply removes the mark.
- An action and an ephemeral resource have no state, so the next apply does nothing after a failure. An error of an
  action says how to run it again.
- The provider trusts a 404. If the connector exists nevertheless, the next apply creates another one and names the
  existing connector in a warning. If the connector was to be deleted, it stays.
"#;

/// Returns the page with these outcomes: for each operation one for each fault, by its title.
pub(crate) fn page(outcomes: &[Vec<(&'static str, Outcome)>]) -> String {
    let mut page = INTRODUCTION.to_owned();
    for resource in [CLOUD, DATA_CENTER, SELF_HOSTED] {
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
    write!(
        page,
        "\n### {}\n\n`{}` meets the fault.\n\n",
        operation.title,
        operation.faulted.shown()
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
    let rest = outcomes.iter();
    rows.extend(rest.map(|(fault, outcome)| row(operation, fault, outcome)));
    table(page, &rows);
}

fn row(operation: &Operation, fault: &str, outcome: &Outcome) -> [String; 6] {
    let requests = if operation.faulted == TOKEN {
        outcome.tokens
    } else {
        outcome.requests.values().sum()
    };
    let in_state = if outcome.in_state { "yes" } else { "no" };
    [
        fault.to_owned(),
        requests.to_string(),
        left(outcome.left),
        in_state.to_owned(),
        reported(outcome.reported).to_owned(),
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

fn reported(reported: Reported) -> &'static str {
    match reported {
        Reported::Nothing => "nothing",
        Reported::Warning => "warning",
        Reported::Error => "error",
    }
}

fn next(next: &Next) -> String {
    match next {
        Next::Nothing => "nothing to do",
        Next::Creates => "creates",
        Next::Adopts => "adopts the connector",
        Next::Recreates => "deletes the connector and creates another one",
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

/// Returns the lines that differ below the headings they belong to. Empty if the pages are equal.
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
    // Sorted by place, with removed lines before added lines.
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

/// Returns every line with its headings.
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
