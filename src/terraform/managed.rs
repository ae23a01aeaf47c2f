//! Resources of any type behind one interface, with the rules that hold for all of them.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::diagnostics::{Diagnostic, Diagnostics, Severity};
use super::path::Path;
use super::resource::{Operation, Plan, Resource};
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::Timed;
use super::value::{Malformed, Typed, Value};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What an operation may use.
#[derive(Debug)]
pub struct Environment<C> {
    pub(super) client: Arc<C>,
    pub(super) cancellation: CancellationToken,
    /// Whether the object was imported and has not been read since.
    pub(super) imported: bool,
}

/// What came out of planning.
#[derive(Debug)]
pub struct Planned {
    pub(super) state: Value,
    pub(super) requires_replace: Vec<Path>,
    pub(super) diagnostics: Diagnostics,
}

/// What came out of an operation: the new state, and what there is to say.
#[derive(Debug)]
pub struct Outcome {
    pub(super) state: Value,
    pub(super) diagnostics: Diagnostics,
}

/// A [`Resource`] whose types are forgotten. Objects are values of the schema's type.
pub trait AnyResource<C>: Send + Sync {
    /// The full type name.
    fn type_name(&self) -> &'static str;
    /// The schema, made from the declaration at the first call.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Checks a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Plans a creation (null prior state) or an update.
    fn plan(&self, prior: Value, config: Value) -> Result<Planned, Diagnostics>;
    /// Creates, updates or deletes, according to which of the two states is null.
    fn apply(&self, with: Environment<C>, prior: Value, planned: Value) -> BoxFuture<'_, Outcome>;
    /// Reads; a null state means that the object is gone.
    fn read(&self, with: Environment<C>, state: Value) -> BoxFuture<'_, Outcome>;
    /// The state from which an imported object can be read.
    fn import(&self, id: &str) -> Result<Value, Diagnostics>;
}

/// Makes a resource known to the provider; `formats` are known beside the common ones.
pub fn managed<R: Resource>(
    resource: R,
    formats: &'static [Format],
) -> Box<dyn AnyResource<R::Client>> {
    Box::new(Managed {
        resource,
        schema: LazySchema::new(R::VERSION, formats),
    })
}

struct Managed<R: Resource> {
    resource: R,
    schema: LazySchema<R::Model>,
}

pub(super) fn typed<M: Typed>(value: Value) -> Result<M, Diagnostics> {
    let Value::Known(data) = value else {
        return Err(malformed(&Malformed::not_an_object()).into());
    };
    M::from_data(data).map_err(|error| malformed(&error).into())
}

/// The error for a value that does not fit its schema.
pub(super) fn malformed(error: &Malformed) -> Diagnostic {
    let (summary, place) = if error.path.is_root() {
        ("Invalid value".to_owned(), "a value".to_owned())
    } else {
        (
            format!("Invalid {}", error.path),
            format!("the value of {}", error.path),
        )
    };
    let detail = format!("The provider cannot use {place}: {error}.");
    Diagnostic::error(summary, detail).at(error.path.clone())
}

pub(super) fn untyped<M: Typed>(model: M) -> Value {
    Value::Known(model.into_data())
}

impl<R: Resource> Managed<R> {
    async fn create(
        &self,
        with: Environment<R::Client>,
        planned: Value,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let model: R::Model = typed(planned.clone())?;
        let mut operation = Operation::<R>::new(with, Timed::Create.limit(&planned));
        let result = settled(self.resource.create(&mut operation, &model)).await;
        let mut diagnostics = operation.diagnostics;
        let (created, failure) = match result {
            Ok(model) => (Some(model), None),
            Err(failure) => (operation.saved, Some(failure)),
        };
        let state = created.map_or(Value::Null, |model| {
            schema.complete(&planned, &untyped(model))
        });
        if let Some(failure) = failure {
            let exists = !state.is_null();
            diagnostics.append(if exists {
                follow_up::<R>(failure)
            } else {
                failure
            });
        }
        Ok(Outcome { state, diagnostics })
    }

    async fn update(
        &self,
        with: Environment<R::Client>,
        prior: Value,
        planned: Value,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let (before, after): (R::Model, R::Model) =
            (typed(prior.clone())?, typed(planned.clone())?);
        let mut operation = Operation::<R>::new(with, Timed::Update.limit(&planned));
        let result = settled(self.resource.update(&mut operation, &before, &after)).await;
        let mut diagnostics = operation.diagnostics;
        let state = match result {
            Ok(model) => schema.complete(&planned, &untyped(model)),
            Err(failure) => {
                diagnostics.append(failure);
                // The object is partly changed: what was reached, and the prior value of what was left open.
                operation.saved.map_or(prior.clone(), |model| {
                    schema.complete(&untyped(model), &prior)
                })
            }
        };
        Ok(Outcome { state, diagnostics })
    }

