//! Validation of `confluence_integration`.

use crate::provider::connector::{CONFLUENCE, HostedModel as _};
use crate::provider::integration::messages;
use crate::provider::site::Site;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::attributes::IntegrationModel;
use super::content::diagnose_site;
use super::settings::{CloudSettings, to_stored_site};

/// Validates the rules between the attributes of a configuration.
pub(super) fn validate(config: &IntegrationModel, diagnostics: &mut Diagnostics) {
    let settings = &config.settings;
    if config.connector_version == Value::Known(1) {
        validate_version_1(settings, diagnostics);
    }
    settings.content.validate(diagnostics);
}

/// Adds warnings about a creation or a change from `prior`.
pub(super) fn validate_change(
    planned: &IntegrationModel,
    prior: Option<&IntegrationModel>,
    diagnostics: &mut Diagnostics,
) {
    // A change of the version replaces the connector, so it is a creation.
    if prior.is_none() && planned.entry() == CONFLUENCE {
        diagnostics.push(messages::outdated_version());
    }
    let prior_site = prior.map(|prior| &prior.settings.site_domain);
    diagnostics.extend(diagnose_site(&planned.settings.site_domain, prior_site));
}

/// Validates that version 1 has the settings and can reach the site.
fn validate_version_1(settings: &CloudSettings, diagnostics: &mut Diagnostics) {
    let missing = CloudSettings::TABLE.iter().filter(|setting| {
        setting.key(CONFLUENCE).is_none() && setting.value(settings).known().is_some()
    });
    diagnostics.extend(missing.map(|setting| messages::not_in_version_1(setting.attribute())));
    let site = settings.site_domain.known();
    if site.is_some_and(|site| {
        site.parse::<Site>().is_ok() && to_stored_site(CONFLUENCE, site).is_err()
    }) {
        diagnostics.push(messages::custom_domain());
    }
}
