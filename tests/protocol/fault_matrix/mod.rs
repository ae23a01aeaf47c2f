//! Every operation of all connector resources meets every fault. The provider loses, repeats and leaks nothing.
//!
//! [`faults`] are the columns and [`operations`] the rows; the expectation of each cell follows from the rules in
//! [`expectations`]. The observations are in the golden file `golden.md`, which a run with
//! `UPDATE_FAULT_MATRIX=1` rewrites.

mod cell;
pub(crate) mod core;
mod expectations;
pub(crate) mod faults;
mod late;
mod leaks;
mod operations;
mod page;

use std::fmt::Write as _;
use std::time::Duration;

use futures_util::{StreamExt, stream};

use crate::wait::within;
use expectations::{Outcome, expected};
use faults::{FAULTS, Fault};
use operations::{OPERATIONS, Operation};

const PAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/protocol/fault_matrix/golden.md"
);
/// The number of cells that run at the same time. Most of them wait most of the time.
const AT_ONCE: usize = 12;
/// The time limit of a cell, far above what any cell takes.
const LIMIT: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_survives_every_fault() {
    let cells = OPERATIONS
        .iter()
        .flat_map(|operation| FAULTS.iter().map(move |fault| (operation, fault)));
    let runs = cells
        .enumerate()
        .map(|(number, (operation, fault))| async move {
            let cell = Box::pin(cell::run(operation, fault));
            let outcome = within(&name(operation, fault), LIMIT, cell).await;
            (number, operation, fault, outcome)
        });
    let mut observed: Vec<_> = stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    observed.sort_by_key(|(number, ..)| *number);

    let mut wrong = String::new();
    let mut rows = Vec::new();
    for (_, operation, fault, (outcome, leaks)) in observed {
        let wanted = expected(operation, fault);
        if outcome != wanted || !leaks.is_empty() {
            report(&mut wrong, &name(operation, fault), &wanted, &outcome);
            let leaks = leaks.iter().map(|line| format!("  leaks: {line}\n"));
            wrong.extend(leaks);
        }
        rows.push((fault.title, outcome));
    }
    let rows: Vec<_> = rows.chunks(FAULTS.len()).map(<[_]>::to_vec).collect();
    let page = page::page(&rows);
    if std::env::var("UPDATE_FAULT_MATRIX").is_ok_and(|value| value == "1") {
        std::fs::write(PAGE, &page).expect("a writable page");
    }
    assert!(wrong.is_empty(), "differs from the rules:\n{wrong}");
    let committed = std::fs::read_to_string(PAGE).unwrap_or_default();
    let difference = page::difference(&committed, &page);
    assert!(
        committed == page,
        "{PAGE} is out of date; UPDATE_FAULT_MATRIX=1 rewrites it:\n{difference}"
    );
}

fn name(operation: &Operation, fault: &Fault) -> String {
    let Operation {
        resource, title, ..
    } = operation;
    format!("{resource}, {title}, {}", fault.title)
}

/// Adds the differences of a cell from its expected outcome.
fn report(wrong: &mut String, name: &str, wanted: &Outcome, outcome: &Outcome) {
    writeln!(wrong, "\n{name}").expect("memory");
    let lines = |outcome: &Outcome| format!("{outcome:#?}");
    let (wanted, outcome) = (lines(wanted), lines(outcome));
    for line in wanted.lines().filter(|line| !outcome.contains(line)) {
        writeln!(wrong, "  - {line}").expect("memory");
    }
    for line in outcome.lines().filter(|line| !wanted.contains(line)) {
        writeln!(wrong, "  + {line}").expect("memory");
    }
}
