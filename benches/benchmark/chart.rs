//! The chart.

use std::fs;

use crate::measure::Found;
use crate::report;

const CHART: &str = "docs/images/benchmark.svg";

const WIDTH: u32 = 760;
/// The start of the bars, and the length of the longest bar in a row.
const LEFT: f64 = 20.0;
const LONGEST: f64 = 720.0;
const HEAD: usize = 88;
const ROW: usize = 62;

/// A background that looks the same on light and dark pages.
const STYLE: &str = "
    text { font: 13px -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #CCCCCC }
    .title { font-size: 15px; font-weight: 600 }
    .right { text-anchor: end; fill: #8B949E }
    .ours { fill: #2EA043 }
    .peer { fill: #6E7681 }
    .goal { stroke: #F0C000; stroke-width: 3 }
";

/// Draws the measures that have something to compare with.
pub(crate) fn write(results: &[Found]) {
    let compared = results.iter().filter_map(|found| {
        let measure = found.measure;
        Some((found, measure.peer?, measure.goal?))
    });
    let rows: Vec<_> = compared
        .enumerate()
        .map(|(place, (found, peer, goal))| row(HEAD + place * ROW, found, peer, goal))
        .collect();
    let height = HEAD + rows.len() * ROW + 10;
    let svg = format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n  <style>{STYLE}  </style>\n  <rect x=\"0.5\" y=\"0.5\" width=\"{}\" \
         height=\"{}\" rx=\"8\" fill=\"#0C0C0C\" stroke=\"#484F58\" />\n{}{}</svg>\n",
        WIDTH - 1,
        height - 1,
        head(),
        rows.concat(),
    );
    fs::write(report::file(CHART), svg).expect("the chart");
    println!("Wrote {CHART}");
}

/// Draws the title and the legend of the chart.
fn head() -> String {
    format!(
        "  <text x=\"{LEFT}\" y=\"30\" class=\"title\">{}</text>\n\
         {}  <text x=\"38\" y=\"58\">this provider</text>\n\
         {}  <text x=\"158\" y=\"58\">the vendor's provider 1.5.0, measured earlier on another such machine</text>\n\
         {}  <text x=\"592\" y=\"58\">goal of the design</text>\n",
        report::conditions(),
        bar("ours", LEFT, 48, 12.0),
        bar("peer", 140.0, 48, 12.0),
        line(582.0, 46, 16),
    )
}

/// Draws the numbers of one measure and its bars. The largest number fills the row.
fn row(top: usize, found: &Found, peer: f64, goal: f64) -> String {
    let (measure, median) = (found.measure, found.samples.median());
    let scale = LONGEST / peer.max(goal).max(median);
    let show = |value: f64| measure.unit.show(value);
    let numbers = format!(
        "{}, goal {}, vendor's {}",
        show(median),
        show(goal),
        show(peer)
    );
    let (end, name) = (LEFT + LONGEST, measure.what.replace('`', ""));
    [
        format!("  <text x=\"{LEFT}\" y=\"{}\">{name}</text>\n", top + 12),
        format!(
            "  <text x=\"{end}\" y=\"{}\" class=\"right\">{numbers}</text>\n",
            top + 12
        ),
        bar("ours", LEFT, top + 20, median * scale),
        bar("peer", LEFT, top + 34, peer * scale),
        line(LEFT + goal * scale, top + 18, 29),
    ]
    .concat()
}

fn bar(class: &str, x: f64, y: usize, width: f64) -> String {
    format!(
        "  <rect x=\"{x:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"11\" rx=\"2\" class=\"{class}\" />\n",
        width.max(2.0)
    )
}

fn line(x: f64, y: usize, height: usize) -> String {
    format!(
        "  <line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y}\" y2=\"{}\" class=\"goal\" />\n",
        y + height
    )
}
