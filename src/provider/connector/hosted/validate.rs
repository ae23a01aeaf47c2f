//! Validation of hosted connectors.

use crate::conductorone::Connector;
use crate::provider::connector::messages as connector_messages;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::Value;

use super::messages;
use super::model::HostedModel;
use super::private_state::HostedPrivateState;
use super::setting_table::SettingRow;
use super::stored_config::StoredConfig;

/// Validates the rules between the attributes of a configuration.
pub(super) fn validate<M: HostedModel>(config: &M, diagnostics: &mut Diagnostics) {
    validate_completeness(config, diagnostics);
    validate_secret(config, diagnostics);
    config.validate(diagnostics);
    if config.hosted().wait_for_sync == Value::Known(true) && config.lacks_settings() {
        let (settings, example) = (join_required::<M>(), first_example::<M>());
        diagnostics.push(connector_messages::nothing_to_wait_for(&settings, example));
    }
}

/// Adds diagnostics about the creation of a connector or a change from `prior`.
pub(super) fn validate_change<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
    private: &HostedPrivateState,
    diagnostics: &mut Diagnostics,
) {
    let writes = planned.writes_settings(prior, config);
    // Unknown settings may become null. Terraform plans again during apply, when they are known.
    if writes && planned.surely_has_settings() && planned.lacks_secret(config) {
        diagnostics.push(M::SECRET.diagnose_missing());
    }
    if prior.is_some_and(M::has_settings) && !planned.has_settings() {
        diagnostics.push(diagnose_kept_settings::<M>());
    }
    planned.validate_change(prior, diagnostics);
    if planned.hosted().wait_for_sync == Value::Known(true)
        && writes
        && planned.connector().sync_enabled() == Some(false)
    {
        diagnostics.push(connector_messages::no_sync_while_paused());
    }
    diagnostics.extend(diagnose_changed_secret(planned, prior, config, private));
}

/// Returns the warning that somebody else may have replaced the secret. Each plan shows it until the secret was written again.
fn diagnose_changed_secret<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
    private: &HostedPrivateState,
) -> Option<Diagnostic> {
    let (time, prior) = (private.changed_at.as_deref()?, prior?);
    if planned.lacks_secret(config) || !planned.has_settings() {
        return None;
    }
    let (secret, (_, id)) = (M::SECRET, prior.connector().ids());
    let attribute = secret.attribute(config);
    let warning = if planned.writes_settings(Some(prior), config) {
        messages::changed_elsewhere(id, time, secret.noun)
    } else {
        messages::changed_elsewhere_unversioned(
            id,
            time,
            secret.noun,
            attribute,
            secret.version.name,
        )
    };
    Some(warning.on(attribute))
}

/// Validates that required settings are set. An unknown value may become null, so it breaks no rule yet.
fn validate_completeness<M: HostedModel>(config: &M, diagnostics: &mut Diagnostics) {
    let settings = config.settings();
    let is_set = |setting: &&SettingRow<M::Settings>| setting.value(settings).known().is_some();
    if config.lacks_settings() {
        let secrets = [M::SECRET.stored, M::SECRET.write_only]
            .into_iter()
            .filter(|attribute| (attribute.get)(config).known().is_some())
            .map(|attribute| attribute.name);
        let optional = M::SETTINGS.iter().filter(|setting| !setting.is_required());
        let optional = optional.filter(is_set).map(SettingRow::attribute);
        let (required, example) = (join_required::<M>(), first_example::<M>());
        let incomplete = |name| connector_messages::incomplete(name, &required, example);
        diagnostics.extend(secrets.chain(optional).map(incomplete));
        return;
    }
    for set in M::required().filter(is_set) {
        for missing in M::required().filter(|setting| setting.value(settings).is_null()) {
            let example = missing.example().unwrap_or_default();
            let (name, missing) = (set.attribute(), missing.attribute());
            diagnostics.push(connector_messages::incomplete(name, missing, example));
        }
    }
}

/// Returns the required attributes for messages, such as `site_domain and username`.
fn join_required<M: HostedModel>() -> String {
    let names: Vec<_> = M::required().map(SettingRow::attribute).collect();
    names.join(" and ")
}

/// Returns an assignment to the first required attribute.
fn first_example<M: HostedModel>() -> &'static str {
    M::required()
        .find_map(SettingRow::example)
        .unwrap_or_default()
}

fn validate_secret<M: HostedModel>(config: &M, diagnostics: &mut Diagnostics) {
    let secret = M::SECRET;
    let (stored, write_only) = ((secret.stored.get)(config), (secret.write_only.get)(config));
    if stored.known().is_some() && write_only.known().is_some() {
        let (stored, write_only) = (secret.stored.name, secret.write_only.name);
        diagnostics.push(messages::two_secrets(secret.noun, stored, write_only));
    }
    if (secret.version.get)(config).known().is_some() && write_only.is_null() {
        let (version, write_only) = (secret.version.name, secret.write_only.name);
        let example = secret.example;
        diagnostics.push(connector_messages::incomplete(version, write_only, example));
    }
}

fn diagnose_kept_settings<M: HostedModel>() -> Diagnostic {
    let kept = messages::settings_kept(&join_required::<M>());
    match M::required().next() {
        Some(setting) => kept.on(setting.attribute()),
        None => kept,
    }
}

/// Returns the error that a connector is of another type.
pub(super) fn diagnose_other_type<M: HostedModel>(found: &Connector) -> Diagnostic {
    let Connector {
        id,
        display_name,
        catalog_id,
        ..
    } = found;
    connector_messages::of_another_type(M::PRODUCT, id, display_name, catalog_id, M::OTHER)
}
