//! Conversion of function signatures to protocol messages.

use std::collections::HashMap;

use super::served_provider::ServedProvider;
use crate::terraform::function::{Function, Parameter};
use crate::terraform::proto;
use crate::terraform::provider::Provider;

impl<P: Provider> ServedProvider<P> {
    /// Returns the signatures of all functions by name.
    pub(super) fn function_signatures(&self) -> HashMap<String, proto::Function> {
        let functions = self.functions.iter();
        functions
            .map(|(name, function)| ((*name).to_owned(), signature(function.as_ref())))
            .collect()
    }
}

fn signature(function: &dyn Function) -> proto::Function {
    let signature = function.signature();
    let parameter = |parameter: Parameter| proto::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: parameter.ty.to_bytes(),
        allow_null_value: parameter.nullable,
        allow_unknown_values: parameter.takes_unknown,
        description: parameter.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
    };
    proto::Function {
        parameters: signature.parameters.into_iter().map(parameter).collect(),
        r#return: Some(proto::function::Return {
            r#type: signature.returns.to_bytes(),
        }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        ..proto::Function::default()
    }
}
