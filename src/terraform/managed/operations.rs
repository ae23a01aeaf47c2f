//! Creation, update, deletion and read of an object of any resource, and the state after a success or a failure.

use super::any_resource::{Change, Outcome};
use crate::terraform::catch_panic::catch_panic;
use crate::terraform::context::ContextBuilder;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::messages;
use crate::terraform::model::{to_model, to_object, to_optional_model};
use crate::terraform::private_state::PrivateState;
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::schema::Schema;
use crate::terraform::timeouts::TimedOperation;
use crate::terraform::value::Value;

pub(super) async fn create<R: Resource>(
    resource: &R,
    schema: &Schema,
    context: ContextBuilder<R::Client>,
    change: Change,
) -> Result<Outcome, Diagnostics> {
    let planned: R::Model = to_model(change.planned.clone())?;
    let mut operation = start::<R>(context, TimedOperation::Create, &change)?;
    let result = catch_panic(resource.create(&mut operation, &planned)).await;
    let mut diagnostics = operation.diagnostics;
    let (created, failure) = match result {
        Ok(model) => (Some(model), None),
        Err(failure) => (operation.saved, Some(failure)),
    };
    let state = created.map_or(Value::Null, |model| {
        schema.complete(&change.planned, &to_object(model))
    });
    if let Some(failure) = failure {
        diagnostics.append(match (state.is_null(), operation.ready) {
            (true, _) => failure,
            (false, true) => failure.after_creation(R::TYPE_NAME),
            (false, false) => failed_before_ready::<R>(failure),
        });
    }
    Ok(Outcome {
        state,
        private: PrivateState::from_resource(&operation.private),
        diagnostics,
    })
}

pub(super) async fn update<R: Resource>(
    resource: &R,
    schema: &Schema,
    context: ContextBuilder<R::Client>,
    change: Change,
) -> Result<Outcome, Diagnostics> {
    let prior: R::Model = to_model(change.prior.clone())?;
    let planned: R::Model = to_model(change.planned.clone())?;
    let mut operation = start::<R>(context, TimedOperation::Update, &change)?;
    let result = catch_panic(resource.update(&mut operation, &prior, &planned)).await;
    let mut diagnostics = operation.diagnostics;
    let state = match result {
        Ok(model) => schema.complete(&change.planned, &to_object(model)),
        Err(failure) => {
            diagnostics.append(failure);
            // The object is partly changed. The state gets the saved values, and prior values for everything that the
            // saved object leaves unknown.
            operation.saved.map_or(change.prior.clone(), |model| {
                schema.complete(&to_object(model), &change.prior)
            })
        }
    };
    Ok(Outcome {
        state,
        private: PrivateState::from_resource(&operation.private),
        diagnostics,
    })
}

pub(super) async fn delete<R: Resource>(
    resource: &R,
    context: ContextBuilder<R::Client>,
    change: Change,
) -> Result<Outcome, Diagnostics> {
    let prior: R::Model = to_model(change.prior.clone())?;
    let mut operation = start::<R>(context, TimedOperation::Delete, &change)?;
    let result = catch_panic(resource.delete(&mut operation, &prior)).await;
    let mut diagnostics = operation.diagnostics;
    let state = match result {
        Ok(()) => Value::Null,
        Err(failure) => {
            diagnostics.append(failure);
            operation.saved.map_or(change.prior, to_object)
        }
    };
    Ok(Outcome {
        state,
        private: PrivateState::from_resource(&operation.private),
        diagnostics,
    })
}

pub(super) async fn read<R: Resource>(
    resource: &R,
    schema: &Schema,
    context: ContextBuilder<R::Client>,
    state: Value,
    private: &PrivateState,
) -> Result<Outcome, Diagnostics> {
    let model: R::Model = to_model(state.clone())?;
    let context = context.context(TimedOperation::Read, &state);
    let mut operation = Operation::<R>::new(context, private.resource_private(), private.imported);
    let read = catch_panic(resource.read(&mut operation, &model)).await?;
    let state = if let Some(model) = read {
        schema.refresh(&state, &to_object(model))
    } else {
        operation.warn(messages::object_gone(R::TYPE_NAME));
        Value::Null
    };
    Ok(Outcome {
        state,
        private: PrivateState::from_resource(&operation.private),
        diagnostics: operation.diagnostics,
    })
}

/// Returns the operation for a change.
fn start<R: Resource>(
    context: ContextBuilder<R::Client>,
    timed: TimedOperation,
    change: &Change,
) -> Result<Operation<R>, Diagnostics> {
    let object = if change.planned.is_null() {
        &change.prior
    } else {
        &change.planned
    };
    let context = context.context(timed, object);
    let mut operation = Operation::new(context, change.private.resource_private(), false);
    operation.config = to_optional_model(change.config.clone())?;
    Ok(operation)
}

/// Explains a failure before other resources could use the object. The failure stays an error, so Terraform does not continue
/// with dependent resources and replaces the object.
fn failed_before_ready<R: Resource>(failure: Diagnostics) -> Diagnostics {
    let explained = |diagnostic: Diagnostic| Diagnostic {
        cause: format!(
            "The {0} was created, but a step that other resources depend on failed. Terraform marks the resource as tainted, \
             and the next apply replaces it. To keep the {0}, run `terraform untaint {0}.NAME` first; the next apply then \
             completes it.\n\n{1}",
            R::TYPE_NAME,
            diagnostic.cause,
        ),
        ..diagnostic
    };
    failure.into_iter().map(explained).collect()
}
