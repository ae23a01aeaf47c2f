//! The tables and charts of any run.

use super::report::font::{Font, Weight};
use super::report::results::{Case, Cell, Program, Results, Step, Traits};
use super::report::scale::Scale;
use super::report::svg::{Drawing, Text, WIDTH};
use super::report::units::{Samples, Unit, thousands};
use super::report::{bars, growth, tables};

const LATENCIES_MS: [u64; 2] = [0, 20];

/// Returns the results of a run with all commands. Numbers grow with the number of connectors.
fn sample(programs: &[Program]) -> Results {
    let traits = |program: &Program| Traits {
        program: *program,
        start_ms: samples(&[8.0, 7.0]),
        binary_mb: Some(55.5),
        schema_kb: Some(1234.5),
    };
    let mut results = Results {
        run: "2027-03-05 14:03 UTC".to_owned(),
        note: None,
        cores: 2,
        cli: "Terraform v1.11.4".to_owned(),
        peer_version: programs
            .contains(&Program::Peer)
            .then(|| "1.5.0".to_owned()),
        programs: programs.iter().map(traits).collect(),
        cells: Vec::new(),
    };
    for (place, program) in (1_u32..).zip(programs) {
        for connectors in [1, 100, 500, 2000] {
            for parallelism in [10, 100] {
                for latency_ms in LATENCIES_MS {
                    for step in Step::ALL {
                        let case = Case {
                            step,
                            connectors,
                            parallelism,
                            latency_ms,
                        };
                        let size = f64::from(u32::try_from(connectors).expect("a number"));
                        fill(&mut results, *program, case, size * f64::from(place));
                    }
                }
            }
        }
    }
    results
}

fn fill(results: &mut Results, program: Program, case: Case, size: f64) {
    // The floor is measured once for all latencies, and has no provider.
    if program == Program::Floor && case.latency_ms != LATENCIES_MS[0] {
        return;
    }
    let cell = results.cell_mut(program, case).expect("a cell");
    cell.wall_s = samples(&[size / 8.0, size / 10.0, size / 9.0]);
    if program != Program::Floor {
        cell.cpu_s = samples(&[size / 100.0]);
        cell.peak_mib = samples(&[10.0 + size / 20.0]);
        cell.requests = samples(&[2.0 + size * 5.0]);
    }
}

fn samples(values: &[f64]) -> Samples {
    let mut samples = Samples::default();
    for value in values {
        samples.push(*value);
    }
    samples
}

fn case(step: Step, connectors: usize) -> Case {
    Case {
        step,
        connectors,
        parallelism: 10,
        latency_ms: 20,
    }
}

fn cell(results: &mut Results, program: Program, case: Case) -> &mut Cell {
    results.cell_mut(program, case).expect("a cell")
}

#[test]
fn samples_have_a_median_and_a_spread() {
    let median = |values: &[f64]| samples(values).median();
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0]), Some(3.0));
    assert_eq!(median(&[9.0, 1.0]), Some(5.0));
    assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
    let spread = |values: &[f64]| samples(values).spread();
    assert_eq!(spread(&[3.0]), None);
    assert_eq!(spread(&[0.0, 0.0]), None);
    assert_eq!(spread(&[2.0, 5.0, 4.0]), Some(0.75));
}

#[test]
fn numbers_have_a_unit_and_a_bearable_length() {
    let shown = [0.014, 9.994, 14.83, 251.3].map(|seconds| Unit::Seconds.show(seconds));
    assert_eq!(shown, ["0.01 s", "9.99 s", "14.8 s", "251 s"]);
    let shown = [0.02, 5.0, 500.0, 2000.0, 1_000_000.0].map(thousands);
    assert_eq!(shown, ["0.02", "5", "500", "2,000", "1,000,000"]);
}

