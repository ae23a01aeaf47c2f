//! Compares `proto/` with the table of the plugin protocol: every RPC, message, field and enum, by name, number and
//! type.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto,
    MessageOptions, MethodDescriptorProto,
};
use regex_lite::Regex;

/// The table. It is not part of the repository, and these tests are skipped without it.
const FILE: &str = "../shared/contracts/tfplugin6-wire.md";
const FILES: [&str; 3] = ["tfplugin6.proto", "goplugin.proto", "health.proto"];

/// One line for each RPC, message, field and enum, for example `tfplugin6.RawState 1 json: bytes`.
type Lines = BTreeSet<String>;

#[test]
fn the_proto_files_say_what_the_table_says() {
    let Some(table) = table() else {
        return;
    };
    let (expected, found) = (of_table(&table), of_files());
    // Fewer lines would mean that the format of the table has changed.
    assert!(expected.len() > 400, "{}", expected.len());
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "only in the table: {missing:#?}, only in proto/: {surplus:#?}"
    );
}

#[test]
fn every_kind_of_difference_is_detected() {
    let Some(table) = table() else {
        return;
    };
    let found = of_files();
    for (old, new) in [
        ("- **RawState**", "- **RawStates**"),
        (
            "- 2 `flatmap`: `map<string, string>`",
            "- 2 `flatmap`: `map<string, bytes>`",
        ),
        (
            "- 2 `function_argument`: `int64` (optional)",
            "- 2 `function_argument`: `int64`",
        ),
        (
            "- 1 `steps`: `AttributePath.Step` (repeated)",
            "- 2 `steps`: `AttributePath.Step` (repeated)",
        ),
        ("4 `MAP`, 5 `GROUP`", "4 `MAP`"),
        ("`stream ListResource.Event`", "`ListResource.Event`"),
        (
            "`/plugin.GRPCController/Shutdown`",
            "`/plugin.GRPCController/End`",
        ),
        (
            "| `Schema.Block` 8 `computed` | `bool` |",
            "| `Schema.Block` 9 `computed` | `bool` |",
        ),
    ] {
        assert!(table.contains(old), "{old}");
        assert!(of_table(&table.replace(old, new)) != found, "{new}");
    }
}

/// Reads the table. Reports that the test is skipped if there is none.
fn table() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        // Written directly, because the test harness captures the output of `eprintln!`.
        let _ = writeln!(
            std::io::stderr(),
            "\nSKIPPED: there is no {FILE} to compare proto/ with\n"
        );
    }
    text
}

/// Returns the lines of the table.
fn of_table(table: &str) -> Lines {
    let heading = Regex::new(r"^#+ .*`([a-z0-9.]+)(\.[A-Z]\w*)?`").expect("a pattern");
    let rpc = Regex::new(r"^\| \d+ \| `(/\S+)` \| `(.+)` \| `(.+)` \|$").expect("a pattern");
    let field = Regex::new(r"^  - (\d+) `(\w+)`: `(.+?)`(?: \((.+)\))?$").expect("a pattern");
    let values = Regex::new(r"^- \*\*([\w.]+)\*\*: (\d+ `\w+`.*)$").expect("a pattern");
    let message = Regex::new(r"^- \*\*([\w.]+)\*\*").expect("a pattern");
    let (table, later) = table.split_once("\n## Differences").expect("two parts");
    let (mut lines, mut package, mut name) = (Lines::new(), "", "");
    for line in table.lines() {
        let part = |found: &regex_lite::Captures<'_>, at: usize| found[at].to_owned();
        if line.starts_with('#') {
            let found = heading.captures(line).and_then(|found| found.get(1));
            package = found.map_or(package, |found| found.as_str());
        } else if let Some(found) = rpc.captures(line) {
            lines.insert(format!("{}: {} -> {}", &found[1], &found[2], &found[3]));
        } else if let Some(found) = field.captures(line) {
            let label = found.get(4).map_or("", |label| label.as_str());
            lines.insert(line_of_field(
                &format!("{package}.{name}"),
                &found[1],
                &found[2],
                &found[3],
                label,
            ));
        } else if let Some(found) = values.captures(line) {
            lines.insert(format!(
                "enum {package}.{}: {}",
                &found[1],
                part(&found, 2).replace('`', "")
            ));
        } else if let Some(found) = message.captures(line).and_then(|found| found.get(1)) {
            name = found.as_str();
            lines.insert(format!("message {package}.{name}"));
        }
    }
    add_later_fields(&mut lines, later);
    lines
}

/// Adds the fields of newer versions, which only the table of additions contains.
fn add_later_fields(lines: &mut Lines, later: &str) {
    let row =
        Regex::new(r"^\| v[\w.-]+ \| `([\w.]+)` (\d+) `(\w+)` \| `(.+)` \|$").expect("a pattern");
    for found in later.lines().filter_map(|line| row.captures(line)) {
        let message = format!("tfplugin6.{}", &found[1]);
        let known = format!("{message} {} ", &found[2]);
        if !lines.iter().any(|line| line.starts_with(&known)) {
            lines.insert(line_of_field(&message, &found[2], &found[3], &found[4], ""));
        }
    }
}

