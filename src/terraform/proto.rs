//! The messages and the service of `proto/tfplugin6.proto`, and conversions from and to this floor's types.

mod generated {
    #![allow(
        dead_code,
        deprecated,
        missing_debug_implementations,
        missing_docs,
        unreachable_pub,
        unused_qualifications,
        clippy::allow_attributes,
        clippy::pedantic,
        reason = "generated from proto/"
    )]
    tonic::include_proto!("tfplugin6");
}

pub(super) use generated::*;

use super::diagnostics::{self, Diagnostics, Severity};
use super::path::{Path, Step};
use super::printable;
use super::types::Type;
use super::value::{InvalidValue, Value, json, msgpack};

impl DynamicValue {
    /// Encodes a value.
    pub(super) fn encode(value: &Value) -> Self {
        Self {
            msgpack: msgpack::encode(value),
            json: Vec::new(),
        }
    }

    /// Decodes a value of the type `ty`. An empty or missing message means null.
    pub(super) fn decode(message: Option<&Self>, ty: &Type) -> Result<Value, InvalidValue> {
        match message {
            Some(Self { msgpack, .. }) if !msgpack.is_empty() => msgpack::decode(msgpack, ty),
            Some(Self { json, .. }) if !json.is_empty() => json::decode(json, ty),
            _ => Ok(Value::Null),
        }
    }
}

impl From<&Path> for AttributePath {
    fn from(path: &Path) -> Self {
        use attribute_path::step::Selector;
        let steps = path.steps().iter().map(|step| attribute_path::Step {
            selector: Some(match step {
                Step::Attribute(name) => Selector::AttributeName(name.clone()),
                Step::Key(key) => Selector::ElementKeyString(key.clone()),
                Step::Index(index) => {
                    Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX))
                }
            }),
        });
        Self {
            steps: steps.collect(),
        }
    }
}

/// The attribute of the message is the part of the path that Terraform can locate in a configuration. If the path is longer,
/// the detail contains the full path.
impl From<diagnostics::Diagnostic> for Diagnostic {
    fn from(diagnostic: diagnostics::Diagnostic) -> Self {
        let located = diagnostic.attribute.locatable();
        let path = diagnostic.attribute.to_string();
        let detail = diagnostic.detail();
        let is_named = diagnostic.summary.contains(&path) || detail.contains(&path);
        let detail = if located == diagnostic.attribute || is_named {
            detail
        } else {
            format!("{path}: {detail}")
        };
        Self {
            severity: match diagnostic.severity {
                Severity::Error => diagnostic::Severity::Error,
                Severity::Warning => diagnostic::Severity::Warning,
            }
            .into(),
            detail: printable::lines(&detail),
            summary: printable::line(&diagnostic.summary),
            attribute: (!located.is_root()).then(|| (&located).into()),
        }
    }
}

impl FunctionError {
    /// Creates an error. `argument` is the zero-based index of the argument that causes it.
    pub(super) fn new(argument: Option<usize>, text: &str) -> Self {
        Self {
            text: printable::lines(text),
            function_argument: argument.and_then(|position| i64::try_from(position).ok()),
        }
    }
}

impl From<Diagnostics> for Vec<Diagnostic> {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.into_iter().map(Into::into).collect()
    }
}

impl invoke_action::Event {
    /// Returns an event that shows `message`.
    pub(super) fn progress(message: String) -> Self {
        let progress = invoke_action::event::Progress { message };
        Self {
            r#type: Some(invoke_action::event::Type::Progress(progress)),
        }
    }

    /// Returns the last event.
    pub(super) fn completed(diagnostics: Diagnostics) -> Self {
        let diagnostics = diagnostics.into();
        let completed = invoke_action::event::Completed { diagnostics };
        Self {
            r#type: Some(invoke_action::event::Type::Completed(completed)),
        }
    }
}
