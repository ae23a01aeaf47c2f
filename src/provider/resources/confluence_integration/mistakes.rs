//! What can be wrong with a `confluence_integration`, in the user's words.

use crate::provider::connector::HostedModel;
use crate::provider::problems::settings as problems;
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::Value;

use super::Model;

/// What is wrong between attributes of a configuration.
pub(super) fn of(config: &Model) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    if config.connector_version == Value::Known(1) {
        mistakes.extend(of_version_1(config));
    }
    for (name, list) in [("nouns", &config.nouns), ("verbs", &config.verbs)] {
        if list.known().is_some() && config.use_rbac == Value::Known(true) {
            mistakes.push(problems::ignored_with_rbac(name));
        }
    }
    mistakes
}

/// What is worth saying about a creation, or a change from `prior`.
pub(super) fn of_change(planned: &Model, prior: Option<&Model>) -> Vec<Diagnostic> {
    // A change of the version is a replacement, and so a creation.
    let is_outdated = prior.is_none() && planned.version().number == 1;
    let site = prior.is_none_or(|prior| prior.site_domain != planned.site_domain);
    let misspelt = site.then(|| misspelt_site(planned)).flatten();
    let outdated = is_outdated.then(problems::outdated_version);
    outdated.into_iter().chain(misspelt).collect()
}

fn misspelt_site(config: &Model) -> Option<Diagnostic> {
    let site: Site = config.site_domain.known()?.parse().ok()?;
    Some(problems::misspelt_site(&site, &site.meant()?))
}

/// Settings that version 1 does not have, and sites that it does not reach.
fn of_version_1(config: &Model) -> Vec<Diagnostic> {
    let settings = config.settings().into_iter();
    let missing =
        settings.filter(|setting| !setting.exists && setting.value(config).known().is_some());
    let mut mistakes: Vec<_> = missing
        .map(|setting| problems::not_in_version_1(setting.attribute()))
        .collect();
    let site = config.site_domain.known();
    if site.is_some_and(|site| site.parse::<Site>().is_ok() && config.stored_site(site).is_err()) {
        mistakes.push(problems::custom_domain());
    }
    mistakes
}
