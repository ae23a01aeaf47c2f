//! The files of this repository.

use std::fs;
use std::path::{Path, PathBuf};

/// The base folder of all paths in this module.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns all files below a folder, sorted, or none if the folder does not exist.
pub(crate) fn below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![absolute(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(ROOT).expect("a file of the repository");
                found.push(path.display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// Returns all pages in `docs/`, in `examples/`, in `.github/` and in the root folder.
pub(crate) fn pages() -> Vec<String> {
    let mut pages = below("docs");
    pages.extend(below("examples"));
    pages.extend(below(".github"));
    pages.retain(|path| extension(path) == "md");
    let beside = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];
    pages.extend(beside.map(str::to_owned));
    pages
}

/// Returns the text of a file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(absolute(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the text of a file, or `None` if it does not exist.
pub(crate) fn find(path: &str) -> Option<String> {
    absolute(path).is_file().then(|| read(path))
}

/// Returns whether the file or folder exists.
pub(crate) fn exists(path: &str) -> bool {
    absolute(path).exists()
}

/// Returns the extension of a file.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Writes a file and creates its folders.
pub(crate) fn write(path: &str, text: &str) {
    let path = absolute(path);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
    fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn absolute(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}
