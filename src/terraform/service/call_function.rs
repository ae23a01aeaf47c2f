//! `CallFunction`: calls a provider-defined function.

use super::served_provider::ServedProvider;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::function::{Function, Parameter};
use crate::terraform::messages;
use crate::terraform::proto::call_function::{Request, Response};
use crate::terraform::proto::{DynamicValue, FunctionError};
use crate::terraform::provider::Provider;
use crate::terraform::value::Value;

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) async fn call_function(
        &self,
        request: Request,
    ) -> Result<Response, Diagnostics> {
        let function = self
            .functions
            .get(request.name.as_str())
            .ok_or_else(|| messages::unknown_type("function", &request.name))?;
        Ok(match call(function.as_ref(), &request.arguments) {
            Ok(result) => Response {
                result: Some(DynamicValue::encode(&result)),
                error: None,
            },
            Err(error) => Response {
                result: None,
                error: Some(error),
            },
        })
    }
}

fn call(function: &dyn Function, arguments: &[DynamicValue]) -> Result<Value, FunctionError> {
    let parameters = function.signature().parameters;
    if parameters.len() != arguments.len() {
        let (expected, given) = (parameters.len(), arguments.len());
        let text = format!("{expected} arguments are expected, not {given}");
        return Err(FunctionError::new(None, &text));
    }
    let arguments = arguments.iter().zip(&parameters).enumerate();
    let decode = |(index, (argument, parameter)): (usize, (&DynamicValue, &Parameter))| {
        DynamicValue::decode(Some(argument), &parameter.ty)
            .map_err(|error| FunctionError::new(Some(index), &error.to_string()))
    };
    let arguments = arguments.map(decode).collect::<Result<Vec<_>, _>>()?;
    // Unlike Terraform, OpenTofu also calls a function with arguments that are only partly known.
    let too_early = |(argument, parameter): (&Value, &Parameter)| {
        !parameter.takes_unknown && !argument.is_wholly_known()
    };
    if arguments.iter().zip(&parameters).any(too_early) {
        return Ok(Value::Unknown);
    }
    function
        .call(&arguments)
        .map_err(|error| FunctionError::new(error.argument, &error.text))
}
