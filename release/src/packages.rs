//! Cargo's metadata of the packages in a program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::compile::cargo;
use crate::platform::Platform;
use crate::version::NAME;
use crate::{Result, named, output};

/// The prefixes of license files.
const LICENSE_FILES: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];

/// A package in the program.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    /// Its repository.
    pub(crate) repository: Option<String>,
    manifest_path: PathBuf,
    /// The names and versions of its dependencies in the program.
    #[serde(skip)]
    pub(crate) uses: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// Returns the packages with these IDs, sorted by name, including the provider.
pub(crate) fn of(ids: &BTreeSet<String>, platform: &Platform) -> Result<Vec<Package>> {
    // Packages of other platforms may be missing on this machine. The flags determine the dependencies.
    let mut metadata = cargo();
    metadata
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", &platform.triple])
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", platform.flags().join("\x1f"));
    let metadata = output(&mut metadata)?;
    let Metadata { packages, resolve } =
        serde_json::from_str(&metadata).map_err(named("cargo metadata"))?;
    let mut packages: BTreeMap<_, _> = packages
        .into_iter()
        .filter(|package| ids.contains(&package.id))
        .map(|package| (package.id.clone(), package))
        .collect();
    if let Some(id) = ids.iter().find(|id| !packages.contains_key(*id)) {
        return Err(format!("cargo metadata does not know {id}").into());
    }
    for Node { id, dependencies } in resolve.nodes {
        let mut uses: Vec<_> = dependencies
            .iter()
            .filter_map(|id| packages.get(id))
            .map(|package| (package.name.clone(), package.version.clone()))
            .collect();
        uses.sort();
        if let Some(package) = packages.get_mut(&id) {
            package.uses = uses;
        }
    }
    let mut packages: Vec<_> = packages.into_values().collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(packages)
}

impl Package {
    /// Returns whether the package is the provider.
    pub(crate) fn is_own(&self) -> bool {
        self.name == NAME
    }

    /// Returns its license as an SPDX expression. Old packages write "/" for "OR".
    pub(crate) fn license(&self) -> Option<String> {
        Some(self.license.as_ref()?.replace('/', " OR "))
    }

    /// Returns the texts of its licenses, without duplicates.
    pub(crate) fn license_texts(&self) -> Result<BTreeSet<String>> {
        let folder = self.manifest_path.parent().unwrap_or(Path::new("."));
        let mut texts = BTreeSet::new();
        for entry in fs::read_dir(folder).map_err(named(&self.name))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().to_uppercase();
            let named_so = LICENSE_FILES.iter().any(|start| name.starts_with(start));
            if named_so && entry.file_type()?.is_file() {
                texts.insert(text(&entry.path())?);
            }
        }
        if let Some(file) = &self.license_file {
            texts.insert(text(&folder.join(file))?);
        }
        Ok(texts)
    }
}

fn text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(named(&path.display().to_string()))?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(text.trim_matches('\n').to_owned())
}
