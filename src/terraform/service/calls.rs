//! Data sources and functions.

use super::{Served, read};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::function::{Function, Parameter};
use crate::terraform::problems;
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::provider::Provider;
use crate::terraform::value::Value;

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn validate_data_resource_config(
        &self,
        request: proto::validate_data_resource_config::Request,
    ) -> Result<proto::validate_data_resource_config::Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = read(request.config.as_ref(), source.schema()?)?;
        Ok(proto::validate_data_resource_config::Response {
            diagnostics: source.validate(config).into(),
        })
    }

    pub(in crate::terraform) async fn read_data_source(
        &self,
        request: proto::read_data_source::Request,
    ) -> Result<proto::read_data_source::Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = read(request.config.as_ref(), source.schema()?)?;
        let with = self
            .environment()?
            .ok_or_else(|| problems::data_source_too_early(&request.type_name))?;
        let state = source.read(with, config).await?;
        Ok(proto::read_data_source::Response {
            state: Some(DynamicValue::of(&state)),
            diagnostics: self.tell(Diagnostics::default()).into(),
            ..proto::read_data_source::Response::default()
        })
    }

    pub(in crate::terraform) async fn call_function(
        &self,
        request: proto::call_function::Request,
    ) -> Result<proto::call_function::Response, Diagnostics> {
        let function = self
            .functions
            .get(request.name.as_str())
            .ok_or_else(|| problems::unknown_type("function", &request.name))?;
        Ok(match call(function.as_ref(), &request.arguments) {
            Ok(result) => proto::call_function::Response {
                result: Some(DynamicValue::of(&result)),
                error: None,
            },
            Err(error) => proto::call_function::Response {
                result: None,
                error: Some(error),
            },
        })
    }
}

fn call(
    function: &dyn Function,
    arguments: &[DynamicValue],
) -> Result<Value, proto::FunctionError> {
    let parameters = function.signature().parameters;
    if parameters.len() != arguments.len() {
        let (expected, given) = (parameters.len(), arguments.len());
        let text = format!("{expected} arguments are expected, not {given}");
        return Err(proto::FunctionError::about(None, &text));
    }
    let arguments = arguments.iter().zip(&parameters).enumerate();
    let read = |(position, (argument, parameter)): (usize, (&DynamicValue, &Parameter))| {
        DynamicValue::read(Some(argument), &parameter.ty)
            .map_err(|error| proto::FunctionError::about(Some(position), &error.to_string()))
    };
    let arguments = arguments.map(read).collect::<Result<Vec<_>, _>>()?;
    // Terraform sees to that, but OpenTofu passes on arguments that are known only in part.
    let too_early = |(argument, parameter): (&Value, &Parameter)| {
        !parameter.takes_unknown && !argument.is_wholly_known()
    };
    if arguments.iter().zip(&parameters).any(too_early) {
        return Ok(Value::Unknown);
    }
    function
        .call(&arguments)
        .map_err(|error| proto::FunctionError::about(error.argument, &error.text))
}
