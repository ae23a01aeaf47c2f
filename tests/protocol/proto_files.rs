//! Compares `proto/` with the description of the plugin protocol in `tests/contract`: every RPC, message, field and enum,
//! by name, number and type.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto,
    MessageOptions, MethodDescriptorProto,
};

/// One line for each RPC, message, field and enum.
const DESCRIPTION: &str = include_str!("../contract/plugin-protocol.txt");
const FILES: [&str; 3] = ["tfplugin6.proto", "goplugin.proto", "health.proto"];

/// One line for each RPC, message, field and enum, for example `tfplugin6.RawState 1 json: bytes`.
type Lines = BTreeSet<String>;

#[test]
fn the_proto_files_match_the_description_of_the_protocol() {
    let expected: Lines = DESCRIPTION.lines().map(str::to_owned).collect();
    let found = lines_of_files();
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "only in the description: {missing:#?}, only in proto/: {surplus:#?}"
    );
}

fn line_of_field(message: &str, number: &str, name: &str, ty: &str, label: &str) -> String {
    format!("{message} {number} {name}: {ty} {label}")
        .trim_end()
        .to_owned()
}

/// Returns the lines of the files in `proto/`.
fn lines_of_files() -> Lines {
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

    /// Returns the name of a type as in the description.
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
