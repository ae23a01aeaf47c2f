//! The life of managed resources.

use super::{Served, identity, read};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::managed::Change;
use crate::terraform::private::Private;
use crate::terraform::problems;
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::provider::Provider;
use crate::terraform::value::Value;

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn validate_resource_config(
        &self,
        request: proto::validate_resource_config::Request,
    ) -> Result<proto::validate_resource_config::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let config = read(request.config.as_ref(), schema)?;
        let capabilities = request.client_capabilities.unwrap_or_default();
        let mut diagnostics = Diagnostics::default();
        if !capabilities.write_only_attributes_allowed {
            diagnostics.append(schema.refuse_write_only(&config));
        }
        diagnostics.append(resource.validate(config));
        Ok(proto::validate_resource_config::Response {
            diagnostics: diagnostics.into(),
        })
    }

    pub(in crate::terraform) async fn read_resource(
        &self,
        request: proto::read_resource::Request,
    ) -> Result<proto::read_resource::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = read(request.current_state.as_ref(), resource.schema()?)?;
        let Some(with) = self.environment()? else {
            return Ok(unrefreshed(request));
        };
        let outcome = resource
            .read(with, state, Private::read(&request.private))
            .await;
        Ok(proto::read_resource::Response {
            new_state: Some(DynamicValue::of(&outcome.state)),
            diagnostics: self.tell(outcome.diagnostics).into(),
            private: outcome.private.to_bytes(),
            new_identity: identity::of(resource, &outcome.state),
            ..proto::read_resource::Response::default()
        })
    }

    pub(in crate::terraform) async fn plan_resource_change(
        &self,
        request: proto::plan_resource_change::Request,
    ) -> Result<proto::plan_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let prior = read(request.prior_state.as_ref(), schema)?;
        let config = read(request.config.as_ref(), schema)?;
        // A plan can do without, so that it needs no configured provider.
        let with = self.environment().ok().flatten();
        if config.is_null() {
            return Ok(proto::plan_resource_change::Response {
                planned_state: Some(DynamicValue::of(&Value::Null)),
                planned_private: request.prior_private,
                diagnostics: self
                    .tell(resource.plan_destruction(with, prior).await?)
                    .into(),
                planned_identity: request.prior_identity,
                ..proto::plan_resource_change::Response::default()
            });
        }
        let private = Private::read(&request.prior_private);
        let planned = resource.plan(with, prior, config, &private).await?;
        Ok(proto::plan_resource_change::Response {
            planned_state: Some(DynamicValue::of(&planned.state)),
            requires_replace: planned.requires_replace.iter().map(Into::into).collect(),
            planned_private: request.prior_private,
            diagnostics: self.tell(planned.diagnostics).into(),
            planned_identity: identity::of(resource, &planned.state),
            ..proto::plan_resource_change::Response::default()
        })
    }

    pub(in crate::terraform) async fn apply_resource_change(
        &self,
        request: proto::apply_resource_change::Request,
    ) -> Result<proto::apply_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let with = self.environment()?.ok_or_else(problems::unknown_in_apply)?;
        let change = Change {
            prior: read(request.prior_state.as_ref(), schema)?,
            planned: read(request.planned_state.as_ref(), schema)?,
            config: read(request.config.as_ref(), schema)?,
            private: Private::read(&request.planned_private),
        };
        let outcome = resource.apply(with, change).await;
        Ok(proto::apply_resource_change::Response {
            new_state: Some(DynamicValue::of(&outcome.state)),
            private: outcome.private.to_bytes(),
            diagnostics: self.tell(outcome.diagnostics).into(),
            new_identity: identity::of(resource, &outcome.state),
            ..proto::apply_resource_change::Response::default()
        })
    }

    pub(in crate::terraform) async fn import_resource_state(
        &self,
        request: proto::import_resource_state::Request,
    ) -> Result<proto::import_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = match &request.identity {
            Some(identity) if request.id.is_empty() => identity::import(resource, identity)?,
            _ => resource.import(&request.id)?,
        };
        let imported = proto::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: Some(DynamicValue::of(&state)),
            private: Private::of_import().to_bytes(),
            identity: identity::of(resource, &state),
        };
        Ok(proto::import_resource_state::Response {
            imported_resources: vec![imported],
            ..proto::import_resource_state::Response::default()
        })
    }

    pub(in crate::terraform) async fn generate_resource_config(
        &self,
        request: proto::generate_resource_config::Request,
    ) -> Result<proto::generate_resource_config::Response, Diagnostics> {
        let schema = self.resource(&request.type_name)?.schema()?;
        let state = read(request.state.as_ref(), schema)?;
        if state.is_null() {
            // Terraform 1.14.0 sends no state, and would write a resource in which nothing is set.
            return Err(problems::no_state_to_generate_from(&request.type_name).into());
        }
        Ok(proto::generate_resource_config::Response {
            config: Some(DynamicValue::of(&schema.configuration(&state))),
            ..proto::generate_resource_config::Response::default()
        })
    }
}

/// The state as it was: without credentials there is nothing to compare it with.
fn unrefreshed(request: proto::read_resource::Request) -> proto::read_resource::Response {
    let warning = problems::not_refreshed(&request.type_name);
    proto::read_resource::Response {
        new_state: request.current_state,
        diagnostics: Diagnostics::from(warning).into(),
        private: request.private,
        new_identity: request.current_identity,
        ..proto::read_resource::Response::default()
    }
}
