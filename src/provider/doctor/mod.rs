//! `-doctor`: examines a setup that does not work. It reads only, and takes all settings from the environment.
//!
//! The output contains no secret and no personal data, so that people can paste it into an issue. Texts of ConductorOne
//! can quote anything, so the output has none of them: only statuses, counts, and names of a strict form. See [`privacy`].

mod access;
mod apps;
mod arguments;
mod catalog;
mod checks;
mod environment;
mod facts;
pub(super) mod messages;
mod network;
mod outcome;
mod privacy;
mod report;
mod row;

use std::ffi::OsString;

pub use arguments::{Arguments, USAGE};
pub use report::Report;
pub use row::{Row, State};

use super::version::VERSION;
use checks::CHECKS;
use facts::Facts;
use outcome::Outcome;
use privacy::Privacy;

/// Examines the setup. Calls `see` with each row as soon as it is known. `variable` reads the environment.
pub async fn examine(
    arguments: &Arguments,
    variable: impl Fn(&str) -> Option<OsString> + 'static,
    mut see: impl FnMut(&Row),
) -> Report {
    let privacy = Privacy::new(&variable);
    let mut facts = Facts::new(variable, arguments.app_id.clone());
    let mut report = Report::new(VERSION);
    for check in CHECKS {
        if check.requires_app && arguments.app_id.is_none() {
            continue;
        }
        let obstacle = check.needs.iter().find_map(|name| report.obstacle(name));
        let outcomes = match obstacle {
            Some(obstacle) => vec![Outcome::skipped(&format!(
                "not checked, because {obstacle}"
            ))],
            None => (check.run)(&mut facts).await,
        };
        for outcome in outcomes {
            let row = outcome.into_row(check.name, &privacy);
            see(&row);
            report.rows.push(row);
        }
    }
    report
}
