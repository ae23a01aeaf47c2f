//! Every operation on an app meets every fault. The tables list the apps afterwards, the state, the diagnostics, and
//! the result of the next run, which meets no fault.

use conductorone_emulator::{Emulator, Fault, FaultAction, Options, StoredApp};
use serde_json::{Value, json};

use crate::emulator::CheckedEmulator;
use crate::fault_matrix::core::{Action, Core};
use crate::plan::APP;
use crate::plugin::Plugin;
use crate::provider::{Finding, Provider};

/// The operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Create,
    Read,
    Update,
    Delete,
}

/// The effect on its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// The service responds with 429 once.
    RateLimit,
    /// The service is unavailable until the next run.
    Down,
    /// The service carries out the request, then the connection breaks.
    Reset,
    /// The service carries out the request, then delays the response.
    Late,
    /// The service responds with 403 until the next run.
    Forbidden,
    /// The service responds with 404 until the next run.
    NotFound,
}

/// The most severe diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reported {
    Nothing,
    Warning,
    Error,
}

/// The apps afterwards, whether the state has one, the diagnostic, the effect of the next run, and the apps then.
type Outcome = (usize, bool, Reported, Action, usize);

/// The rows, with the outcome after each fault.
const TABLE: [(Act, Failure, Outcome); 24] = {
    use Act::*;
    use Failure::*;
    use Reported::{Error, Nothing, Warning};
    [
        (Create, RateLimit, (1, true, Nothing, Action::Nothing, 1)),
        (Create, Down, (0, false, Error, Action::Create, 1)),
        (Create, Reset, (1, true, Nothing, Action::Nothing, 1)),
        (Create, Late, (1, true, Nothing, Action::Nothing, 1)),
        (Create, Forbidden, (0, false, Error, Action::Create, 1)),
        (Create, NotFound, (0, false, Error, Action::Create, 1)),
        (Read, RateLimit, (1, true, Nothing, Action::Nothing, 1)),
        (Read, Down, (1, true, Error, Action::Nothing, 1)),
        (Read, Reset, (1, true, Nothing, Action::Nothing, 1)),
        (Read, Late, (1, true, Nothing, Action::Nothing, 1)),
        (Read, Forbidden, (1, true, Error, Action::Nothing, 1)),
        // The service reports that the app does not exist, so the next run creates another one.
        (Read, NotFound, (1, false, Warning, Action::Create, 2)),
        (Update, RateLimit, (1, true, Nothing, Action::Nothing, 1)),
        (Update, Down, (1, true, Error, Action::Update, 1)),
        (Update, Reset, (1, true, Nothing, Action::Nothing, 1)),
        (Update, Late, (1, true, Nothing, Action::Nothing, 1)),
        (Update, Forbidden, (1, true, Error, Action::Update, 1)),
        (Update, NotFound, (1, true, Error, Action::Update, 1)),
        (Delete, RateLimit, (0, false, Nothing, Action::Nothing, 0)),
        (Delete, Down, (1, true, Error, Action::Delete, 0)),
        (Delete, Reset, (0, false, Nothing, Action::Nothing, 0)),
        (Delete, Late, (0, false, Nothing, Action::Nothing, 0)),
        (Delete, Forbidden, (1, true, Error, Action::Delete, 0)),
        // The service reports that the app does not exist, which is the wanted result.
        (Delete, NotFound, (1, false, Nothing, Action::Nothing, 1)),
    ]
};

