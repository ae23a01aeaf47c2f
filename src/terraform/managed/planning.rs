//! Plans of any resource.

use super::any_resource::Planned;
use crate::terraform::catch_panic::catch_panic;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::model::{to_model, to_object, to_optional_model};
use crate::terraform::path::Path;
use crate::terraform::private_state::PrivateState;
use crate::terraform::resource::{Plan, Resource};
use crate::terraform::schema::Schema;
use crate::terraform::value::Value;

/// Plans a creation (null prior state) or an update, which can turn out to be a replacement.
pub(super) async fn plan<R: Resource>(
    resource: &R,
    schema: &Schema,
    context: Option<Context<R::Client>>,
    prior: Value,
    config: Value,
    private: &PrivateState,
) -> Result<Planned, Diagnostics> {
    let in_state = diagnose_in_state(resource, context.as_ref(), &prior)?;
    let mut planned =
        plan_in_place(resource, schema, context.clone(), &prior, &config, private).await?;
    if !planned.requires_replace.is_empty() {
        // Terraform also plans the creation, but drops the warnings of that plan.
        let null = Value::Null;
        let creation = plan_in_place(resource, schema, context.clone(), &null, &config, private);
        planned.diagnostics = creation.await?.diagnostics;
        let destruction = resource_destruction(resource, context.as_ref(), prior);
        planned.diagnostics.append(destruction.await?);
    }
    planned.diagnostics.extend(in_state);
    Ok(planned)
}

/// Returns diagnostics before the object in `state` is destroyed.
pub(super) async fn plan_destruction<R: Resource>(
    resource: &R,
    context: Option<Context<R::Client>>,
    state: Value,
) -> Result<Diagnostics, Diagnostics> {
    let in_state = diagnose_in_state(resource, context.as_ref(), &state)?;
    let mut diagnostics = resource_destruction(resource, context.as_ref(), state).await?;
    diagnostics.extend(in_state);
    Ok(diagnostics)
}

async fn plan_in_place<R: Resource>(
    resource: &R,
    schema: &Schema,
    context: Option<Context<R::Client>>,
    prior: &Value,
    config: &Value,
    private: &PrivateState,
) -> Result<Planned, Diagnostics> {
    let mut plan = Plan::<R> {
        context,
        prior: to_optional_model(prior.clone())?,
        config: to_model(config.clone())?,
        planned: to_model(schema.propose(prior, config))?,
        in_place: Vec::new(),
        diagnostics: Diagnostics::default(),
        private: private.resource_private(),
    };
    catch_panic(async {
        resource.plan(&mut plan).await;
        Ok(())
    })
    .await?;
    let state = to_object(plan.planned);
    let mut requires_replace = if prior.is_null() {
        Vec::new()
    } else {
        schema.requires_replace(prior, &state)
    };
    requires_replace.retain(|path| !plan.in_place.iter().any(|it| Path::attribute(it) == *path));
    let mut diagnostics = plan.diagnostics;
    diagnostics.append(schema.empty_objects(prior, &state, config));
    Ok(Planned {
        state,
        requires_replace,
        diagnostics,
    })
}

fn diagnose_in_state<R: Resource>(
    resource: &R,
    context: Option<&Context<R::Client>>,
    state: &Value,
) -> Result<Option<Diagnostic>, Diagnostics> {
    let Some(context) = context else {
        return Ok(None);
    };
    let state = to_optional_model::<R::Model>(state.clone())?;
    Ok(state.and_then(|state| resource.diagnose_in_state(context.client(), &state)))
}

async fn resource_destruction<R: Resource>(
    resource: &R,
    context: Option<&Context<R::Client>>,
    state: Value,
) -> Result<Diagnostics, Diagnostics> {
    let Some(state) = to_optional_model::<R::Model>(state)? else {
        return Ok(Diagnostics::default());
    };
    let diagnostics = resource.plan_destruction(context, &state);
    catch_panic(async { Ok(diagnostics.await) }).await
}
