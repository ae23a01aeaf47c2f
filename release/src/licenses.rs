//! The licenses of dependencies, which must be distributed with the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Result;
use crate::packages::Package;
use crate::platform::Platform;

const RULE: &str =
    "================================================================================";

const OPENING: &str = "\
Third-party licenses

terraform-provider-confluence contains the following third-party software. Each license
text appears once, below the list of the software that it applies to.
";

/// Returns the file with all licenses.
pub(crate) fn text(packages: &[Package], platform: &Platform) -> Result<Vec<u8>> {
    let mut page = OPENING.to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    writeln!(page, "\n{RULE}\n")?;
    for (name, license) in runtime(platform) {
        writeln!(page, "{name}: {license}")?;
    }
    for package in packages.iter().filter(|package| !package.is_own()) {
        let title = format!("{} {}", package.name, package.version);
        let found = package.license_texts()?;
        let license = package.license();
        if found.is_empty() && license.is_none() {
            return Err(format!("{title} does not declare a license").into());
        }
        let license = license.unwrap_or_else(|| "see its text".to_owned());
        writeln!(page, "{title}: {license}")?;
        for text in found {
            texts.entry(text).or_default().push(title.clone());
        }
    }
    let mut texts: Vec<_> = texts
        .into_iter()
        .map(|(text, titles)| (titles, text))
        .collect();
    texts.sort();
    for (titles, text) in texts {
        writeln!(page, "\n{RULE}\n{}\n\n{text}", titles.join("\n"))?;
    }
    Ok(page.into_bytes())
}

/// Returns the name and license of parts of the program that are not Cargo packages.
pub(crate) fn runtime(platform: &Platform) -> Vec<(&'static str, &'static str)> {
    let mut runtime = vec![("Rust standard library", "MIT OR Apache-2.0")];
    if platform.has_glibc() {
        runtime.push(("GNU C Library", "LGPL-2.1-or-later"));
    }
    if platform.triple.ends_with("-linux-musl") {
        runtime.push(("musl", "MIT"));
    }
    runtime
}
