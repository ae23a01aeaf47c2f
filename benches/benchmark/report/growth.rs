//! The chart of costs and numbers of connectors, with logarithmic axes.

use super::bars::head;
use super::results::{Case, Metric, Program, Results, Step};
use super::scale::Scale;
use super::svg::{Anchor, Drawing, SIDE, Text, WIDTH, class};
use super::tables::count;

const COLUMNS: [(Step, &str); 2] = [
    (Step::Plan, "Plan of unchanged connectors"),
    (Step::Apply, "Apply of new connectors"),
];
const ROWS: [(Metric, &str); 4] = [
    (Metric::Wall, "Time"),
    (Metric::Cpu, "CPU time of the provider"),
    (Metric::Peak, "Peak memory of the provider"),
    (Metric::Requests, "Requests"),
];

/// The size of a panel without its labels.
const PLOT: (f64, f64) = (216.0, 130.0);
/// The place for labels at the left of a plot.
const LABELS: f64 = 60.0;
const COLUMN: f64 = (WIDTH - 2.0 * SIDE) / 2.0;
const ROW: f64 = 200.0;
/// The distance between two labels behind curves.
const LINE: f64 = 14.0;
/// Linux counts CPU time in hundredths of a second. A logarithmic axis cannot show zero.
const LEAST_CPU_S: f64 = 0.01;

/// Returns the chart as a file.
pub(crate) fn file(results: &Results) -> String {
    let (drawing, height) = draw(results);
    drawing.finish(height)
}

/// Returns the chart and its height.
pub(crate) fn draw(results: &Results) -> (Drawing, f64) {
    let mut drawing = Drawing::default();
    let title = format!(
        "Cost and number of connectors, -parallelism={}, logarithmic axes",
        results.parallelism()
    );
    let mut y = head(&mut drawing, &title, results) + 18.0;
    for (column, (_, title)) in COLUMNS.iter().enumerate() {
        drawing.text(left(column), y, "", *title);
    }
    for (metric, title) in ROWS {
        for (column, (step, _)) in COLUMNS.iter().enumerate() {
            let x = left(column) + LABELS;
            drawing.text(left(column), y + 24.0, "small", title);
            draw_panel(&mut drawing, (x, y + 38.0), *step, metric, results);
        }
        y += ROW;
    }
    (drawing, y + 10.0)
}

fn left(column: usize) -> f64 {
    if column == 0 { SIDE } else { SIDE + COLUMN }
}

/// Draws the curves of one metric of one command. `left` and `top` are the corner of the plot.
fn draw_panel(
    drawing: &mut Drawing,
    (left, top): (f64, f64),
    step: Step,
    metric: Metric,
    results: &Results,
) {
    let programs = results.programs().into_iter();
    let curves = programs.map(|program| (program, points(results, program, step, metric)));
    let curves: Vec<_> = curves.filter(|(_, points)| !points.is_empty()).collect();
    let all = || curves.iter().flat_map(|(_, points)| points);
    let bottom = top + PLOT.1;
    let horizontal = Scale::covering(all().map(|(x, _)| number(*x)), left, PLOT.0);
    let vertical = Scale::covering(all().map(|(_, y)| *y), bottom, -PLOT.1);
    let (Some(horizontal), Some(vertical)) = (horizontal, vertical) else {
        return;
    };
    draw_levels(drawing, left, &vertical, metric);
    let measured = results.values(|case| case.connectors);
    for connectors in &measured {
        let x = horizontal.position(number(*connectors));
        drawing.grid_line((x, top), (x, bottom));
        drawing.add(label(x, bottom + 16.0, Anchor::Middle, count(*connectors)));
    }
    let mut ends = Vec::new();
    for (program, points) in &curves {
        let place =
            |(x, y): &(usize, f64)| (horizontal.position(number(*x)), vertical.position(*y));
        let places: Vec<_> = points.iter().map(place).collect();
        drawing.curve(*program, &places);
        if let (Some((connectors, value)), Some((_, y))) = (points.last(), places.last())
            && Some(connectors) == measured.last()
        {
            ends.push((*program, *y, metric.unit().show(*value)));
        }
    }
    draw_ends(drawing, left + PLOT.0 + 10.0, bottom, ends);
}

/// Draws the horizontal grid lines and their labels.
fn draw_levels(drawing: &mut Drawing, left: f64, vertical: &Scale, metric: Metric) {
    for value in vertical.grid() {
        let y = vertical.position(value);
        drawing.grid_line((left, y), (left + PLOT.0, y));
        let text = metric.unit().label(value);
        drawing.add(label(left - 6.0, y + 4.0, Anchor::End, text));
    }
}

/// Returns the number of connectors and the value of each measured case.
fn points(results: &Results, program: Program, step: Step, metric: Metric) -> Vec<(usize, f64)> {
    let connectors = results.values(|case| case.connectors).into_iter();
    let points = connectors.filter_map(|connectors| {
        let case = Case {
            step,
            connectors,
            parallelism: results.parallelism(),
            latency_ms: results.latency_ms(),
        };
        let value = results.found(program, case, metric).median()?;
        let least = if metric == Metric::Cpu {
            LEAST_CPU_S
        } else {
            0.0
        };
        Some((connectors, value.max(least)))
    });
    points.filter(|(_, value)| *value > 0.0).collect()
}

/// Draws the last numbers of complete curves next to their ends, without overlaps.
fn draw_ends(drawing: &mut Drawing, x: f64, bottom: f64, mut ends: Vec<(Program, f64, String)>) {
    ends.sort_by(|(_, one, _), (_, other, _)| one.total_cmp(other));
    let mut least = f64::NEG_INFINITY;
    for (_, y, _) in &mut ends {
        *y = y.max(least);
        least = *y + LINE;
    }
    let mut greatest = bottom;
    for (_, y, _) in ends.iter_mut().rev() {
        *y = y.min(greatest);
        greatest = *y - LINE;
    }
    for (program, y, text) in ends {
        drawing.text(x, y + 4.0, class(program), text);
    }
}

fn label(x: f64, y: f64, anchor: Anchor, content: String) -> Text {
    Text {
        x,
        y,
        anchor,
        class: "small",
        content,
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