#[tokio::test]
async fn every_operation_ends_as_expected_under_every_fault() {
    let mut wrong = Vec::new();
    for (act, failure, expected) in TABLE {
        let (outcome, diagnostics) = run(act, failure).await;
        if outcome != expected {
            wrong.push(format!(
                "{act:?} {failure:?}: {outcome:?} in place of {expected:?}: {diagnostics:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn run(act: Act, failure: Failure) -> (Outcome, Vec<Finding>) {
    let emulator = CheckedEmulator::start(Options::default()).await;
    let seeded = apps(&emulator).len();
    let count = |emulator: &Emulator| apps(emulator).len() - seeded;
    let mut core = Core::new(APP);
    let before = json!({"display_name": "Wiki", "annotations": {"team": "docs"}});
    if act != Act::Create {
        let (_plugin, provider) = start(&emulator, "30s").await;
        let plan = core.plan(&provider, &before).await;
        let diagnostics = core.apply(&provider, &before, plan).await;
        assert_eq!((diagnostics, count(&emulator)), (Vec::new(), 1));
    }
    let wanted = match act {
        Act::Create | Act::Read => before,
        Act::Update => json!({"display_name": "Notes", "annotations": {"team": "wiki"}}),
        Act::Delete => Value::Null,
    };
    emulator.add_fault(fault(
        act,
        failure,
        core.object()["id"].as_str().unwrap_or_default(),
    ));
    let (_plugin, provider) = start(&emulator, "1s").await;
    let diagnostics = match act {
        Act::Read => core.refresh(&provider).await,
        _ => apply(&mut core, &provider, &wanted).await.1,
    };
    let (left, in_state) = (count(&emulator), !core.object().is_null());
    emulator.clear_faults();

    let (_plugin, provider) = start(&emulator, "30s").await;
    core.refresh(&provider).await;
    let (next, repair) = apply(&mut core, &provider, &wanted).await;
    // The app that the service reported as missing still exists when the next one is created.
    let is_second = next == Action::Create && left == 1;
    let expected = if is_second {
        Reported::Warning
    } else {
        Reported::Nothing
    };
    assert_eq!(worst(&repair), expected, "{act:?} {failure:?}: {repair:#?}");
    assert_settled(&emulator, &core, &wanted);
    (
        (left, in_state, worst(&diagnostics), next, count(&emulator)),
        diagnostics,
    )
}

/// Plans and applies, and returns the action and the diagnostics.
async fn apply(core: &mut Core, provider: &Provider, config: &Value) -> (Action, Vec<Finding>) {
    let plan = core.plan(provider, config).await;
    let (action, mut diagnostics) = (plan.0, plan.1.findings.clone());
    diagnostics.extend(core.apply(provider, config, plan).await);
    (action, diagnostics)
}

async fn start(emulator: &Emulator, request_timeout: &str) -> (Plugin, Provider) {
    let (plugin, provider) = Provider::launched().await;
    let config = json!({
        "server_url": emulator.url(), "access_token": emulator.access_token(),
        "request_timeout": request_timeout, "max_retries": 1,
    });
    assert_eq!(provider.configure(&config).await, []);
    (plugin, provider)
}

fn fault(act: Act, failure: Failure, id: &str) -> Fault {
    let one = format!("*/apps/{id}");
    let (method, path) = match act {
        // Excludes the search.
        Act::Create => ("POST", "*v1/apps"),
        Act::Read => ("GET", one.as_str()),
        Act::Update => ("POST", one.as_str()),
        Act::Delete => ("DELETE", one.as_str()),
    };
    match failure {
        Failure::RateLimit => Fault::nth(method, path, 1, FaultAction::status(429)),
        Failure::Down => Fault::every(method, path, FaultAction::status(503)),
        Failure::Reset => Fault::nth(method, path, 1, FaultAction::DropAfter),
        Failure::Late => Fault::nth(method, path, 1, FaultAction::DelayAfter { ms: 600_000 }),
        Failure::Forbidden => Fault::every(method, path, FaultAction::status(403)),
        Failure::NotFound => Fault::every(method, path, FaultAction::status(404)),
    }
}

fn apps(emulator: &Emulator) -> Vec<StoredApp> {
    let apps = emulator.apps().into_iter();
    apps.filter(|app| !app.is_deleted()).collect()
}

fn worst(diagnostics: &[Finding]) -> Reported {
    match diagnostics {
        [] => Reported::Nothing,
        diagnostics if diagnostics.iter().any(|it| it.is_error) => Reported::Error,
        _ => Reported::Warning,
    }
}

/// Checks that the app in the state matches the configuration and is finished.
fn assert_settled(emulator: &Emulator, core: &Core, wanted: &Value) {
    assert_eq!(core.object()["display_name"], wanted["display_name"]);
    if wanted.is_null() {
        return;
    }
    let id = core.object()["id"].as_str().expect("an ID");
    let app = apps(emulator).into_iter().find(|app| app.id == id);
    let app = app.expect("the app of the state");
    assert_eq!(app.display_name, wanted["display_name"]);
    assert_eq!(app.annotations["team"], wanted["annotations"]["team"]);
    assert_eq!(app.annotations["managed_by"], "terraform");
}
