//! The check of the login that a connector gets (`check_login`).

use crate::provider::login_check::LoginAttributes;
use crate::provider::plan_checks::PlanChecks;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::terraform::resource::{Operation, Resource};

/// What an interrupted check was waiting for.
const AWAITED: &str = "Confluence to check the login";

/// Checks a new or changed login in a plan.
pub(super) async fn check_login_in_plan(
    context: Option<&Context<ProviderData>>,
    login: Option<&LoginAttributes>,
) -> Option<Diagnostic> {
    let (login, checks) = (login?, PlanChecks::new(context)?);
    let session = checks.session();
    let check = session.provider().login_checks.check_in_plan(login);
    unless_interrupted(session, check).await
}

/// Checks a new or changed login before the connector gets it. The error is why Confluence refuses the login.
pub(super) async fn check_before_use<R: Resource>(
    session: &Session,
    operation: &mut Operation<R>,
    login: Option<&LoginAttributes>,
) -> Result<(), Diagnostics> {
    let Some(login) = login else { return Ok(()) };
    let check = session.provider().login_checks.check_before_use(login);
    match unless_interrupted(session, check).await {
        Some(refusal) if refusal.severity == Severity::Error => Err(refusal.into()),
        warning => {
            operation.warn(warning);
            Ok(())
        }
    }
}

/// Returns the result of a check. `None` if the user has interrupted Terraform or the time of the operation is over, which
/// the next request reports.
async fn unless_interrupted(
    session: &Session,
    check: impl Future<Output = Option<Diagnostic>>,
) -> Option<Diagnostic> {
    match session.api().wait_for(AWAITED, check).await {
        Ok(diagnostic) => diagnostic,
        Err(error) => {
            tracing::debug!(%error, "skipped the check of a login");
            None
        }
    }
}
