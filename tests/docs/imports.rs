//! Reads the imports between the files of `src`.
//!
//! An import is a `use` item, or another path that begins with `crate`, `self`, `super` or the name of a child module. An
//! import of an item that a module only re-exports counts as an import of the file that defines the item. Test code does not
//! count.

use std::collections::{BTreeMap, BTreeSet};

use crate::files;

/// The files of `src` without test code, by module name such as `terraform::schema`. The crate root has the empty name.
pub(crate) struct Source {
    modules: BTreeMap<String, Module>,
}

struct Module {
    path: String,
    /// The absolute paths in `use` items. Each path is a list of segments without `crate`.
    uses: Vec<Vec<String>>,
    /// The absolute paths in other code.
    inline: Vec<Vec<String>>,
}

/// The modules that each module imports.
pub(crate) type Imports = BTreeMap<String, BTreeSet<String>>;

impl Source {
    pub(crate) fn read() -> Self {
        let paths = files::below("src").into_iter();
        let sources = paths.filter(|path| files::extension(path) == "rs");
        let texts = sources.map(|path| {
            let text = files::read(&path);
            (path.replacen("src/", "", 1), text)
        });
        Self::parse(&texts.collect::<Vec<_>>())
    }

    /// Parses files, given as paths relative to `src` and texts.
    pub(crate) fn parse(files: &[(String, String)]) -> Self {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (path, module_name(path), without_tests(&code(text))))
            .collect();
        let test_modules: BTreeSet<String> = files
            .iter()
            .flat_map(|(_, name, (_, modules))| modules.iter().map(|child| join(name, child)))
            .collect();
        let is_test = |name: &str| {
            let mut parents = name.match_indices("::").map(|(end, _)| &name[..end]);
            test_modules.contains(name) || parents.any(|parent| test_modules.contains(parent))
        };
        let modules = files
            .iter()
            .filter(|(path, name, _)| !is_test(name) && *path != "main.rs")
            .map(|(path, name, (code, _))| (name.clone(), Module::parse(path, name, code)));
        Self {
            modules: modules.collect(),
        }
    }

    /// Returns the path of the file that contains a module.
    pub(crate) fn path(&self, module: &str) -> &str {
        &self.modules[module].path
    }

    /// Returns the modules that each module imports.
    pub(crate) fn imports(&self) -> Imports {
        let targets = |name: &String, module: &Module| {
            let paths = module.uses.iter().chain(&module.inline);
            let targets = paths.filter_map(|path| self.definition(path, 0));
            targets
                .filter(|target| target != name && !target.is_empty())
                .collect()
        };
        let modules = self.modules.iter();
        modules
            .map(|(name, module)| (name.clone(), targets(name, module)))
            .collect()
    }

    /// Returns the module that defines the item at `path`. It follows re-exports.
    fn definition(&self, path: &[String], depth: usize) -> Option<String> {
        assert!(depth < 20, "re-exports in a circle: {path:?}");
        let length = (0..=path.len()).rev().find(|length| {
            let module = path[..*length].join("::");
            self.modules.contains_key(&module)
        })?;
        let module = path[..length].join("::");
        let imported = path.get(length).and_then(|item| {
            let mut uses = self.modules[&module].uses.iter();
            uses.find(|path| path.last() == Some(item))
        });
        match imported {
            Some(target) if target.as_slice() != path => self.definition(target, depth + 1),
            _ => Some(module),
        }
    }
}

impl Module {
    fn parse(path: &str, name: &str, code: &str) -> Self {
        let children: BTreeSet<&str> = code
            .lines()
            .filter_map(|line| line.trim().strip_suffix(';')?.split_once("mod "))
            .map(|(_, child)| child)
            .collect();
        let absolute = |paths: Vec<String>| {
            let paths = paths.iter();
            let absolute = paths.filter_map(|path| absolute(name, &children, path));
            absolute.collect()
        };
        let (uses, code) = split_uses(code);
        Self {
            path: format!("src/{path}"),
            uses: absolute(uses),
            inline: absolute(inline_paths(&code)),
        }
    }
}

fn module_name(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    let path = path.trim_end_matches("/mod");
    match path {
        "lib" | "main" => String::new(),
        path => path.replace('/', "::"),
    }
}

