//! Resources of any type behind one interface, with the rules that hold for all of them.

mod operations;

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::context::{Context, Limit};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::path::Path;
use super::private::Private;
use super::resource::{Plan, Resource};
use super::schema::{Format, LazySchema, Schema};
use super::stored::{Move, Upgrade};
use super::timeouts::Timed;
use super::value::{Malformed, Typed, Value};
use crate::terraform::problems;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a call may use.
#[derive(Debug)]
pub struct Environment<C> {
    pub(super) client: Arc<C>,
    pub(super) cancellation: CancellationToken,
    /// When everything must have ended, and why then, where the call is a part of something that takes time.
    pub(super) whole: Option<(Instant, Limit)>,
}

impl<C> Environment<C> {
    /// For a call on `object`, whose attribute `timeouts` says how long it may take.
    pub(super) fn context(self, timed: Timed, object: &Value) -> Context<C> {
        let limit = timed.limit(object);
        let own = (Instant::now() + limit.time, limit);
        let sooner = self.whole.filter(|(deadline, _)| *deadline < own.0);
        let (deadline, limit) = sooner.unwrap_or(own);
        let changes = timed.changes();
        Context::new(self.client, self.cancellation, deadline, limit, changes)
    }

    /// The same for one of the calls that together must have ended at a time.
    pub(super) fn part(&self, whole: (Instant, Limit)) -> Self {
        Self {
            client: Arc::clone(&self.client),
            cancellation: self.cancellation.clone(),
            whole: Some(whole),
        }
    }
}

/// What came out of planning.
#[derive(Debug)]
pub struct Planned {
    pub(super) state: Value,
    pub(super) requires_replace: Vec<Path>,
    pub(super) diagnostics: Diagnostics,
}

/// A change to be made; which one, the two states tell: a null one means that there is no object.
#[derive(Debug)]
pub struct Change {
    pub(super) prior: Value,
    pub(super) planned: Value,
    pub(super) config: Value,
    pub(super) private: Private,
}

/// What came out of an operation: the new state, what is kept beside it, and what there is to say.
#[derive(Debug)]
pub struct Outcome {
    pub(super) state: Value,
    pub(super) private: Private,
    pub(super) diagnostics: Diagnostics,
}

/// A [`Resource`] whose types are forgotten. Objects are values of the schema's type.
pub trait AnyResource<C>: Send + Sync {
    /// The full type name.
    fn type_name(&self) -> &'static str;
    /// The schema, made from the declaration at the first call.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// The attributes that together find an object.
    fn identity(&self) -> &'static [&'static str];
    /// How state of older versions becomes the present one.
    fn upgrades(&self) -> &'static [Upgrade];
    /// Which objects of other types can become one of this.
    fn moves(&self) -> &'static [Move];
    /// Checks a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Notes that the state holds an object.
    fn seen(&self, with: Environment<C>, state: Value);
    /// Plans a creation (null prior state) or an update.
    fn plan(
        &self,
        with: Option<Environment<C>>,
        prior: Value,
        config: Value,
        private: &Private,
    ) -> BoxFuture<'_, Result<Planned, Diagnostics>>;
    /// Says what there is to know before an object is destroyed.
    fn plan_destruction(
        &self,
        with: Option<Environment<C>>,
        state: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>>;
    /// Creates, updates or deletes.
    fn apply(&self, with: Environment<C>, change: Change) -> BoxFuture<'_, Outcome>;
    /// Reads; a null state means that the object is gone.
    fn read(&self, with: Environment<C>, state: Value, private: Private) -> BoxFuture<'_, Outcome>;
    /// The state from which an imported object can be read.
    fn import(&self, id: &str) -> Result<Value, Diagnostics>;
}

/// Makes a resource known to the provider; `formats` are known beside the common ones.
pub fn managed<R: Resource>(
    resource: R,
    formats: &'static [Format],
) -> Box<dyn AnyResource<R::Client>> {
    let version = i64::try_from(R::UPGRADES.len()).unwrap_or_default();
    Box::new(Managed {
        resource,
        schema: LazySchema::new(version, formats),
    })
}

struct Managed<R: Resource> {
    resource: R,
    schema: LazySchema<R::Model>,
}

pub(super) fn typed<M: Typed>(value: Value) -> Result<M, Diagnostics> {
    optional(value)?.ok_or_else(|| malformed(&Malformed::not_an_object()).into())
}

/// The object, where there is one.
fn optional<M: Typed>(value: Value) -> Result<Option<M>, Diagnostics> {
    match Value::from_value(value).map_err(|error| malformed(&error))? {
        Value::Known(model) => Ok(Some(model)),
        Value::Null => Ok(None),
        Value::Unknown => Err(malformed(&Malformed::not_an_object()).into()),
    }
}

/// The error for a value that does not fit its schema.
pub(super) fn malformed(error: &Malformed) -> Diagnostic {
    if error.path.is_root() {
        problems::malformed_value(error)
    } else {
        problems::malformed_attribute(&error.path, error).at(error.path.clone())
    }
}

pub(super) fn untyped<M: Typed>(model: M) -> Value {
    Value::Known(model.into_data())
}

impl<R: Resource> Managed<R> {
    async fn planned(
        &self,
        with: Option<Environment<R::Client>>,
        prior: Value,
        config: Value,
        private: &Private,
    ) -> Result<Planned, Diagnostics> {
        let context = with.map(|with| with.context(Timed::Read, &config));
        let mut planned = self
            .planned_from(context.clone(), &prior, &config, private)
            .await?;
        if !planned.requires_replace.is_empty() {
            // Terraform asks for the creation, too, but drops the warnings of that answer.
            let creation = self.planned_from(context.clone(), &Value::Null, &config, private);
            planned.diagnostics = creation.await?.diagnostics;
            let destruction = self.destruction(context.as_ref(), prior);
            planned.diagnostics.append(destruction.await?);
        }
        Ok(planned)
    }

