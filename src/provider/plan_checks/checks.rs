//! Checks of a plan against ConductorOne. If a check cannot be made, apply reports the problem instead.

use crate::conductorone::Error;
use crate::provider::api_errors;
use crate::provider::check_switch::CheckSwitch;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};

use super::messages;

/// The checks of one plan.
#[derive(Debug)]
pub(crate) struct PlanChecks {
    session: Session,
}

impl PlanChecks {
    /// Returns `None` if `plan_checks` is off or while the provider's configuration is unknown.
    pub(crate) fn new(context: Option<&Context<ProviderData>>) -> Option<Self> {
        let context = context.filter(|context| context.client().plan_checks)?;
        let session = Session::new(context);
        Some(Self { session })
    }

    /// Returns the session for requests.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Waits for an answer. `None` if there is no answer.
    pub(crate) async fn ask<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let switch = &self.session.provider().check_switch;
        self.ask_while_on(switch, request, diagnostics).await
    }

    /// Waits for an answer that becomes part of the plan, also if another check has failed. Terraform plans again during apply,
    /// and requires the same plan. `None` if there is no answer.
    pub(crate) async fn look_up<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let switch = &self.session.provider().lookup_switch;
        self.ask_while_on(switch, request, diagnostics).await
    }

    async fn ask_while_on<T>(
        &self,
        switch: &CheckSwitch,
        request: impl Future<Output = Result<T, Error>>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let answer = tokio::select! {
            biased;
            () = switch.wait_until_off() => return None,
            answer = request => answer,
        };
        match answer {
            Ok(answer) => return Some(answer),
            // The credential may not be allowed to check something that is in order.
            Err(error) if matches!(error.status(), Some(403 | 404 | 501)) => {
                tracing::debug!(%error, "skipped a check of the plan");
            }
            Err(Error::Cancelled { .. }) => {}
            Err(error) => {
                let is_first = self.session.provider().check_switch.turn_off();
                switch.turn_off();
                diagnostics.extend(is_first.then(|| diagnose_unreachable(&error)));
            }
        }
        None
    }
}

/// Returns the diagnostic for the first request without an answer. An error that lasts would make the apply fail, too.
fn diagnose_unreachable(error: &Error) -> Diagnostic {
    let failure = api_errors::diagnose(error);
    if error.is_lasting() {
        return failure;
    }
    messages::plan_checks_skipped(&failure.summary, &failure.detail())
}
