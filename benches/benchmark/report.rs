//! The table.

use std::fs;
use std::path::PathBuf;

use crate::measure::{Found, Samples};

/// The page with the table, which is between these marks.
const PAGE: &str = "docs/guides/performance-and-limits.md";
const OPENING: &str = "<!-- generated: benchmark -->\n";
const CLOSING: &str = "<!-- /generated -->";

/// Returns the sentence about the conditions.
pub(crate) fn conditions() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "Medians of one run on a machine with {cores} cores, against a server that answers after 20 ms."
    )
}

/// The table, in Markdown.
pub(crate) fn table(results: &[Found]) -> String {
    let head = [
        "",
        "this provider",
        "least to most",
        "floor",
        "goal",
        "vendor's provider",
        "vendor's ÷ this",
    ];
    let mut lines = vec![row(&head), row(&["---"; 7])];
    lines.extend(results.iter().map(|found| row(&cells(found))));
    lines.join("\n")
}

fn cells(found: &Found) -> [String; 7] {
    let measure = found.measure;
    let show = |value: f64| measure.unit.show(value);
    let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), show);
    let median = found.samples.median();
    let spread = found.samples.spread();
    let spread = spread.map(|(least, most)| format!("{} to {}", show(least), show(most)));
    let ratio = measure.peer.map(|peer| format!("{:.1}", peer / median));
    [
        measure.what.to_owned(),
        show(median),
        spread.unwrap_or_else(|| "–".to_owned()),
        optional(found.floor.as_ref().map(Samples::median)),
        optional(measure.goal),
        optional(measure.peer),
        ratio.unwrap_or_else(|| "–".to_owned()),
    ]
}

fn row<T: AsRef<str>>(cells: &[T; 7]) -> String {
    let cells = cells.each_ref().map(AsRef::as_ref);
    format!("| {} |", cells.join(" | "))
}

/// Writes the table into its page.
pub(crate) fn write(results: &[Found]) {
    let path = file(PAGE);
    let page = fs::read_to_string(&path).expect("the guide");
    let (before, rest) = page.split_once(OPENING).expect("the mark before the table");
    let (_, after) = rest.split_once(CLOSING).expect("the mark behind the table");
    let (conditions, table) = (conditions(), table(results));
    let page = format!("{before}{OPENING}\n{conditions}\n\n{table}\n\n{CLOSING}{after}");
    fs::write(&path, page).expect("the guide");
    println!("Wrote {PAGE}");
}

/// A file of the repository.
pub(crate) fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
