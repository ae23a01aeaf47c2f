//! What somebody who misspelt a name probably meant.

/// Changes by which a typed name may differ from the one that was meant.
const MOST_CHANGES: usize = 2;

/// The name that was probably meant, if any is near enough to what was typed.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let letters = letters_of(&typed);
    // Of two names at the same distance, the one with the same letters was meant: some were typed in the wrong order.
    let distances = names
        .into_iter()
        .map(|name| (distance(&typed, name), letters_of(name) != letters, name));
    let (distance, _, name) = distances.min()?;
    (distance <= MOST_CHANGES).then_some(name)
}

/// The characters of a text whatever their order.
fn letters_of(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

/// How many characters must be added, removed or exchanged to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    // One row of the usual table at a time: the distances of the beginnings of `other`.
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, left) in one.chars().enumerate() {
        let mut last = index + 1;
        let mut next = vec![last];
        let neighbours = row.iter().zip(row.iter().skip(1));
        for (right, (diagonal, above)) in other.chars().zip(neighbours) {
            let exchanged = diagonal + usize::from(left != right);
            last = exchanged.min(above + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_enough_was_meant() {
        let names = ["space", "page", "restrict_content", "name", "image"];
        let cases = [
            ("spaces", Some("space")),
            ("PAGE", Some("page")),
            ("restrict-content", Some("restrict_content")),
            ("nmae", Some("name")),
            ("attachment", None),
            ("", None),
        ];
        for (typed, meant) in cases {
            assert_eq!(nearest(typed, names), meant, "{typed:?}");
        }
    }
}