#[test]
fn a_scale_is_logarithmic_and_ends_at_round_numbers() {
    let scale = Scale::covering([3.0, 1800.0], 50.0, 300.0).expect("a scale");
    assert_eq!(scale.grid(), [10.0, 100.0, 1000.0]);
    // From 2 to 2000, three powers of ten.
    for (value, position) in [(2.0, 50.0), (20.0, 150.0), (200.0, 250.0), (2000.0, 350.0)] {
        assert!((scale.position(value) - position).abs() < 1e-9, "{value}");
    }
    let upwards = Scale::covering([0.01, 0.02], 100.0, -60.0).expect("a scale");
    assert_eq!(upwards.grid(), [0.01, 0.02]);
    assert!((upwards.position(0.02) - 40.0).abs() < 1e-9);
    let single = Scale::covering([1.0], 0.0, 100.0).expect("a scale");
    assert_eq!(single.grid(), [1.0, 2.0]);
    assert!(Scale::covering([], 0.0, 100.0).is_none());
}

#[test]
fn a_run_without_the_vendors_provider_does_not_mention_it() {
    let results = sample(&[Program::This, Program::Floor]);
    for text in [
        tables::page(&results),
        bars::file(&results),
        growth::file(&results),
    ] {
        let shown = text.split("</style>").last().unwrap_or_default();
        assert!(
            !shown.contains("vendor") && !shown.contains("peer"),
            "{shown}"
        );
    }
    let with = tables::page(&sample(&Program::ALL));
    assert!(
        with.contains("vendor's provider has version 1.5.0"),
        "{with}"
    );
}