    /// The plan of a creation (null prior state) or a change.
    async fn planned_from(
        &self,
        context: Option<Context<R::Client>>,
        prior: &Value,
        config: &Value,
        private: &Private,
    ) -> Result<Planned, Diagnostics> {
        let schema = self.schema.get()?;
        let mut plan = Plan::<R> {
            context,
            prior: optional(prior.clone())?,
            config: typed(config.clone())?,
            planned: typed(schema.propose(prior, config))?,
            in_place: Vec::new(),
            diagnostics: Diagnostics::default(),
            private: private.kept(),
        };
        settled(async {
            self.resource.plan(&mut plan).await;
            Ok(())
        })
        .await?;
        let state = untyped(plan.planned);
        let mut requires_replace = if prior.is_null() {
            Vec::new()
        } else {
            schema.requires_replace(prior, &state)
        };
        requires_replace
            .retain(|path| !plan.in_place.iter().any(|it| Path::attribute(it) == *path));
        let mut diagnostics = plan.diagnostics;
        diagnostics.append(schema.empty_objects(prior, &state, config));
        Ok(Planned {
            state,
            requires_replace,
            diagnostics,
        })
    }

    /// Says what there is to know about the object in `state`, if there is one and the provider is configured.
    fn held(
        &self,
        client: Option<&R::Client>,
        state: &Value,
    ) -> Result<Option<Diagnostic>, Diagnostics> {
        let Some(client) = client else {
            return Ok(None);
        };
        let state = optional::<R::Model>(state.clone())?;
        Ok(state.and_then(|state| self.resource.held(client, &state)))
    }

    /// Says what there is to know before the object in `state` is destroyed.
    async fn destruction(
        &self,
        context: Option<&Context<R::Client>>,
        state: Value,
    ) -> Result<Diagnostics, Diagnostics> {
        let Some(state) = optional::<R::Model>(state)? else {
            return Ok(Diagnostics::default());
        };
        let said = self.resource.plan_destruction(context, &state);
        settled(async { Ok(said.await) }).await
    }
}

impl<R: Resource> AnyResource<R::Client> for Managed<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn identity(&self) -> &'static [&'static str] {
        R::IDENTITY
    }

    fn upgrades(&self) -> &'static [Upgrade] {
        R::UPGRADES
    }

    fn moves(&self) -> &'static [Move] {
        R::MOVES
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.resource.validate(config, diagnostics);
            }),
            Err(broken) => broken.into(),
        }
    }

    fn seen(&self, with: Environment<R::Client>, state: Value) {
        // A state that cannot be read is an error of the calls that follow.
        if let Ok(Some(state)) = optional::<R::Model>(state) {
            self.resource.seen(&with.client, &state);
        }
    }

    fn plan(
        &self,
        with: Option<Environment<R::Client>>,
        prior: Value,
        config: Value,
        private: &Private,
    ) -> BoxFuture<'_, Result<Planned, Diagnostics>> {
        let private = private.clone();
        Box::pin(async move {
            let client = with.as_ref().map(|with| with.client.as_ref());
            let said = self.held(client, &prior)?;
            let mut planned = self.planned(with, prior, config, &private).await?;
            planned.diagnostics.extend(said);
            Ok(planned)
        })
    }

    fn plan_destruction(
        &self,
        with: Option<Environment<R::Client>>,
        state: Value,
    ) -> BoxFuture<'_, Result<Diagnostics, Diagnostics>> {
        Box::pin(async move {
            let client = with.as_ref().map(|with| Arc::clone(&with.client));
            let context = with.map(|with| with.context(Timed::Read, &state));
            let mut said = self.destruction(context.as_ref(), state.clone()).await?;
            said.extend(self.held(client.as_deref(), &state)?);
            Ok(said)
        })
    }

    fn apply(&self, with: Environment<R::Client>, change: Change) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let (kept, private) = (change.prior.clone(), change.private.clone());
            let outcome = match (change.prior.is_null(), change.planned.is_null()) {
                (true, _) => self.create(with, change).await,
                (false, true) => self.delete(with, change).await,
                (false, false) => self.update(with, change).await,
            };
            outcome.unwrap_or_else(|diagnostics| Outcome {
                state: kept,
                private,
                diagnostics,
            })
        })
    }

    fn read(
        &self,
        with: Environment<R::Client>,
        state: Value,
        private: Private,
    ) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let kept = state.clone();
            let outcome = self.refresh(with, state, &private).await;
            outcome.unwrap_or_else(|diagnostics| Outcome {
                state: kept,
                private,
                diagnostics,
            })
        })
    }

    fn import(&self, id: &str) -> Result<Value, Diagnostics> {
        self.resource.import(id).map(untyped)
    }
}

/// Waits for an operation; a panic in it becomes an error, so that what it saved is not lost.
pub(super) async fn settled<T>(
    operation: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let settled = AssertUnwindSafe(operation).catch_unwind().await;
    // Without the panic's message, which might quote a value.
    settled.unwrap_or_else(|_| Err(problems::crashed().into()))
}

impl Malformed {
    fn not_an_object() -> Self {
        Self {
            path: Path::default(),
            problem: "an object is expected".to_owned(),
        }
    }
}
