//! What can be wrong with a hosted connector, in the user's words.

use crate::conductorone::Connector;
use crate::provider::problems::{connectors, settings};
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::Value;

use super::configuration::Configuration;
use super::setting::SecretSetting;
use super::{HostedModel, Kept, Setting};

/// What is wrong between attributes of a configuration.
pub(super) fn of<M: HostedModel>(config: &M) -> Vec<Diagnostic> {
    let mut mistakes = incomplete(config);
    mistakes.extend(of_secret(config));
    mistakes.extend(config.mistakes());
    if config.hosted().wait_for_sync == Value::Known(true) && config.lacks_settings() {
        let (settings, example) = (all_required(config), example(config));
        mistakes.push(connectors::nothing_to_wait_for(&settings, example));
    }
    mistakes
}

/// What is wrong with, or worth saying about, a change from `prior`.
pub(super) fn of_change<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
) -> Vec<Diagnostic> {
    let secret = planned.secret();
    let stores = planned.stores_settings(prior, config);
    let mut mistakes = Vec::new();
    // Unknown settings may turn out to be null; the plan that apply makes again knows.
    if stores && planned.surely_has_settings() && secret.value(planned, config).is_null() {
        mistakes.push(missing_secret(&secret));
    }
    if prior.is_some_and(M::has_settings) && !planned.has_settings() {
        mistakes.push(settings_kept(planned));
    }
    mistakes.extend(planned.mistakes_of_change(prior));
    if planned.hosted().wait_for_sync == Value::Known(true)
        && stores
        && planned.connector().sync_enabled() == Some(false)
    {
        mistakes.push(connectors::no_sync_while_paused());
    }
    mistakes
}

/// The warning that somebody else may have replaced the secret. It comes with every plan until the secret was written again.
pub(super) fn of_doubt<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
    kept: &Kept,
) -> Option<Diagnostic> {
    let (time, prior) = (kept.changed_at.as_deref()?, prior?);
    if planned.lacks_secret(config) || !planned.has_settings() {
        return None;
    }
    let (secret, (_, id)) = (planned.secret(), prior.connector().ids());
    let attribute = secret.attribute(config);
    let doubt = if planned.stores_settings(Some(prior), config) {
        settings::changed_elsewhere(id, time, secret.noun)
    } else {
        settings::changed_elsewhere_unversioned(
            id,
            time,
            secret.noun,
            attribute,
            secret.version.name,
        )
    };
    Some(doubt.on(attribute))
}

/// Settings that need others beside them. What is unknown may turn out to be null, and so breaks no rule yet.
fn incomplete<M: HostedModel>(config: &M) -> Vec<Diagnostic> {
    let settings = config.settings();
    let is_set = |setting: &&Setting<M>| setting.value(config).known().is_some();
    let (required, optional): (Vec<_>, Vec<_>) = settings
        .iter()
        .partition(|setting| setting.example().is_some());
    if config.lacks_settings() {
        let secret = config.secret();
        let secrets = [&secret.stored, &secret.passing]
            .into_iter()
            .filter(|attribute| (attribute.get)(config).known().is_some())
            .map(|attribute| attribute.name);
        let optional = optional.into_iter().filter(is_set).map(Setting::attribute);
        let needs = |name| settings::incomplete(name, &all_required(config), example(config));
        return secrets.chain(optional).map(needs).collect();
    }
    let missing = |setting: &&&Setting<M>| setting.value(config).is_null();
    let given = required.iter().copied().filter(is_set);
    let pairs = given.flat_map(|given| {
        let missing = required.iter().filter(missing);
        missing.map(|missing| {
            let example = missing.example().unwrap_or_default();
            settings::incomplete(given.attribute(), missing.attribute(), example)
        })
    });
    pairs.collect()
}

/// The required attributes in a row, such as `site_domain and username`.
fn all_required<M: HostedModel>(model: &M) -> String {
    required(model)
        .iter()
        .map(Setting::attribute)
        .collect::<Vec<_>>()
        .join(" and ")
}

fn required<M: HostedModel>(model: &M) -> Vec<Setting<M>> {
    let mut settings = model.settings();
    settings.retain(|setting| setting.example().is_some());
    settings
}

/// How to begin with the settings.
fn example<M: HostedModel>(model: &M) -> &'static str {
    let required = required(model);
    let first = required.first().and_then(Setting::example);
    first.unwrap_or_default()
}

fn of_secret<M: HostedModel>(config: &M) -> Vec<Diagnostic> {
    let secret = config.secret();
    let (stored, passing) = ((secret.stored.get)(config), (secret.passing.get)(config));
    let mut mistakes = Vec::new();
    if stored.known().is_some() && passing.known().is_some() {
        let (stored, passing) = (secret.stored.name, secret.passing.name);
        mistakes.push(settings::two_secrets(secret.noun, stored, passing));
    }
    if (secret.version.get)(config).known().is_some() && passing.is_null() {
        let example = secret.example;
        let (version, passing) = (secret.version.name, secret.passing.name);
        mistakes.push(settings::incomplete(version, passing, example));
    }
    mistakes
}

pub(super) fn missing_secret<M>(secret: &SecretSetting<M>) -> Diagnostic {
    let (stored, passing) = (secret.stored.name, secret.passing.name);
    settings::missing_secret(secret.noun, stored, passing, secret.meaning)
}

fn settings_kept<M: HostedModel>(planned: &M) -> Diagnostic {
    let kept = settings::kept(&all_required(planned));
    match required(planned).first() {
        Some(setting) => kept.on(setting.attribute()),
        None => kept,
    }
}

pub(super) fn of_another_type<M: HostedModel>(found: &Connector) -> Diagnostic {
    let Connector {
        id,
        display_name,
        catalog_id,
        ..
    } = found;
    connectors::of_another_type(M::PRODUCT, id, display_name, catalog_id, M::OTHER)
}