fn line_of_field(message: &str, number: &str, name: &str, ty: &str, label: &str) -> String {
    format!("{message} {number} {name}: {ty} {label}")
        .trim_end()
        .to_owned()
}

/// Returns the lines of the files in `proto/`.
fn of_files() -> Lines {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/proto");
    let compiled = protox::compile(FILES, [folder]).expect("files that compile");
    let mut lines = Lines::new();
    let own = compiled.file.iter();
    for file in own.filter(|file| FILES.contains(&file.name())) {
        Package::of(file).add(file, &mut lines);
    }
    lines
}

/// The package of a file. The names of types omit its name.
struct Package<'a>(&'a str);

impl<'a> Package<'a> {
    fn of(file: &'a FileDescriptorProto) -> Self {
        Self(file.package())
    }

    fn add(&self, file: &FileDescriptorProto, lines: &mut Lines) {
        for message in &file.message_type {
            self.add_message(message.name(), message, lines);
        }
        for values in &file.enum_type {
            self.add_enum(values.name(), values, lines);
        }
        for service in &file.service {
            for method in &service.method {
                let path = format!("/{}.{}/{}", self.0, service.name(), method.name());
                lines.insert(format!("{path}: {}", self.signature(method)));
            }
        }
    }

    fn add_message(&self, name: &str, message: &DescriptorProto, lines: &mut Lines) {
        let full = format!("{}.{name}", self.0);
        lines.insert(format!("message {full}"));
        let (entries, nested): (Vec<_>, Vec<_>) = message
            .nested_type
            .iter()
            .partition(|it| it.options.as_ref().is_some_and(MessageOptions::map_entry));
        let entries: BTreeMap<_, _> = entries
            .into_iter()
            .map(|entry| (entry.name(), entry))
            .collect();
        for field in &message.field {
            let ty = self.type_of(field, &entries);
            let label = label(message, field, ty.starts_with("map<"));
            lines.insert(line_of_field(
                &full,
                &field.number().to_string(),
                field.name(),
                &ty,
                &label,
            ));
        }
        for message in nested {
            self.add_message(&format!("{name}.{}", message.name()), message, lines);
        }
        for values in &message.enum_type {
            self.add_enum(&format!("{name}.{}", values.name()), values, lines);
        }
    }

    fn add_enum(&self, name: &str, values: &EnumDescriptorProto, lines: &mut Lines) {
        let values = values.value.iter();
        let values: Vec<_> = values
            .map(|value| format!("{} {}", value.number(), value.name()))
            .collect();
        lines.insert(format!("enum {}.{name}: {}", self.0, values.join(", ")));
    }

    fn signature(&self, method: &MethodDescriptorProto) -> String {
        let stream = |streaming| if streaming { "stream " } else { "" };
        format!(
            "{}{} -> {}{}",
            stream(method.client_streaming()),
            self.local(method.input_type()),
            stream(method.server_streaming()),
            self.local(method.output_type()),
        )
    }

    /// Returns the name of a type as in the table.
    fn local<'n>(&self, name: &'n str) -> &'n str {
        let name = name.trim_start_matches('.');
        let inner = name
            .strip_prefix(self.0)
            .and_then(|rest| rest.strip_prefix('.'));
        inner.unwrap_or(name)
    }

    fn type_of(
        &self,
        field: &FieldDescriptorProto,
        entries: &BTreeMap<&str, &DescriptorProto>,
    ) -> String {
        let name = self.local(field.type_name());
        let entry = name.rsplit('.').next().and_then(|last| entries.get(last));
        if let Some(entry) = entry {
            let parts: Vec<_> = entry
                .field
                .iter()
                .map(|part| self.type_of(part, entries))
                .collect();
            return format!("map<{}>", parts.join(", "));
        }
        match field.r#type() {
            Type::Message | Type::Enum => name.to_owned(),
            scalar => scalar
                .as_str_name()
                .trim_start_matches("TYPE_")
                .to_lowercase(),
        }
    }
}

fn label(message: &DescriptorProto, field: &FieldDescriptorProto, is_map: bool) -> String {
    let choice = field
        .oneof_index
        .and_then(|index| message.oneof_decl.get(usize::try_from(index).ok()?));
    match choice {
        _ if field.options.as_ref().is_some_and(FieldOptions::deprecated) => {
            "deprecated".to_owned()
        }
        _ if field.proto3_optional() => "optional".to_owned(),
        Some(choice) => format!("oneof {}", choice.name()),
        None if field.label() == Label::Repeated && !is_map => "repeated".to_owned(),
        None => String::new(),
    }
}
