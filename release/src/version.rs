//! The version of a release, and the names of its files.

use std::fmt;

use crate::Result;

/// The provider's name in files.
pub(crate) const NAME: &str = "terraform-provider-confluence";

/// A semantic version, for example `1.2.0` or `1.2.0-beta.1`.
#[derive(Debug)]
pub(crate) struct Version(semver::Version);

impl Version {
    /// Parses a version without the `v` of a tag.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let version = semver::Version::parse(text).map_err(|error| {
            format!(
                "the version {text:?} is not a semantic version: {error}.\nIt has three numbers, and may have more \
                 after a hyphen: 1.2.0 or 1.2.0-beta.1. A tag is v1.2.0, its version 1.2.0."
            )
        })?;
        Ok(Self(version))
    }

    /// Returns the name of a release's file, for example of `SHA256SUMS`.
    pub(crate) fn file(&self, what: &str) -> String {
        format!("{NAME}_{self}_{what}")
    }

    /// Returns the name of the program in a zip, which Terraform requires.
    pub(crate) fn binary(&self, suffix: &str) -> String {
        format!("{NAME}_v{self}{suffix}")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_semantic_version_gives_names() {
        for text in ["0.1.0", "10.20.30", "1.0.0-beta.1", "1.0.0-rc1+build.5"] {
            let version = Version::parse(text).expect("a version");
            assert_eq!(
                version.file("linux_amd64.zip"),
                format!("terraform-provider-confluence_{text}_linux_amd64.zip")
            );
            assert_eq!(
                version.binary(".exe"),
                format!("terraform-provider-confluence_v{text}.exe")
            );
        }
    }

    #[test]
    fn anything_else_is_refused_and_explained() {
        for text in [
            "", "v1.0.0", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "latest", "1.0.0 ",
        ] {
            let error = Version::parse(text).expect_err(text).to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
            assert!(error.contains("1.2.0-beta.1"), "{error}");
        }
    }
}
