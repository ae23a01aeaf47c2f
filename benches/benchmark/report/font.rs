//! The width of texts. Readers see the fonts of their system, so drawings leave room for the widest of the usual fonts.

use Weight::{Bold, Regular};

/// The widths of the characters from the space to the tilde, in thousandths of the size: the greater of those in `Verdana` and
/// `DejaVu Sans`. Arial, Helvetica, San Francisco and Segoe UI are narrower.
const REGULAR: [u16; 95] = [
    352, 401, 460, 838, 637, 1076, 780, 275, 454, 454, 636, 838, 364, 454, 364, 454, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 454, 454, 838, 838, 838, 545, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 421, 455, 693, 558, 863, 749, 788, 604, 788, 695, 684, 616, 732, 685, 989, 686,
    615, 686, 454, 454, 454, 838, 636, 636, 613, 635, 550, 635, 616, 353, 635, 634, 278, 344, 592,
    278, 975, 634, 612, 635, 635, 427, 521, 394, 634, 592, 818, 592, 592, 525, 637, 454, 637, 838,
];
/// The same of bold texts.
const BOLD: [u16; 95] = [
    349, 457, 587, 867, 711, 1272, 873, 332, 543, 543, 711, 867, 380, 480, 380, 689, 711, 711, 711,
    711, 711, 711, 711, 711, 711, 711, 402, 402, 867, 867, 867, 617, 1000, 776, 763, 734, 831, 684,
    684, 821, 837, 546, 555, 775, 638, 996, 847, 851, 733, 851, 782, 721, 683, 813, 774, 1128, 771,
    737, 726, 543, 689, 543, 867, 711, 711, 675, 716, 593, 716, 679, 436, 716, 712, 343, 403, 671,
    343, 1058, 712, 688, 716, 716, 497, 596, 479, 712, 652, 979, 669, 652, 597, 712, 543, 712, 867,
];
/// The width of any other character.
const OTHER: u16 = 1050;

/// The thickness of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// What the width of a text depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    /// The size in pixels.
    pub(crate) size: f64,
    pub(crate) weight: Weight,
}

impl Font {
    /// Returns the greatest width of a text in pixels.
    pub(crate) fn width(self, text: &str) -> f64 {
        let widths = match self.weight {
            Regular => REGULAR,
            Bold => BOLD,
        };
        let width = |character| {
            let place = u32::from(character).checked_sub(u32::from(' '));
            let place = place.and_then(|place| usize::try_from(place).ok());
            place.and_then(|place| widths.get(place)).unwrap_or(&OTHER)
        };
        let thousandths: f64 = text.chars().map(|it| f64::from(*width(it))).sum();
        thousandths / 1000.0 * self.size
    }

    /// Returns the lines of a text that are at most this wide. A longer word is a line of its own.
    pub(crate) fn wrap(self, text: &str, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = format!("{line} {word}");
            if line.is_empty() {
                word.clone_into(&mut line);
            } else if self.width(&longer) <= width {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        lines.push(line);
        lines
    }
}
