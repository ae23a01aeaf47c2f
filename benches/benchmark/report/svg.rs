//! Drawings as SVG, with colors for light and for dark pages.
//!
//! A drawing has a background of its own, because a reader can choose a light page on a dark system.

use super::font::{Font, Weight};
use super::results::Program;

/// The width of all drawings.
pub(crate) const WIDTH: f64 = 760.0;
/// The distance of the contents from the left and the right side.
pub(crate) const SIDE: f64 = 20.0;

const PLAIN: Font = Font {
    size: 13.0,
    weight: Weight::Regular,
};
const SMALL: Font = Font {
    size: 11.0,
    ..PLAIN
};
const TITLE: Font = Font {
    size: 15.0,
    weight: Weight::Bold,
};

/// A color on light and on dark pages.
struct Color {
    selector: &'static str,
    properties: &'static [&'static str],
    light: &'static str,
    dark: &'static str,
}

const fn color(
    selector: &'static str,
    properties: &'static [&'static str],
    light: &'static str,
    dark: &'static str,
) -> Color {
    Color {
        selector,
        properties,
        light,
        dark,
    }
}

/// The backgrounds are those of GitHub's pages. Blue and orange differ for readers who see no difference between red and
/// green.
const COLORS: [Color; 7] = [
    color(".page", &["fill"], "#FFFFFF", "#0D1117"),
    color(".page, .grid", &["stroke"], "#D1D9E0", "#3D444D"),
    color("text", &["fill"], "#1F2328", "#F0F6FC"),
    color(".small", &["fill"], "#59636E", "#9198A1"),
    color(".this", &["fill", "stroke"], "#0969DA", "#4493F8"),
    color(".peer", &["fill", "stroke"], "#BC4C00", "#F0883E"),
    color(".floor", &["fill", "stroke"], "#6E7781", "#8B949E"),
];

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

impl Text {
    /// Returns the font of a class.
    pub(crate) fn font(class: &str) -> Font {
        match class {
            "title" => TITLE,
            "small" => SMALL,
            _ => PLAIN,
        }
    }

    /// Returns the position of the left and the right end of the text, if the font is wide.
    pub(crate) fn extent(&self) -> (f64, f64) {
        let width = Self::font(self.class).width(&self.content);
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        (left, left + width)
    }
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
            "<polyline points=\"{}\" class=\"{class}\" />",
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
             xmlns=\"http://www.w3.org/2000/svg\">\n  <style>{}  </style>\n  <rect x=\"0.5\" y=\"0.5\" \
             width=\"{}\" height=\"{}\" rx=\"8\" class=\"page\" />\n  {elements}\n</svg>\n",
            style(),
            WIDTH - 1.0,
            height - 1.0,
        )
    }
}

/// Returns the style sheet. Programs that ignore its last part show the colors for light pages.
fn style() -> String {
    let colors = |indent: &str, value: fn(&Color) -> &'static str| {
        let rules = COLORS.iter().map(|color| {
            let all = color.properties.iter();
            let all: Vec<_> = all.map(|it| format!("{it}: {}", value(color))).collect();
            format!("{indent}{} {{ {} }}\n", color.selector, all.join("; "))
        });
        rules.collect::<String>()
    };
    let light = colors("    ", |color| color.light);
    let dark = colors("      ", |color| color.dark);
    format!(
        "
    text {{ font: {}px -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif }}
    .title {{ font-size: {}px; font-weight: bold }}
    .small {{ font-size: {}px }}
    .grid {{ stroke-width: 1 }}
    polyline {{ stroke-width: 2 }}
    polyline.floor {{ stroke-dasharray: 5 4 }}
{light}    @media (prefers-color-scheme: dark) {{
{dark}    }}
    polyline.this, polyline.peer, polyline.floor {{ fill: none }}
    text.this, text.peer, text.floor {{ stroke: none }}
",
        PLAIN.size, TITLE.size, SMALL.size
    )
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
