//! The differing lines of two texts.

use std::fmt::Write as _;

/// Returns the lines that only one of the texts contains, with their numbers in that text. Empty if the texts are
/// equal.
pub(crate) fn difference(path: &str, old: &str, new: &str) -> String {
    let old: Vec<_> = old.lines().collect();
    let new: Vec<_> = new.lines().collect();
    let mut common = common_lines(&old, &new);
    common.push((old.len(), new.len()));
    let mut lines = String::new();
    let (mut i, mut j) = (0, 0);
    for (old_end, new_end) in common {
        for (line, number) in old[i..old_end].iter().zip(i + 1..) {
            writeln!(lines, "{path}:{number}: - {line}").expect("memory");
        }
        for (line, number) in new[j..new_end].iter().zip(j + 1..) {
            writeln!(lines, "{path}:{number}: + {line}").expect("memory");
        }
        (i, j) = (old_end + 1, new_end + 1);
    }
    lines
}

/// Returns the positions of a longest common subsequence in both texts.
fn common_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // The length of the longest common subsequence that begins at each pair of lines.
    let mut rest = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, mine) in old.iter().enumerate().rev() {
        for (j, theirs) in new.iter().enumerate().rev() {
            rest[i][j] = if mine == theirs {
                rest[i + 1][j + 1] + 1
            } else {
                rest[i + 1][j].max(rest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut common) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            common.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if rest[i + 1][j] >= rest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

#[test]
fn a_difference_names_the_lines_that_only_one_text_has() {
    let old = "a\nb\nc\nd\n";
    let new = "a\nB\nc\nd\ne\n";
    assert_eq!(
        difference("page.md", old, new),
        "page.md:2: - b\npage.md:2: + B\npage.md:5: + e\n"
    );
    assert_eq!(difference("page.md", old, old), "");
    assert_eq!(difference("page.md", "", "a\n"), "page.md:1: + a\n");
}
