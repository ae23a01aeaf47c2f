//! The chart of the headlines.

use super::headlines::{self, Headline};
use super::results::{Found, Program, Results};
use super::svg::{Drawing, SIDE, Text, WIDTH, class};
use super::tables::summary;

/// The length of the longest bar of a headline. Its number is behind it.
const LONGEST: f64 = 560.0;
const BAR: f64 = 14.0;
/// The length of a bar in the legend.
const SWATCH: f64 = 14.0;

/// Returns the chart as a file.
pub(crate) fn file(results: &Results) -> String {
    let (drawing, height) = draw(results);
    drawing.finish(height)
}

/// Returns the chart and its height.
pub(crate) fn draw(results: &Results) -> (Drawing, f64) {
    let mut drawing = Drawing::default();
    let mut y = head(&mut drawing, "What commands cost", results) + 8.0;
    for headline in headlines::of(results).filter(|it| it.is_drawn()) {
        y = draw_headline(&mut drawing, y, headline, results);
    }
    (drawing, y + 6.0)
}

/// Draws the title, the conditions and the legend. Returns the position below them.
pub(crate) fn head(drawing: &mut Drawing, title: &str, results: &Results) -> f64 {
    drawing.text(SIDE, 30.0, "title", title);
    let mut y = 34.0;
    let paragraphs = std::iter::once(summary(results)).chain(results.note.clone());
    for line in paragraphs.flat_map(|it| Text::font("small").wrap(&it, WIDTH - 2.0 * SIDE)) {
        y += 16.0;
        drawing.text(SIDE, y, "small", line);
    }
    y += 24.0;
    let mut x = SIDE;
    for program in results.programs() {
        drawing.bar(program, x, y - 9.0, SWATCH);
        x += SWATCH + 6.0;
        let name = match (program, &results.peer_version) {
            (Program::This, _) => "this provider".to_owned(),
            (Program::Peer, Some(version)) => format!("vendor's provider {version}"),
            (Program::Peer, None) => "vendor's provider".to_owned(),
            (Program::Floor, _) => "floor: Terraform without a provider".to_owned(),
        };
        drawing.text(x, y, "", name.as_str());
        x += Text::font("").width(&name) + 24.0;
    }
    y + 14.0
}

/// Draws a bar for each program. The longest one fills the row. Returns the position below them.
fn draw_headline(drawing: &mut Drawing, top: f64, headline: &Headline, results: &Results) -> f64 {
    let programs = results.programs().into_iter();
    let found = programs.map(|program| (program, headline.found(results, program)));
    let found: Vec<_> = found.filter(|(_, it)| *it != Found::Nothing).collect();
    let medians = found.iter().filter_map(|(_, it)| it.median());
    let greatest = medians.fold(f64::MIN_POSITIVE, f64::max);
    drawing.text(SIDE, top + 12.0, "", headline.what.replace('`', ""));
    let mut y = top + 18.0;
    for (program, found) in found {
        let length = found.median().unwrap_or_default() / greatest * LONGEST;
        drawing.bar(program, SIDE, y, length.max(2.0));
        let number = found.show(headline.unit());
        drawing.text(SIDE + length + 8.0, y + 9.0, class(program), number);
        y += BAR;
    }
    y + 10.0
}