#[test]
fn every_table_and_chart_names_its_run() {
    let mut results = sample(&Program::ALL);
    results.note = Some("Measured on a busy machine.".to_owned());
    for text in [
        tables::page(&results),
        bars::file(&results),
        growth::file(&results),
    ] {
        for part in [&results.run, "2 cores", "Terraform v1.11.4", "busy machine"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn a_table_has_a_row_for_each_command_with_the_numbers_of_all_programs() {
    let page = tables::page(&sample(&Program::ALL));
    let row = "| `plan`, unchanged | 500 | 55.6 / 111 / 167 s | 5.00 / 10.0 s | 35.0 / 60.0 MiB | 2502 / 5002 |";
    let page = page.replace('\u{a0}', " ");
    // The same numbers for each parallelism and latency.
    assert_eq!(page.matches(row).count(), 4, "{page}");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `destroy` | "));
    // One for each of the four numbers of connectors in each of the four tables, and one in the table of factors.
    assert_eq!(rows.count(), 4 * 4 + 1, "{page}");
}

#[test]
fn a_failure_is_shown_in_place_of_numbers() {
    let mut results = sample(&Program::ALL);
    let failed = case(Step::Plan, 100);
    cell(&mut results, Program::Peer, failed).failure = Some("exit status: 2".to_owned());
    let page = tables::page(&results);
    let row = page
        .lines()
        .find(|line| line.starts_with("| Plan of 100 unchanged connectors |"));
    assert_eq!(
        row,
        Some("| Plan of 100 unchanged connectors | 11.1 s | failed: exit status: 2 | 33.3 s | – |")
    );
    let row = page
        .lines()
        .find(|line| line.starts_with("| `plan`, unchanged | 100 |") && line.contains("failed"));
    let numbers = "| 11.1 s / failed: exit status: 2 / 33.3 s | 1.00 s / failed: exit status: 2 |";
    assert!(row.is_some_and(|it| it.contains(numbers)), "{row:?}");
    let chart = bars::file(&results);
    assert!(chart.contains("failed: exit status: 2"), "{chart}");
}

#[test]
fn a_curve_that_ends_early_has_no_number() {
    let mut results = sample(&Program::ALL);
    // The vendor's provider sends twice the requests in the sample.
    let number = ">20002<";
    assert!(growth::file(&results).contains(number));
    for step in Step::ALL {
        cell(&mut results, Program::Peer, case(step, 2000)).failure = Some("killed".to_owned());
    }
    let chart = growth::file(&results);
    assert!(
        !chart.contains(number) && !chart.contains(">5002<"),
        "{chart}"
    );
}

#[test]
fn growth_is_a_factor_between_the_two_greatest_numbers() {
    let page = tables::page(&sample(&[Program::This, Program::Floor]));
    assert!(page.contains("from 500 to 2,000 connectors"), "{page}");
    let row = "| `apply`, creation | 4.0 / 4.0 | 4.0 | 3.1 | 4.0 |";
    assert!(page.contains(row), "{page}");
}

#[test]
fn growth_has_the_parallelism_of_the_greatest_number() {
    let mut results = sample(&[Program::This]);
    let cells = &mut results.cells;
    cells.retain(|it| it.case.connectors < 2000 || it.case.parallelism == 100);
    let page = tables::page(&results);
    let title = "2,000 connectors, as a factor, with `-parallelism=100` and";
    assert!(page.contains(title), "{page}");
    assert!(page.contains("| `validate` | 4.0 | 4.0 |"), "{page}");
    let chart = growth::file(&results);
    assert!(chart.contains("-parallelism=100"), "{chart}");
}

#[test]
fn results_are_the_same_after_they_were_stored() {
    let results = sample(&Program::ALL);
    let text = results.json().expect("JSON");
    assert_eq!(serde_json::from_str::<Results>(&text).ok(), Some(results));
}

#[test]
fn texts_of_charts_fit_and_do_not_overlap() {
    let mut unlucky = sample(&Program::ALL);
    unlucky.note = Some("Another program used the machine during this run. ".repeat(5));
    for failed in [case(Step::Plan, 100), case(Step::Validate, 1)] {
        cell(&mut unlucky, Program::Peer, failed).failure = Some("signal: 9 (SIGKILL)".to_owned());
    }
    for results in [
        sample(&Program::ALL),
        sample(&[Program::This]),
        unlucky,
        super::results(),
    ] {
        for (drawing, height) in [bars::draw(&results), growth::draw(&results)] {
            check(&drawing, height);
        }
    }
}

fn check(drawing: &Drawing, height: f64) {
    let texts = drawing.texts();
    let size = |text: &Text| Text::font(text.class).size;
    for (number, text) in texts.iter().enumerate() {
        let (left, right) = text.extent();
        assert!(
            left > 4.0 && right < WIDTH - 4.0,
            "{left}–{right}: {text:?}"
        );
        assert!(text.y < height - 4.0, "{text:?}");
        for other in &texts[..number] {
            let (other_left, other_right) = other.extent();
            let apart = left > other_right || other_left > right;
            let lines = (text.y - other.y).abs() >= size(text).max(size(other));
            assert!(apart || lines, "{text:?} overlaps {other:?}");
        }
    }
}

#[test]
fn texts_are_as_wide_as_in_the_widest_font() {
    let regular = Font {
        size: 10.0,
        weight: Weight::Regular,
    };
    let bold = Font {
        weight: Weight::Bold,
        ..regular
    };
    // The space and W of Verdana, m of DejaVu Sans, and any other character.
    for (text, widths) in [
        ("", [0.0, 0.0]),
        (" ", [3.52, 3.49]),
        ("Wm", [19.64, 21.86]),
        ("~", [8.38, 8.67]),
        ("÷", [10.5, 10.5]),
    ] {
        let found = [regular, bold].map(|font| font.width(text));
        let differs = found.iter().zip(widths).any(|(a, b)| (a - b).abs() > 1e-9);
        assert!(!differs, "{text}: {found:?}");
    }
}

#[test]
fn long_texts_are_wrapped() {
    let font = Font {
        size: 10.0,
        weight: Weight::Regular,
    };
    let lines = font.wrap("one two three", font.width("one two"));
    assert_eq!(lines, ["one two", "three"]);
    assert_eq!(font.wrap("one two", 1.0), ["one", "two"]);
}
