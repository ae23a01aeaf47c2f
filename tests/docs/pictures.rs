//! The pictures in `docs/images/`, on light and on dark pages, and the diagrams in the pages.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::files;

/// The width of a character of a terminal in relation to the size of the font. Of the usual fonts, SF Mono is the widest.
const MONOSPACE: f64 = 0.62;
/// The least contrast of a text with its background, as the WCAG require it.
const LEAST_CONTRAST: f64 = 4.5;

/// The most participants of a sequence that are legible at the width of GitHub's pages, and the longest text between two.
const MOST_PARTICIPANTS: usize = 5;
const LONGEST_CALL: usize = 50;

/// The color of each selector of a style sheet.
type Fills = BTreeMap<String, String>;

fn pictures() -> impl Iterator<Item = (String, String)> {
    let paths = files::below("docs/images").into_iter();
    paths.map(|path| (path.clone(), files::read(&path)))
}

#[test]
fn every_text_is_legible_on_light_and_on_dark_pages() {
    let mut count = 0;
    for (path, svg) in pictures() {
        let [usual, other] = both_fills(&svg);
        assert_ne!(usual[".page"], other[".page"], "{path} has one background");
        for fills in [usual, other] {
            for (selector, fill) in fills.iter().filter(|(it, _)| is_text(it, &svg)) {
                let contrast = contrast(fill, &fills[".page"]);
                assert!(
                    contrast >= LEAST_CONTRAST,
                    "{path}: {selector} has {fill} on {}: {contrast:.1}",
                    fills[".page"]
                );
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

#[test]
fn every_line_of_the_terminal_fits() {
    let svg = files::read("docs/images/apply.svg");
    let number = |pattern: &str| -> f64 {
        let pattern = Regex::new(pattern).expect("a pattern");
        let found = pattern.captures(&svg).expect("a number");
        found[1].parse().expect("a number")
    };
    let width = number("^<svg width=\"([0-9]+)\"");
    let padding = number("<tspan x=\"([0-9]+)px\"");
    let character = MONOSPACE * number("font: ([0-9]+)px");
    let tags = Regex::new("<[^>]*>").expect("a pattern");
    let lines: Vec<_> = svg.lines().filter(|it| it.contains("<tspan x=")).collect();
    assert!(!lines.is_empty());
    for line in lines {
        let text = tags.replace_all(line.trim(), "");
        let length = u32::try_from(text.chars().count()).expect("a short line");
        let right = padding + f64::from(length) * character;
        assert!(right <= width - padding, "{right} of {width}: {text}");
    }
}

#[test]
fn every_sequence_is_legible() {
    let mut count = 0;
    for path in files::pages() {
        let page = files::read(&path);
        let diagrams = parts_between(&page, "```mermaid\n", "```");
        for diagram in diagrams.filter(|it| it.starts_with("sequenceDiagram")) {
            count += 1;
            let is_participant = |line: &&str| line.trim().starts_with("participant ");
            let participants = diagram.lines().filter(is_participant).count();
            assert!(participants <= MOST_PARTICIPANTS, "{path}: {diagram}");
            let calls = diagram.lines().filter_map(|line| line.split_once(": "));
            for (_, call) in calls {
                assert!(call.chars().count() <= LONGEST_CALL, "{path}: {call}");
            }
        }
    }
    assert!(count > 0);
}

/// Returns the colors that apply by default, and those of the other color scheme.
fn both_fills(svg: &str) -> [Fills; 2] {
    let style: String = parts_between(svg, "<style>", "</style>").collect();
    let (usual, rest) = style.split_once("@media").expect("one color scheme");
    // The rules of the other color scheme are indented.
    let (other, rest) = rest.split_once("\n    }").expect("its end");
    let (_, other) = other.split_once('{').expect("its start");
    let usual = fills(&format!("{usual}{rest}"));
    let mut both = usual.clone();
    both.extend(fills(other));
    [usual, both]
}

fn parts_between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(move |part| part.split(end).next())
}

fn fills(rules: &str) -> Fills {
    let mut fills = Fills::new();
    for rule in rules.split('}') {
        let Some((selectors, properties)) = rule.split_once('{') else {
            continue;
        };
        let properties = properties.split(';').filter_map(|it| it.split_once(':'));
        let fill = properties.filter(|(name, _)| name.trim() == "fill");
        for (_, fill) in fill.filter(|(_, fill)| fill.trim().starts_with('#')) {
            let selectors = selectors.split(',').map(|it| it.trim().to_owned());
            fills.extend(selectors.map(|selector| (selector, fill.trim().to_owned())));
        }
    }
    fills
}

/// Returns whether a text of the picture has this color.
fn is_text(selector: &str, svg: &str) -> bool {
    let elements = svg.split('<');
    let mut texts = elements.filter(|it| it.starts_with("text") || it.starts_with("tspan"));
    match selector.strip_prefix('.') {
        Some(class) => texts.any(|element| {
            let classes = parts_between(element, "class=\"", "\"");
            classes
                .flat_map(str::split_whitespace)
                .any(|it| it == class)
        }),
        None => selector == "text",
    }
}

/// Returns the contrast of two colors, from 1 to 21.
fn contrast(one: &str, other: &str) -> f64 {
    let [one, other] = [one, other].map(luminance);
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the brightness of a color such as `#1F2328`, from 0 to 1, as the WCAG define it.
fn luminance(color: &str) -> f64 {
    let linear = |place: usize| {
        let digits = &color[place..place + 2];
        let value = f64::from(u8::from_str_radix(digits, 16).expect(color)) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5)
}

#[test]
fn the_contrast_of_colors_is_known() {
    for (one, other, expected) in [
        ("#FFFFFF", "#000000", 21.0),
        ("#777777", "#FFFFFF", 4.48),
        ("#FFFFFF", "#FFFFFF", 1.0),
    ] {
        assert!((contrast(one, other) - expected).abs() < 0.01, "{one}");
    }
}
