//! What becomes of the state after an operation, whether it succeeded or failed.

use super::{Change, Environment, Managed, Outcome, optional, settled, typed, untyped};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::private::Private;
use crate::terraform::problems;
use crate::terraform::resource::{Operation, Resource};
use crate::terraform::timeouts::Timed;
use crate::terraform::value::Value;

impl<R: Resource> Managed<R> {
    pub(super) async fn create(
        &self,
        with: Environment<R::Client>,
        change: Change,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let model: R::Model = typed(change.planned.clone())?;
        let mut operation = start::<R>(with, Timed::Create, &change)?;
        let result = settled(self.resource.create(&mut operation, &model)).await;
        let mut diagnostics = operation.diagnostics;
        let (created, failure) = match result {
            Ok(model) => (Some(model), None),
            Err(failure) => (operation.saved, Some(failure)),
        };
        let state = created.map_or(Value::Null, |model| {
            schema.complete(&change.planned, &untyped(model))
        });
        if let Some(failure) = failure {
            diagnostics.append(match (state.is_null(), operation.ready) {
                (true, _) => failure,
                (false, true) => follow_up::<R>(failure),
                (false, false) => unusable::<R>(failure),
            });
        }
        Ok(Outcome {
            state,
            private: Private::keeping(&operation.private),
            diagnostics,
        })
    }

    pub(super) async fn update(
        &self,
        with: Environment<R::Client>,
        change: Change,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let (before, after): (R::Model, R::Model) =
            (typed(change.prior.clone())?, typed(change.planned.clone())?);
        let mut operation = start::<R>(with, Timed::Update, &change)?;
        let result = settled(self.resource.update(&mut operation, &before, &after)).await;
        let mut diagnostics = operation.diagnostics;
        let state = match result {
            Ok(model) => schema.complete(&change.planned, &untyped(model)),
            Err(failure) => {
                diagnostics.append(failure);
                // The object is partly changed: what was reached, and the prior value of what was left open.
                operation.saved.map_or(change.prior.clone(), |model| {
                    schema.complete(&untyped(model), &change.prior)
                })
            }
        };
        Ok(Outcome {
            state,
            private: Private::keeping(&operation.private),
            diagnostics,
        })
    }

    pub(super) async fn delete(
        &self,
        with: Environment<R::Client>,
        change: Change,
    ) -> Result<Outcome, Diagnostics> {
        let model: R::Model = typed(change.prior.clone())?;
        let mut operation = start::<R>(with, Timed::Delete, &change)?;
        let result = settled(self.resource.delete(&mut operation, &model)).await;
        let mut diagnostics = operation.diagnostics;
        let state = match result {
            Ok(()) => Value::Null,
            Err(failure) => {
                diagnostics.append(failure);
                operation.saved.map_or(change.prior, untyped)
            }
        };
        Ok(Outcome {
            state,
            private: Private::keeping(&operation.private),
            diagnostics,
        })
    }

    pub(super) async fn refresh(
        &self,
        with: Environment<R::Client>,
        state: Value,
        private: &Private,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let model: R::Model = typed(state.clone())?;
        let context = with.context(Timed::Read, &state);
        let mut operation = Operation::<R>::new(context, private.kept(), private.imported);
        let read = settled(self.resource.read(&mut operation, &model)).await?;
        let state = if let Some(model) = read {
            schema.refresh(&state, &untyped(model))
        } else {
            operation.warn(problems::object_gone(R::TYPE_NAME));
            Value::Null
        };
        Ok(Outcome {
            state,
            private: Private::keeping(&operation.private),
            diagnostics: operation.diagnostics,
        })
    }
}

/// The operation that makes a change.
fn start<R: Resource>(
    with: Environment<R::Client>,
    timed: Timed,
    change: &Change,
) -> Result<Operation<R>, Diagnostics> {
    let object = if change.planned.is_null() {
        &change.prior
    } else {
        &change.planned
    };
    let context = with.context(timed, object);
    let mut operation = Operation::new(context, change.private.kept(), false);
    operation.config = optional(change.config.clone())?;
    Ok(operation)
}

/// A failure before others can use the object. It stays an error: Terraform does not go on with what depends on the
/// object, and replaces it.
fn unusable<R: Resource>(failure: Diagnostics) -> Diagnostics {
    let told = |diagnostic: Diagnostic| Diagnostic {
        cause: format!(
            "The {0} was created, but a step that others depend on failed. Terraform marks the resource as tainted, and the \
             next apply replaces it: nothing has used it yet. To keep it, run `terraform untaint {0}.NAME` first; the next \
             apply then does what is missing.\n\n{1}",
            R::TYPE_NAME,
            diagnostic.cause,
        ),
        ..diagnostic
    };
    failure.into_iter().map(told).collect()
}

/// A failure after others can use the object: Terraform would destroy it if this stayed an error.
fn follow_up<R: Resource>(failure: Diagnostics) -> Diagnostics {
    let told = |diagnostic: Diagnostic| Diagnostic {
        cause: format!(
            "The {} was created and is in the state, but a later step failed. The next plan shows what is missing, and the \
             next apply adds it.\n\n{}",
            R::TYPE_NAME,
            diagnostic.cause,
        ),
        ..diagnostic
    };
    failure.into_warnings().into_iter().map(told).collect()
}
