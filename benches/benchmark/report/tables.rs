//! The tables, in Markdown.

use super::headlines;
use super::results::{Case, Found, Metric, Program, Results, Step};
use super::units::{Unit, thousands};

/// The costs of a command in the tables, with their titles. A cell has the numbers of all programs, because a table with a
/// column for each of them is wider than a page.
const METRICS: [(Metric, &str); 4] = [
    (Metric::Wall, "time"),
    (Metric::Cpu, "CPU"),
    (Metric::Peak, "memory"),
    (Metric::Requests, "requests"),
];

/// Returns the generated part of the page.
pub(crate) fn page(results: &Results) -> String {
    let mut parts = vec![conditions(results), headline_table(results)];
    parts.extend(growth_table(results));
    for parallelism in results.values(|case| case.parallelism) {
        for latency_ms in results.values(|case| case.latency_ms) {
            parts.extend(command_table(results, parallelism, latency_ms));
        }
    }
    parts.join("\n\n")
}

/// Returns the identity and the conditions of the run in one line, for charts.
pub(crate) fn summary(results: &Results) -> String {
    let Results {
        run, cores, cli, ..
    } = results;
    format!(
        "Medians, {run}, {cores} cores, {cli}, server answers after {} ms",
        results.latency_ms()
    )
}

fn conditions(results: &Results) -> String {
    let peer = match &results.peer_version {
        Some(version) => format!(" The vendor's provider has version {version}."),
        None => String::new(),
    };
    let note = match &results.note {
        Some(note) => format!("**{note}**\n\n"),
        None => String::new(),
    };
    format!(
        "{note}All numbers are from the run of {} on a machine with {} cores, with {}.{peer}{}{}",
        results.run,
        results.cores,
        results.cli,
        noise(results),
        order(results)
    )
}

/// Returns a sentence about the numbers that share a cell.
fn order(results: &Results) -> String {
    let names: Vec<_> = results.programs().into_iter().map(Program::name).collect();
    match names.as_slice() {
        [_] | [] => String::new(),
        names => format!(
            " If a cell has several numbers, they are in this order: {}. The floor only has times.",
            names.join(", ")
        ),
    }
}

/// Returns a sentence about the differences between repetitions.
fn noise(results: &Results) -> String {
    let spreads = results.cells.iter().filter_map(|it| it.wall_s.spread());
    let mut spreads: Vec<_> = spreads.collect();
    spreads.sort_by(f64::total_cmp);
    let (Some(median), Some(greatest)) = (spreads.get(spreads.len() / 2), spreads.last()) else {
        return String::new();
    };
    format!(
        " Where a command ran more than once, its slowest and its fastest time differ by {:.0} % of the median in half of \
         the cases, and by {:.0} % in the worst case.",
        median * 100.0,
        greatest * 100.0
    )
}

fn headline_table(results: &Results) -> String {
    let programs = results.programs();
    let has_peer = programs.contains(&Program::Peer);
    let names = programs.iter().map(|program| program.name().to_owned());
    let last = has_peer.then(|| "vendor's ÷ this".to_owned());
    let head = [String::new()].into_iter().chain(names).chain(last);
    let rows = headlines::of(results).map(|headline| {
        let find = |program| headline.found(results, program);
        let shown = programs
            .iter()
            .map(|it| find(*it).show(headline.unit()))
            .collect::<Vec<_>>();
        let last = has_peer.then(|| {
            let numbers = find(Program::Peer)
                .median()
                .zip(find(Program::This).median());
            ratio(numbers, 1)
        });
        let what = [headline.what.to_owned()].into_iter();
        what.chain(shown).chain(last).collect()
    });
    table(head.collect(), rows)
}

/// Returns `left ÷ right`, or a dash.
fn ratio(numbers: Option<(f64, f64)>, decimals: usize) -> String {
    match numbers {
        Some((left, right)) if right > 0.0 => format!("{:.decimals$}", left / right),
        _ => "–".to_owned(),
    }
}

