//! The changelog's section of a version.

use crate::Result;
use crate::version::Version;

/// Returns the section of a version without its title. It must be the newest section, with the date of the release:
/// `## 1.2.0 (March 5, 2027)`.
pub(crate) fn notes(changelog: &str, version: &Version) -> Result<String> {
    let mut sections = changelog.split("\n## ").skip(1);
    let newest = sections.next().ok_or("CHANGELOG.md has no section")?;
    let (title, text) = newest.split_once('\n').unwrap_or((newest, ""));
    let day = title
        .strip_prefix(&format!("{version} ("))
        .and_then(|rest| rest.strip_suffix(')'));
    match day {
        Some(day) if jiff::fmt::strtime::parse("%B %d, %Y", day).is_ok() => {
            Ok(format!("{}\n", text.trim()))
        }
        _ => Err(format!(
            "CHANGELOG.md begins with {title:?}. The release of {version} requires {:?} there.",
            format!("{version} (March 5, 2027)")
        )
        .into()),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const CHANGELOG: &str = "\
# Changelog

## 1.2.0 (March 5, 2027)

FEATURES:

* one

## 1.1.0 (January 31, 2027)

* another
";

    fn notes_of(version: &str, changelog: &str) -> Result<String> {
        notes(changelog, &Version::parse(version).expect("a version"))
    }

    #[test]
    fn the_newest_section_is_what_a_release_says() {
        let notes = notes_of("1.2.0", CHANGELOG).expect("a section");
        assert_eq!(notes, "FEATURES:\n\n* one\n");
    }

    #[test]
    fn a_release_needs_its_section_and_a_day() {
        let unreleased = CHANGELOG.replace("March 5, 2027", "Unreleased");
        let no_day = CHANGELOG.replace(" (March 5, 2027)", "");
        for (version, changelog) in [
            ("1.1.0", CHANGELOG),
            ("1.2.0-beta.1", CHANGELOG),
            ("1.2.0", &unreleased),
            ("1.2.0", &no_day),
            ("1.2.0", "# Changelog\n"),
        ] {
            let error = notes_of(version, changelog).expect_err(version);
            assert!(error.to_string().contains("CHANGELOG.md"), "{error}");
        }
    }
}
