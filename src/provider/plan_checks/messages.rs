//! Messages about checks of a plan.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Warning checks_left_out(summary, error) {
        summary: "Plan checks were left out",
        cause: "ConductorOne could not be asked whether the plan fits what there is, so the apply will tell.",
        remedy: "Set plan_checks = false to plan without asking.",
        server_message: "{summary}. {error}",
    }
}
