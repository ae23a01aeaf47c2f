//! Checks in a plan whether the settings satisfy the catalog entry.

use std::collections::BTreeMap;

use crate::conductorone::{CatalogSchema, Setting as CatalogSetting, Violation};
use crate::provider::connector::catalog::CatalogEntry;
use crate::provider::plan_checks::PlanChecks;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::messages;

/// The maximum number of settings in a message.
const MAX_NAMED: usize = 10;

/// Checks settings against the rules of a catalog entry. `attribute` returns the attribute of a key, or `None` for keys that
/// this provider does not know.
pub(super) async fn check_settings(
    checks: &PlanChecks,
    entry: CatalogEntry,
    settings: &BTreeMap<String, CatalogSetting>,
    attribute: impl Fn(&str) -> Option<&'static str>,
    diagnostics: &mut Diagnostics,
) {
    let session = checks.session();
    let request = session.lookups().catalog(session.api(), entry.id);
    let Some(Some(schema)) = checks.ask(request, diagnostics).await else {
        return;
    };
    for violation in schema.check(settings).await {
        diagnostics.push(diagnose_violation(&schema, &violation, &attribute));
    }
}

fn diagnose_violation(
    schema: &CatalogSchema,
    violation: &Violation,
    attribute: impl Fn(&str) -> Option<&'static str>,
) -> Diagnostic {
    let label = |key: &String| format!("{:?}", schema.display_name(key).unwrap_or(key));
    let named = violation.fields.iter().take(MAX_NAMED);
    let labels: Vec<_> = named.map(label).collect();
    let (labels, expectation) = (labels.join(", "), &violation.expectation);
    match violation.fields.iter().find_map(|key| attribute(key)) {
        Some(name) => messages::refused_by_catalog(name, &labels, expectation),
        None => messages::unknown_to_provider(&labels, expectation),
    }
}
