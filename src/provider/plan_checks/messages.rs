//! Messages about checks of a plan.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning plan_checks_skipped(summary, error) {
        summary: "Plan checks were skipped",
        cause: "The provider could not check this plan with ConductorOne. Problems will show during apply.",
        remedy: "To plan without these checks, set plan_checks = false.",
        server_message: "{summary}. {error}",
    }
}
