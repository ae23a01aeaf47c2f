//! Configurations of any content, and import IDs and states. Terraform refuses a plan that does not follow from its
//! configuration, so these plans must.

use serde_json::Value;

use super::choices::Choices;
use super::provider::{Provider, Type, Types, dynamic, has_error};
use crate::value::{decode, encode_untyped, unknown};
use crate::wire::tfplugin6::{
    ClientCapabilities, RawState, configure_provider, import_resource_state, plan_resource_change,
    upgrade_resource_state, validate_provider_config, validate_resource_config,
};

thread_local! {
    /// A provider without a configuration, and its types.
    static PROVIDER: (Provider, Types) = {
        let provider = Provider::new();
        let types = provider.types();
        (provider, types)
    };
}

/// Validates and plans a configuration, and imports and upgrades a state.
pub(crate) fn check(input: &[u8]) {
    PROVIDER.with(|(provider, types)| {
        let resources = &types.resources;
        let mut choices = Choices::new(input);
        match choices.byte() % 8 {
            0 => import(provider, resources, &mut choices),
            1 => upgrade(provider, resources, &mut choices),
            // A configuration must not make later calls send requests.
            2 => configure(&Provider::new(), &types.provider, &mut choices),
            _ => plan(provider, resources, &mut choices),
        }
    });
}

fn plan(provider: &Provider, resources: &[Type], choices: &mut Choices<'_>) {
    let resource = choices.pick(resources);
    let mut config = choices.object(resource.fields());
    // Terraform refuses a configuration that sets what only the provider sets.
    let computed = resource.attributes.iter();
    for attribute in computed.filter(|it| !it.optional && !it.required) {
        config[attribute.name.as_str()] = Value::Null;
    }
    let capabilities = ClientCapabilities {
        write_only_attributes_allowed: true,
        ..ClientCapabilities::default()
    };
    let request = validate_resource_config::Request {
        type_name: resource.name.clone(),
        config: Some(resource.encode(&config)),
        client_capabilities: Some(capabilities),
        ..Default::default()
    };
    let validated: validate_resource_config::Response =
        provider.call("ValidateResourceConfig", &request);
    if has_error(&validated.diagnostics) {
        return;
    }
    let request = plan_resource_change::Request {
        type_name: resource.name.clone(),
        prior_state: Some(dynamic(encode_untyped(&Value::Null))),
        proposed_new_state: Some(resource.encode(&config)),
        config: Some(resource.encode(&config)),
        client_capabilities: Some(capabilities),
        ..Default::default()
    };
    let planned: plan_resource_change::Response = provider.call("PlanResourceChange", &request);
    if has_error(&planned.diagnostics) {
        return;
    }
    let planned = decode(&planned.planned_state.expect("a state").msgpack);
    for attribute in &resource.attributes {
        let name = attribute.name.as_str();
        let (config, planned) = (&config[name], &planned[name]);
        let is_valid = match config {
            _ if attribute.write_only => planned.is_null(),
            Value::Null => planned.is_null() || attribute.computed,
            // The attributes inside may be computed.
            Value::Object(_) if attribute.nested_type.is_some() && *config != unknown() => {
                planned.is_object()
            }
            Value::Array(items) => planned.as_array().is_some_and(|it| it.len() <= items.len()),
            // `2.0` is the same number as `2`.
            Value::Number(_) => planned.as_f64() == config.as_f64(),
            _ => planned == config,
        };
        assert!(
            is_valid,
            "{}.{name}: {config} became {planned}",
            resource.name
        );
    }
}

fn import(provider: &Provider, resources: &[Type], choices: &mut Choices<'_>) {
    let request = import_resource_state::Request {
        type_name: choices.pick(resources).name.clone(),
        id: String::from_utf8_lossy(choices.rest()).into_owned(),
        ..Default::default()
    };
    let _: import_resource_state::Response = provider.call("ImportResourceState", &request);
}

fn upgrade(provider: &Provider, resources: &[Type], choices: &mut Choices<'_>) {
    let request = upgrade_resource_state::Request {
        type_name: choices.pick(resources).name.clone(),
        version: i64::from(choices.byte() % 4),
        raw_state: Some(RawState {
            json: choices.rest().to_vec(),
            ..RawState::default()
        }),
    };
    let _: upgrade_resource_state::Response = provider.call("UpgradeResourceState", &request);
}

/// Validates and applies a configuration of the provider, which sends no request.
fn configure(provider: &Provider, ty: &Type, choices: &mut Choices<'_>) {
    let config = Some(ty.encode(&choices.object(ty.fields())));
    let request = validate_provider_config::Request {
        config: config.clone(),
    };
    let _: validate_provider_config::Response = provider.call("ValidateProviderConfig", &request);
    let request = configure_provider::Request {
        config,
        ..Default::default()
    };
    let _: configure_provider::Response = provider.call("ConfigureProvider", &request);
}
