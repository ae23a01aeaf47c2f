//! The files in `examples/` that a page shows.

use crate::files;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// Its path.
    pub(crate) path: String,
    text: String,
}

impl Example {
    /// Returns the file if it exists.
    pub(crate) fn at(path: String) -> Option<Self> {
        let text = files::find(&path)?;
        Some(Self { path, text })
    }

    /// Returns the files of a folder with this prefix and extension, in the order of the Registry's tool: the plain
    /// name first.
    pub(crate) fn named(folder: &str, prefix: &str, ending: &str) -> Vec<Self> {
        let beginning = format!("{folder}/{prefix}");
        let mut paths = files::below(folder);
        paths.retain(|path| {
            let rest = path.strip_prefix(&beginning);
            rest.is_some_and(|rest| rest.ends_with(ending) && !rest.contains('/'))
        });
        paths.sort_by_key(|path| (*path != format!("{beginning}{ending}"), path.clone()));
        paths.into_iter().filter_map(Self::at).collect()
    }

    /// Returns the file as a code block.
    pub(crate) fn block(&self) -> String {
        let language = match files::extension(&self.path) {
            "sh" => "shell",
            _ => "terraform",
        };
        format!("```{language}\n{}\n```", self.text.trim_end())
    }
}