    async fn delete(
        &self,
        with: Environment<R::Client>,
        prior: Value,
    ) -> Result<Outcome, Diagnostics> {
        let model: R::Model = typed(prior.clone())?;
        let mut operation = Operation::<R>::new(with, Timed::Delete.limit(&prior));
        let result = settled(self.resource.delete(&mut operation, &model)).await;
        let mut diagnostics = operation.diagnostics;
        let state = match result {
            Ok(()) => Value::Null,
            Err(failure) => {
                diagnostics.append(failure);
                operation.saved.map_or(prior, untyped)
            }
        };
        Ok(Outcome { state, diagnostics })
    }

    async fn refresh(
        &self,
        with: Environment<R::Client>,
        state: Value,
    ) -> Result<Outcome, Diagnostics> {
        let schema = self.schema.get()?;
        let model: R::Model = typed(state.clone())?;
        let mut operation = Operation::<R>::new(with, Timed::Read.limit(&state));
        let read = settled(self.resource.read(&mut operation, &model)).await?;
        let state = if let Some(model) = read {
            schema.refresh(&state, &untyped(model))
        } else {
            operation.warn(gone::<R>());
            Value::Null
        };
        Ok(Outcome {
            state,
            diagnostics: operation.diagnostics,
        })
    }
}

impl<R: Resource> AnyResource<R::Client> for Managed<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.resource.validate(config, diagnostics);
            }),
            Err(broken) => broken.into(),
        }
    }

    fn plan(&self, prior: Value, config: Value) -> Result<Planned, Diagnostics> {
        let schema = self.schema.get()?;
        let proposed = schema.propose(&prior, &config);
        let mut plan = Plan::<R::Model> {
            prior: if prior.is_null() {
                None
            } else {
                Some(typed(prior.clone())?)
            },
            config: typed(config)?,
            planned: typed(proposed)?,
            diagnostics: Diagnostics::default(),
        };
        self.resource.plan(&mut plan);
        let state = untyped(plan.planned);
        let requires_replace = if prior.is_null() {
            Vec::new()
        } else {
            schema.requires_replace(&prior, &state)
        };
        Ok(Planned {
            state,
            requires_replace,
            diagnostics: plan.diagnostics,
        })
    }

    fn apply(
        &self,
        with: Environment<R::Client>,
        prior: Value,
        planned: Value,
    ) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let kept = prior.clone();
            let outcome = match (prior.is_null(), planned.is_null()) {
                (true, _) => self.create(with, planned).await,
                (false, true) => self.delete(with, prior).await,
                (false, false) => self.update(with, prior, planned).await,
            };
            outcome.unwrap_or_else(|diagnostics| Outcome {
                state: kept,
                diagnostics,
            })
        })
    }

    fn read(&self, with: Environment<R::Client>, state: Value) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let kept = state.clone();
            let outcome = self.refresh(with, state).await;
            outcome.unwrap_or_else(|diagnostics| Outcome {
                state: kept,
                diagnostics,
            })
        })
    }

    fn import(&self, id: &str) -> Result<Value, Diagnostics> {
        self.resource.import(id).map(untyped)
    }
}

/// The warning for an object that is in the state and nowhere else.
fn gone<R: Resource>() -> Diagnostic {
    Diagnostic::warning(
        "Object not found",
        format!(
            "This {} no longer exists, or the provider's credentials may not see it. Terraform takes it out of the state; \
             while it is configured, the next apply creates it anew.",
            R::TYPE_NAME
        ),
    )
}

/// A failure after the object came to exist: Terraform would destroy it if this stayed an error.
fn follow_up<R: Resource>(failure: Diagnostics) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for diagnostic in failure {
        diagnostics.push(Diagnostic {
            severity: Severity::Warning,
            detail: format!(
                "The {} was created and is in the state, but a later step failed. The next plan shows what is missing, \
                 and the next apply adds it.\n\n{}",
                R::TYPE_NAME, diagnostic.detail,
            ),
            ..diagnostic
        });
    }
    diagnostics
}

/// Waits for an operation; a panic in it becomes an error, so that what it saved is not lost.
pub(super) async fn settled<T>(
    operation: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let settled = AssertUnwindSafe(operation).catch_unwind().await;
    settled.unwrap_or_else(|_| Err(crashed().into()))
}

/// The error for a panic, without its message, which might quote a value.
pub(super) fn crashed() -> Diagnostic {
    Diagnostic::error(
        "The provider crashed",
        "This is a bug in the provider. Please report it, with the lines that begin with \"panic:\" in the log \
         (TF_LOG=trace).",
    )
}

impl Malformed {
    fn not_an_object() -> Self {
        Self {
            path: Path::default(),
            problem: "an object is expected".to_owned(),
        }
    }
}
