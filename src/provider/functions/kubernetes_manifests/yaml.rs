//! A minimal YAML writer for the manifests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A YAML node.
///
/// Keys and values from outside are always in double quotes. Without quotes, Kubernetes does not read `true`, `on`,
/// `1e3` and similar texts as strings.
pub(super) enum Yaml<'a> {
    /// A field to omit.
    Nothing,
    /// Text from outside.
    Text(&'a str),
    /// A whole number.
    Number(i32),
    /// `true` or `false`.
    Flag(bool),
    /// An object with its fields in this order. An object without fields is omitted.
    Object(Vec<(&'static str, Self)>),
    /// A map with keys from outside.
    Map(BTreeMap<&'a str, &'a str>),
    /// A list of at least one item.
    List(Vec<Self>),
}

impl<'a> From<&'a str> for Yaml<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> Yaml<'a> {
    /// Creates a map with keys from outside. An empty map is omitted.
    pub(super) fn map(map: &'a BTreeMap<String, String>) -> Self {
        let entries = map.iter();
        let entries = entries.map(|(key, value)| (key.as_str(), value.as_str()));
        let entries: BTreeMap<_, _> = entries.collect();
        if entries.is_empty() {
            Self::Nothing
        } else {
            Self::Map(entries)
        }
    }

    /// Creates a list. An empty list is omitted.
    pub(super) fn list(items: impl Iterator<Item = Self>) -> Self {
        let items: Vec<_> = items.collect();
        if items.is_empty() {
            Self::Nothing
        } else {
            Self::List(items)
        }
    }

    /// Creates a list of texts. An empty list is omitted.
    pub(super) fn texts(texts: &'a [String]) -> Self {
        Self::list(texts.iter().map(|text| text.as_str().into()))
    }
}

impl<'a, T: Into<Yaml<'a>>> From<Option<T>> for Yaml<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// Creates an object with these fields.
pub(super) fn object<'a, const N: usize>(fields: [(&'static str, Yaml<'a>); N]) -> Yaml<'a> {
    Yaml::Object(fields.into())
}

impl Yaml<'_> {
    /// Returns the node in block style. Each line ends with a line break.
    pub(super) fn document(&self) -> String {
        let mut document = self.lines().join("\n");
        document.push('\n');
        document
    }

    fn lines(&self) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Text(text) => vec![quoted(text)],
            Self::Number(number) => vec![number.to_string()],
            Self::Flag(flag) => vec![flag.to_string()],
            Self::Object(fields) => {
                let fields = fields.iter();
                fields
                    .flat_map(|(name, value)| value.under(&format!("{name}:")))
                    .collect()
            }
            Self::Map(entries) if entries.is_empty() => vec!["{}".to_owned()],
            Self::Map(entries) => {
                let line =
                    |(key, value): (&&str, &&str)| format!("{}: {}", quoted(key), quoted(value));
                entries.iter().map(line).collect()
            }
            Self::List(items) => items.iter().flat_map(Self::item).collect(),
        }
    }

    /// Returns the lines of the field `key`.
    fn under(&self, key: &str) -> Vec<String> {
        let lines = self.lines();
        match self {
            Self::Map(entries) if !entries.is_empty() => nested(key, lines),
            Self::Object(_) | Self::List(_) if !lines.is_empty() => nested(key, lines),
            _ => lines.iter().map(|line| format!("{key} {line}")).collect(),
        }
    }

    fn item(&self) -> Vec<String> {
        let lines = self.lines().into_iter().enumerate();
        lines
            .map(|(index, line)| format!("{}{line}", if index == 0 { "- " } else { "  " }))
            .collect()
    }
}

fn nested(key: &str, lines: Vec<String>) -> Vec<String> {
    let mut all = vec![key.to_owned()];
    all.extend(lines.into_iter().map(|line| format!("  {line}")));
    all
}

/// Returns a text in double quotes. All characters except printable ASCII are escaped, so that no line break and no
/// invisible character can change the text for a reader.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match (character, u32::from(character)) {
            ('"' | '\\', _) => quoted.extend(['\\', character]),
            ('\n', _) => quoted.push_str("\\n"),
            ('\r', _) => quoted.push_str("\\r"),
            ('\t', _) => quoted.push_str("\\t"),
            (' '..='~', _) => quoted.push(character),
            (_, code @ 0..=0xff) => escape(&mut quoted, 'x', 2, code),
            (_, code @ 0x100..=0xffff) => escape(&mut quoted, 'u', 4, code),
            (_, code) => escape(&mut quoted, 'U', 8, code),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(out: &mut String, kind: char, digits: usize, code: u32) {
    // Writing to memory cannot fail.
    let _ = write!(out, "\\{kind}{code:0digits$x}");
}
