//! Suggestions for misspelled names.

/// The maximum edit distance between a misspelled name and a suggestion.
const MAX_DISTANCE: usize = 2;

/// Returns the name that is closest to `typed`, or `None` if no name is close enough. The comparison ignores the case of
/// `typed`.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distances = names
        .into_iter()
        .map(|name| (strsim::osa_distance(&typed, name), name));
    let (distance, name) = distances.min()?;
    (distance <= MAX_DISTANCE).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_close_name_is_suggested() {
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
