//! The recorded run of the benchmark, the tables in the guide, and the charts. All numbers that the pages show come from
//! this one run.

use crate::files;
use crate::page::{Generated, front_matter};
use crate::text::wrap;
use report::results::Results;
use report::{bars, growth, tables};

#[path = "../../benches/benchmark/report/mod.rs"]
mod report;
mod tests;

const RESULTS: &str = "benches/benchmark/results.json";
const GUIDE: &str = "docs/guides/performance-and-limits.md";

fn results() -> Results {
    serde_json::from_str(&files::read(RESULTS)).expect("results of `make bench`")
}

/// Returns the path of the guide, and its generated parts. Its front matter is written by hand.
pub(crate) fn guide() -> (String, Generated) {
    let page = files::read(GUIDE);
    let front_matter = front_matter(&page).expect("the guide has front matter");
    let parts = tables::page(&results());
    let parts = parts.split("\n\n").map(|part| match part {
        table if table.starts_with('|') => table.to_owned(),
        prose => wrap(prose, "", ""),
    });
    let text = parts.collect::<Vec<_>>().join("\n\n");
    let generated = Generated {
        front_matter: format!("{front_matter}\n"),
        sections: vec![("benchmark", text)],
    };
    (GUIDE.to_owned(), generated)
}

/// Returns the paths and the contents of the charts.
pub(crate) fn charts() -> [(String, String); 2] {
    let results = results();
    [
        ("docs/images/benchmark.svg", bars::file(&results)),
        ("docs/images/growth.svg", growth::file(&results)),
    ]
    .map(|(path, chart)| (path.to_owned(), chart))
}
