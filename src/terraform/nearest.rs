//! What somebody who misspelt a name probably meant.

/// Changes by which a typed name may differ from the one that was meant.
const MOST_CHANGES: usize = 2;

/// The name that was probably meant, if any is near enough to what was typed.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distances = names.into_iter().map(|name| (distance(&typed, name), name));
    let (distance, name) = distances.min()?;
    (distance <= MOST_CHANGES).then_some(name)
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
        let names = ["space", "page", "restrict_content"];
        let cases = [
            ("spaces", Some("space")),
            ("PAGE", Some("page")),
            ("restrict-content", Some("restrict_content")),
            ("attachment", None),
            ("", None),
        ];
        for (typed, meant) in cases {
            assert_eq!(nearest(typed, names), meant, "{typed:?}");
        }
    }
}