/// Returns the table of a parallelism and a latency, or none if nothing was measured.
fn command_table(results: &Results, parallelism: usize, latency_ms: u64) -> Option<String> {
    let titles = METRICS.map(|(_, title)| title);
    let head = ["Command", "Connectors"].into_iter().chain(titles);
    let cases = Step::ALL.into_iter().flat_map(|step| {
        let connectors = results.values(|case| case.connectors).into_iter();
        connectors.map(move |connectors| Case {
            step,
            connectors,
            parallelism,
            latency_ms,
        })
    });
    let rows = cases.filter_map(|case| command_row(results, case));
    let rows: Vec<_> = rows.collect();
    let server = match latency_ms {
        0 => "the server answers immediately".to_owned(),
        _ => format!("the server answers after {latency_ms} ms"),
    };
    let title = format!("**`-parallelism={parallelism}`, {server}:**");
    let head = head.map(str::to_owned).collect();
    (!rows.is_empty()).then(|| format!("{title}\n\n{}", table(head, rows)))
}

/// Returns the row of a case, or none if it was not measured.
fn command_row(results: &Results, case: Case) -> Option<Vec<String>> {
    results.cell(Program::This, case)?;
    let first = [case.step.name().to_owned(), count(case.connectors)];
    let numbers = METRICS.map(|(metric, _)| {
        let found = measured(results, metric).map(|program| results.found(program, case, metric));
        several(&found.collect::<Vec<_>>(), metric.unit())
    });
    Some(first.into_iter().chain(numbers).collect())
}

/// Returns the numbers of a cell. If all were measured, the unit follows the last one, and the cell has one line.
fn several(found: &[Found], unit: Unit) -> String {
    let medians: Option<Vec<_>> = found.iter().map(Found::median).collect();
    if let Some(medians) = medians {
        let numbers: Vec<_> = medians.iter().map(|it| unit.number(*it)).collect();
        let shown = format!("{} {}", numbers.join(" / "), unit.name());
        return shown.trim_end().replace(' ', "\u{a0}");
    }
    let shown: Vec<_> = found.iter().map(|it| it.show(unit)).collect();
    shown.join(" / ")
}

/// Returns the programs with numbers for a metric. The floor only has times.
fn measured(results: &Results, metric: Metric) -> impl Iterator<Item = Program> {
    let programs = results.programs().into_iter();
    programs.filter(move |program| *program != Program::Floor || metric == Metric::Wall)
}

/// Returns how much each number grows between the two greatest numbers of connectors, or none if there is only one.
fn growth_table(results: &Results) -> Option<String> {
    let [.., fewer, more] = results.values(|case| case.connectors)[..] else {
        return None;
    };
    let (latency_ms, parallelism) = (results.latency_ms(), results.parallelism());
    let titles = METRICS.map(|(_, title)| title);
    let head = ["Command"].into_iter().chain(titles).map(str::to_owned);
    let rows = Step::ROUND.into_iter().map(|step| {
        let factors = METRICS.map(|(metric, _)| {
            let factor = |program| {
                let find = |connectors| {
                    let case = Case {
                        step,
                        connectors,
                        parallelism,
                        latency_ms,
                    };
                    results.found(program, case, metric).median()
                };
                ratio(find(more).zip(find(fewer)), 1)
            };
            let factors: Vec<_> = measured(results, metric).map(factor).collect();
            factors.join(" / ")
        });
        let first = step.name().to_owned();
        std::iter::once(first).chain(factors).collect()
    });
    let title = format!(
        "**Growth** from {} to {} connectors, as a factor, with `-parallelism={parallelism}` and a server that answers \
         after {latency_ms} ms:",
        count(fewer),
        count(more)
    );
    Some(format!("{title}\n\n{}", table(head.collect(), rows)))
}

/// Returns a number of connectors for readers.
pub(crate) fn count(connectors: usize) -> String {
    thousands(u32::try_from(connectors).map_or(f64::INFINITY, f64::from))
}

fn table(head: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rule = vec!["---".to_owned(); head.len()];
    let lines = [head, rule].into_iter().chain(rows);
    let lines = lines.map(|cells| format!("| {} |", cells.join(" | ")));
    lines.collect::<Vec<_>>().join("\n")
}
