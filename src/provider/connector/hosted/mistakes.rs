//! What can be wrong with a hosted connector, in the user's words.

use crate::conductorone::Connector;
use crate::provider::rules::needs;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::Value;

use super::configuration::Configuration;
use super::setting::SecretSetting;
use super::{HostedModel, Setting};

/// What is wrong between attributes of a configuration.
pub(super) fn of<M: HostedModel>(config: &M) -> Vec<Diagnostic> {
    let mut mistakes = incomplete(config);
    mistakes.extend(of_secret(config));
    mistakes.extend(config.mistakes());
    if config.hosted().wait_for_sync == Value::Known(true) && config.lacks_settings() {
        mistakes.push(nothing_to_wait_for(config));
    }
    mistakes
}

/// What is wrong with, or worth saying about, a change from `prior`.
pub(super) fn of_change<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
) -> Vec<Diagnostic> {
    let (secret, stores) = (planned.secret(), planned.stores_settings(prior));
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
        mistakes.push(paused());
    }
    mistakes
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
        let needs = |name| needs(name, &all_required(config), example(config));
        return secrets.chain(optional).map(needs).collect();
    }
    let missing = |setting: &&&Setting<M>| setting.value(config).is_null();
    let given = required.iter().copied().filter(is_set);
    let pairs = given.flat_map(|given| {
        let missing = required.iter().filter(missing);
        missing.map(|missing| {
            let example = missing.example().unwrap_or_default();
            needs(given.attribute(), missing.attribute(), example)
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
        mistakes.push(two_secrets(&secret));
    }
    if (secret.version.get)(config).known().is_some() && passing.is_null() {
        let example = secret.example;
        mistakes.push(needs(secret.version.name, secret.passing.name, example));
    }
    mistakes
}

fn nothing_to_wait_for<M: HostedModel>(config: &M) -> Diagnostic {
    Diagnostic::error(
        "Invalid wait_for_sync",
        format!(
            "Without {} only the owners can finish the set-up, so that no sync can be waited for. Set them, for example {}, \
             or remove wait_for_sync.",
            all_required(config),
            example(config),
        ),
    )
    .on("wait_for_sync")
}

fn paused() -> Diagnostic {
    Diagnostic::warning(
        "Paused connector does not sync",
        "With sync.enabled = false there is no sync to wait for, so wait_for_sync does nothing. Set sync.enabled = true to \
         find out whether the settings are right.",
    )
    .on("wait_for_sync")
}

fn two_secrets<M>(secret: &SecretSetting<M>) -> Diagnostic {
    let (stored, passing) = (secret.stored.name, secret.passing.name);
    Diagnostic::error(
        format!("Two {}s", secret.noun),
        format!(
            "{stored} and {passing} are both set, and only one of them can be sent. Keep {passing}, which is never stored, \
             or {stored}."
        ),
    )
    .on(stored)
}

pub(super) fn missing_secret<M>(secret: &SecretSetting<M>) -> Diagnostic {
    Diagnostic::error(
        format!("Missing {}", secret.noun),
        format!(
            "ConductorOne never shows the {} that it stores, and a change of settings always sends all of them. Set {} or {} \
             to {}.",
            secret.noun, secret.passing.name, secret.stored.name, secret.meaning,
        ),
    )
    .on(secret.stored.name)
}

fn settings_kept<M: HostedModel>(planned: &M) -> Diagnostic {
    let kept = Diagnostic::warning(
        "Settings are kept in ConductorOne",
        format!(
            "{} are no longer configured. The connector goes on with the settings that ConductorOne stores, and Terraform \
             leaves them alone from now on. To stop it, delete the resource instead.",
            all_required(planned),
        ),
    );
    match required(planned).first() {
        Some(setting) => kept.on(setting.attribute()),
        None => kept,
    }
}

pub(super) fn of_another_type<M: HostedModel>(found: &Connector) -> Diagnostic {
    Diagnostic::error(
        format!("Not a {} connector", M::PRODUCT),
        format!(
            "The connector {} ({:?}) was made from the catalog entry {}, which is not {}. Check the ID; {}.",
            found.id,
            found.display_name,
            found.catalog_id,
            M::PRODUCT,
            M::OTHER,
        ),
    )
}

pub(super) fn secret_in_doubt<M>(secret: &SecretSetting<M>, found: &Connector) -> Diagnostic {
    let when = found.config_updated_at.as_deref().unwrap_or("some time");
    Diagnostic::warning(
        "Settings changed outside Terraform",
        format!(
            "Somebody else changed the settings of the connector {} at {when}. ConductorOne never shows the {}, so it may be \
             another one by now: the next apply writes the configured one again.",
            found.id, secret.noun,
        ),
    )
}
