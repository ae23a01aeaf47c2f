//! Drawings as SVG. Their own background makes them look the same on light and dark pages.

use super::results::Program;

/// The width of all drawings.
pub(crate) const WIDTH: f64 = 760.0;
/// The distance of the contents from the left and the right side.
pub(crate) const SIDE: f64 = 20.0;

/// Readers without the first fonts see one of the others, which is up to a fifth wider.
const STYLE: &str = "
    text { font: 13px -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #CCCCCC }
    .title { font-size: 15px; font-weight: 600 }
    .small { font-size: 11px; fill: #9DA5AE }
    .grid { stroke: #30363D; stroke-width: 1 }
    .this { fill: #3FB950; stroke: #3FB950 }
    .peer { fill: #F0883E; stroke: #F0883E }
    .floor { fill: #8B949E; stroke: #8B949E }
    .line { fill: none; stroke-width: 2 }
    .line.floor { stroke-dasharray: 5 4 }
    text.this, text.peer, text.floor { stroke: none }
";

/// The side of a text that is at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) x: f64,
    /// The position of the baseline.
    pub(crate) y: f64,
    pub(crate) anchor: Anchor,
    /// Classes of the style sheet, such as `small`.
    pub(crate) class: &'static str,
    pub(crate) content: String,
}

/// A drawing whose height grows with its contents.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    shapes: Vec<String>,
    texts: Vec<Text>,
}

impl Drawing {
    /// Adds a text that begins at a position.
    pub(crate) fn text(&mut self, x: f64, y: f64, class: &'static str, text: impl Into<String>) {
        self.add(Text {
            x,
            y,
            anchor: Anchor::Start,
            class,
            content: text.into(),
        });
    }

    pub(crate) fn add(&mut self, text: Text) {
        self.texts.push(text);
    }

    pub(crate) fn bar(&mut self, program: Program, x: f64, y: f64, width: f64) {
        let class = class(program);
        self.shapes.push(format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"9\" rx=\"2\" class=\"{class}\" />"
        ));
    }

    pub(crate) fn grid_line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.shapes.push(format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"grid\" />"
        ));
    }

    /// Draws a line through points. Programs differ by color and by the shape of the points.
    pub(crate) fn curve(&mut self, program: Program, points: &[(f64, f64)]) {
        let class = class(program);
        let path: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        self.shapes.push(format!(
            "<polyline points=\"{}\" class=\"line {class}\" />",
            path.join(" ")
        ));
        for (x, y) in points {
            self.shapes.push(match program {
                Program::This => {
                    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" class=\"{class}\" />")
                }
                Program::Peer => format!(
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\" class=\"{class}\" />",
                    x - 3.5,
                    y - 3.5
                ),
                Program::Floor => {
                    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" class=\"{class}\" />")
                }
            });
        }
    }

    /// Returns all texts, so that a test can check their places.
    pub(crate) fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// Returns the drawing as a file of this height.
    pub(crate) fn finish(&self, height: f64) -> String {
        let texts = self.texts.iter().map(|text| {
            let anchor = match text.anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let class = match text.class {
                "" => String::new(),
                class => format!(" class=\"{class}\""),
            };
            let (x, y, content) = (text.x, text.y, escaped(&text.content));
            format!("<text x=\"{x:.1}\" y=\"{y:.1}\"{anchor}{class}>{content}</text>")
        });
        let elements: Vec<_> = self.shapes.iter().cloned().chain(texts).collect();
        let elements = elements.join("\n  ");
        format!(
            "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n  <style>{STYLE}  </style>\n  <rect x=\"0.5\" y=\"0.5\" \
             width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#0C0C0C\" stroke=\"#484F58\" />\n  {elements}\n</svg>\n",
            WIDTH - 1.0,
            height - 1.0,
        )
    }
}

/// Returns the class of a program's color.
pub(crate) fn class(program: Program) -> &'static str {
    match program {
        Program::This => "this",
        Program::Peer => "peer",
        Program::Floor => "floor",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
