//! The life of managed resources.

use serde::{Deserialize, Serialize};

use super::{Served, read, unsupported};
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::managed::Environment;
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::provider::Provider;
use crate::terraform::types::Type;
use crate::terraform::value::{Value, json};

/// What this floor keeps in a resource's private data.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Private {
    /// The object was imported, and nothing but the way to it is known.
    #[serde(default)]
    imported: bool,
}

impl Private {
    /// Data of another release that cannot be read says nothing.
    fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl<P: Provider> Served<P> {
    pub(in crate::terraform) async fn validate_resource_config(
        &self,
        request: proto::validate_resource_config::Request,
    ) -> Result<proto::validate_resource_config::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let config = read(request.config.as_ref(), resource.schema()?)?;
        Ok(proto::validate_resource_config::Response {
            diagnostics: resource.validate(config).into(),
        })
    }

    pub(in crate::terraform) async fn upgrade_resource_state(
        &self,
        request: proto::upgrade_resource_state::Request,
    ) -> Result<proto::upgrade_resource_state::Response, Diagnostics> {
        let schema = self.resource(&request.type_name)?.schema()?;
        let state = stored_state(&request, &schema.ty()).map_err(|problem| {
            Diagnostic::error(
                "Stored state cannot be read",
                format!(
                    "The state of this {} (version {}) cannot be read: {problem}. Restore it from a backup, or remove \
                     it with `terraform state rm` and import the object again.",
                    request.type_name, request.version,
                ),
            )
        })?;
        Ok(proto::upgrade_resource_state::Response {
            upgraded_state: Some(DynamicValue::of(&state)),
            ..proto::upgrade_resource_state::Response::default()
        })
    }

    pub(in crate::terraform) async fn upgrade_resource_identity(
        &self,
        request: proto::upgrade_resource_identity::Request,
    ) -> Result<proto::upgrade_resource_identity::Response, Diagnostics> {
        self.resource(&request.type_name)?;
        Err(unsupported(&request.type_name, "be addressed by identity"))
    }

    pub(in crate::terraform) async fn read_resource(
        &self,
        request: proto::read_resource::Request,
    ) -> Result<proto::read_resource::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = read(request.current_state.as_ref(), resource.schema()?)?;
        let Some(client) = self.client()? else {
            return Ok(unrefreshed(request));
        };
        let with = Environment {
            client,
            cancellation: self.cancellation(),
            imported: Private::read(&request.private).imported,
        };
        let outcome = resource.read(with, state).await;
        Ok(proto::read_resource::Response {
            new_state: Some(DynamicValue::of(&outcome.state)),
            diagnostics: outcome.diagnostics.into(),
            private: Private { imported: false }.to_bytes(),
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
        if config.is_null() {
            return Ok(proto::plan_resource_change::Response {
                planned_state: Some(DynamicValue::of(&Value::Null)),
                planned_private: request.prior_private,
                ..proto::plan_resource_change::Response::default()
            });
        }
        let planned = resource.plan(prior, config)?;
        Ok(proto::plan_resource_change::Response {
            planned_state: Some(DynamicValue::of(&planned.state)),
            requires_replace: planned.requires_replace.iter().map(Into::into).collect(),
            planned_private: request.prior_private,
            diagnostics: planned.diagnostics.into(),
            ..proto::plan_resource_change::Response::default()
        })
    }

    pub(in crate::terraform) async fn apply_resource_change(
        &self,
        request: proto::apply_resource_change::Request,
    ) -> Result<proto::apply_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema()?;
        let prior = read(request.prior_state.as_ref(), schema)?;
        let planned = read(request.planned_state.as_ref(), schema)?;
        let client = self.client()?.ok_or_else(|| {
            Diagnostic::error(
                "Provider configuration not known",
                "A value in the provider's configuration is unknown although the changes are being applied.",
            )
        })?;
        let with = Environment {
            client,
            cancellation: self.cancellation(),
            imported: false,
        };
        let outcome = resource.apply(with, prior, planned).await;
        Ok(proto::apply_resource_change::Response {
            new_state: Some(DynamicValue::of(&outcome.state)),
            private: request.planned_private,
            diagnostics: outcome.diagnostics.into(),
            ..proto::apply_resource_change::Response::default()
        })
    }

    pub(in crate::terraform) async fn import_resource_state(
        &self,
        request: proto::import_resource_state::Request,
    ) -> Result<proto::import_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        if request.id.is_empty() && request.identity.is_some() {
            return Err(unsupported(&request.type_name, "be imported by identity"));
        }
        let state = resource.import(&request.id)?;
        let imported = proto::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: Some(DynamicValue::of(&state)),
            private: Private { imported: true }.to_bytes(),
            identity: None,
        };
        Ok(proto::import_resource_state::Response {
            imported_resources: vec![imported],
            ..proto::import_resource_state::Response::default()
        })
    }

    pub(in crate::terraform) async fn move_resource_state(
        &self,
        request: proto::move_resource_state::Request,
    ) -> Result<proto::move_resource_state::Response, Diagnostics> {
        self.resource(&request.target_type_name)?;
        let ability = format!("take over a {}", request.source_type_name);
        Err(unsupported(&request.target_type_name, &ability))
    }

    pub(in crate::terraform) async fn generate_resource_config(
        &self,
        request: proto::generate_resource_config::Request,
    ) -> Result<proto::generate_resource_config::Response, Diagnostics> {
        self.resource(&request.type_name)?;
        Err(unsupported(
            &request.type_name,
            "write its own configuration",
        ))
    }
}

/// The stored object in the current schema.
fn stored_state(
    request: &proto::upgrade_resource_state::Request,
    ty: &Type,
) -> Result<Value, String> {
    let raw = request.raw_state.as_ref().ok_or("there is none")?;
    if raw.json.is_empty() {
        return Err("it is in the form of Terraform 0.11 or earlier".to_owned());
    }
    match json::decode(&raw.json, ty) {
        Ok(Value::Null) => Err("it is empty".to_owned()),
        Ok(state) => Ok(state),
        Err(error) if error.path.is_root() => Err(error.to_string()),
        Err(error) => Err(format!("{}: {error}", error.path)),
    }
}

/// The state as it was: without credentials there is nothing to compare it with.
fn unrefreshed(request: proto::read_resource::Request) -> proto::read_resource::Response {
    let warning = Diagnostic::warning(
        "Resource not refreshed",
        format!(
            "The provider's configuration is not known yet, so this {} is planned from the state alone. The next plan \
             after the apply compares it with the real object.",
            request.type_name,
        ),
    );
    proto::read_resource::Response {
        new_state: request.current_state,
        diagnostics: Diagnostics::from(warning).into(),
        private: request.private,
        new_identity: request.current_identity,
        ..proto::read_resource::Response::default()
    }
}
