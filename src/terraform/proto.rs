//! The messages and the service of `proto/tfplugin6.proto`, and their relation to this floor's own types.

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
        reason = "generated; proto/ describes it"
    )]
    tonic::include_proto!("tfplugin6");
}

pub(super) use generated::*;

use super::diagnostics::{Diagnostic as Fault, Diagnostics, Severity};
use super::path::{Path, Step};
use super::printable;
use super::types::Type;
use super::value::{Malformed, Value, json, msgpack};

impl DynamicValue {
    /// The message for a value.
    pub(super) fn of(value: &Value) -> Self {
        Self {
            msgpack: msgpack::encode(value),
            json: Vec::new(),
        }
    }

    /// The value, which must be of the type `ty`. Empty and missing messages mean null.
    pub(super) fn read(message: Option<&Self>, ty: &Type) -> Result<Value, Malformed> {
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

/// Each diagnostic points to what Terraform can find in a configuration. Where that is less than the attribute at fault,
/// the text names the whole path.
impl From<Fault> for Diagnostic {
    fn from(fault: Fault) -> Self {
        let located = fault.attribute.located();
        let path = fault.attribute.to_string();
        let detail = fault.detail();
        let is_named = fault.summary.contains(&path) || detail.contains(&path);
        let detail = if located == fault.attribute || is_named {
            detail
        } else {
            format!("{path}: {detail}")
        };
        Self {
            severity: match fault.severity {
                Severity::Error => diagnostic::Severity::Error,
                Severity::Warning => diagnostic::Severity::Warning,
            }
            .into(),
            detail: printable::lines(&detail),
            summary: printable::line(&fault.summary),
            attribute: (!located.is_root()).then(|| (&located).into()),
        }
    }
}

impl FunctionError {
    /// An error about the argument at this position, counted from 0, if it is about one.
    pub(super) fn about(argument: Option<usize>, text: &str) -> Self {
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