fn join(module: &str, child: &str) -> String {
    if module.is_empty() {
        child.to_owned()
    } else {
        format!("{module}::{child}")
    }
}

/// Removes comments and the contents of strings. Line breaks stay.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(hashes) = raw_string(rest) {
            let (open, close) = (hashes + 2, format!("\"{}", "#".repeat(hashes)));
            let length = rest[open..].find(&close).unwrap_or(rest.len() - open);
            (open + length + close.len()).min(rest.len())
        } else if next == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else {
            0
        };
        if skipped > 0 {
            let breaks = rest[..skipped].matches('\n').count();
            code.push_str(&"\n".repeat(breaks));
            rest = &rest[skipped..];
        } else {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    code
}

/// Returns the number of `#` if the text begins with a raw string.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return index + 1,
            '\\' => {
                characters.next();
            }
            _ => {}
        }
    }
    text.len()
}

/// Removes the items that are compiled only for tests, and returns the names of the modules among them that have their own files. This
/// relies on the formatting of rustfmt: an item ends at the first line that has its indentation and ends the item.
fn without_tests(code: &str) -> (String, Vec<String>) {
    let (mut kept, mut modules) = (String::new(), Vec::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let is_test = ["#[cfg(test)]", "#[cfg(all(test"];
        if !is_test.iter().any(|start| line.trim().starts_with(start)) {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        let indentation = line.len() - line.trim_start().len();
        for line in lines.by_ref() {
            let text = line.trim();
            if line.len() - line.trim_start().len() == indentation {
                if let Some((_, name)) = text.split_once("mod ")
                    && let Some(name) = name.strip_suffix(';')
                {
                    modules.push(name.to_owned());
                }
                if text.ends_with(['}', ';', ',']) {
                    break;
                }
            }
        }
    }
    (kept, modules)
}

/// Returns the paths in the `use` items of `code`, and the code without these items.
fn split_uses(code: &str) -> (Vec<String>, String) {
    let (mut paths, mut others) = (Vec::new(), String::new());
    let mut rest = code;
    while let Some(start) = rest.find("use ") {
        let is_word = rest[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let end = rest[start..]
            .find(';')
            .map_or(rest.len(), |end| start + end);
        if is_word {
            others.push_str(&rest[..start + 4]);
            rest = &rest[start + 4..];
        } else {
            others.push_str(&rest[..start]);
            let item = rest[start + 4..end].split_whitespace();
            paths.extend(expand(&item.collect::<Vec<_>>().join(" ")));
            rest = &rest[end..];
        }
    }
    others.push_str(rest);
    (paths, others)
}

/// Expands a use tree such as `a::{b, c::{d, e as f}}` to its paths.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, inner)) = tree.split_once('{') else {
        return tree.split(" as ").take(1).map(str::to_owned).collect();
    };
    let inner = inner.trim_end_matches(|c| c != '}');
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let mut depth = 0;
    let branches = inner.split(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    });
    branches
        .filter(|branch| !branch.trim().is_empty())
        .flat_map(expand)
        .map(|branch| match branch.as_str() {
            "self" => prefix.trim_end_matches("::").to_owned(),
            branch => format!("{prefix}{branch}"),
        })
        .collect()
}

/// Returns the paths with at least two segments in code without `use` items.
fn inline_paths(code: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$';
    let words = code.split(|c| !is_part(c));
    words
        .filter(|word| word.contains("::") && !word.starts_with('$'))
        .map(|word| word.trim_end_matches(':').to_owned())
        .collect()
}

/// Resolves a path that begins with `crate`, `self`, `super` or a child module. Other paths lead to other crates or to items
/// that `use` items have imported.
fn absolute(module: &str, children: &BTreeSet<&str>, path: &str) -> Option<Vec<String>> {
    let mut base: Vec<String> = module.split("::").map(str::to_owned).collect();
    if module.is_empty() {
        base.clear();
    }
    let mut segments = path.split("::").peekable();
    match *segments.peek()? {
        "crate" => {
            segments.next();
            base.clear();
        }
        "self" => {
            segments.next();
        }
        "super" => {
            while segments.next_if_eq(&"super").is_some() {
                base.pop();
            }
        }
        first if children.contains(first) => {}
        _ => return None,
    }
    base.extend(segments.map(str::to_owned));
    Some(base)
}
