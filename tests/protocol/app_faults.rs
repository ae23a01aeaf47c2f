//! Every operation on an app meets every fault: how many apps there are afterwards, what is in the state, what is said, and
//! what the next run, which meets no fault, makes of it.

use conductorone_emulator::{Emulator, Fault, FaultAction, Options, StoredApp};
use serde_json::{Value, json};

use crate::emulator::CheckedEmulator;
use crate::fault_matrix::core::{Action, Core};
use crate::plugin::{Launch, Plugin};
use crate::provider::{Finding, Provider};

const APP: &str = "confluence_app";

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Create,
    Read,
    Update,
    Delete,
}

/// What happens to the request that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    /// Too many requests, once.
    RateLimit,
    /// The service is down, until the next run.
    Down,
    /// The request is carried out, and the connection breaks.
    Reset,
    /// The request is carried out, and the answer is late.
    Late,
    /// Not allowed, until the next run.
    Forbidden,
    /// Not found, until the next run.
    NotFound,
}

/// What is said, at the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Warning,
    Error,
}

/// The apps afterwards, whether the state has one, what is said, what the next run does, and the apps then.
type Outcome = (usize, bool, Says, Action, usize);

const TABLE: [(Act, Harm, Outcome); 24] = [
    (
        Act::Create,
        Harm::RateLimit,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Create,
        Harm::Down,
        (0, false, Says::Error, Action::Create, 1),
    ),
    (
        Act::Create,
        Harm::Reset,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Create,
        Harm::Late,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Create,
        Harm::Forbidden,
        (0, false, Says::Error, Action::Create, 1),
    ),
    (
        Act::Create,
        Harm::NotFound,
        (0, false, Says::Error, Action::Create, 1),
    ),
    (
        Act::Read,
        Harm::RateLimit,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Read,
        Harm::Down,
        (1, true, Says::Error, Action::Nothing, 1),
    ),
    (
        Act::Read,
        Harm::Reset,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Read,
        Harm::Late,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Read,
        Harm::Forbidden,
        (1, true, Says::Error, Action::Nothing, 1),
    ),
    // The service says that it is gone, so the next run creates another one.
    (
        Act::Read,
        Harm::NotFound,
        (1, false, Says::Warning, Action::Create, 2),
    ),
    (
        Act::Update,
        Harm::RateLimit,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Update,
        Harm::Down,
        (1, true, Says::Error, Action::Update, 1),
    ),
    (
        Act::Update,
        Harm::Reset,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Update,
        Harm::Late,
        (1, true, Says::Nothing, Action::Nothing, 1),
    ),
    (
        Act::Update,
        Harm::Forbidden,
        (1, true, Says::Error, Action::Update, 1),
    ),
    (
        Act::Update,
        Harm::NotFound,
        (1, true, Says::Error, Action::Update, 1),
    ),
    (
        Act::Delete,
        Harm::RateLimit,
        (0, false, Says::Nothing, Action::Nothing, 0),
    ),
    (
        Act::Delete,
        Harm::Down,
        (1, true, Says::Error, Action::Delete, 0),
    ),
    (
        Act::Delete,
        Harm::Reset,
        (0, false, Says::Nothing, Action::Nothing, 0),
    ),
    (
        Act::Delete,
        Harm::Late,
        (0, false, Says::Nothing, Action::Nothing, 0),
    ),
    (
        Act::Delete,
        Harm::Forbidden,
        (1, true, Says::Error, Action::Delete, 0),
    ),
    // The service says that it is gone, which is what was wanted.
    (
        Act::Delete,
        Harm::NotFound,
        (1, false, Says::Nothing, Action::Nothing, 1),
    ),
];

#[tokio::test]
async fn every_operation_ends_as_expected_under_every_fault() {
    let mut wrong = Vec::new();
    for (act, harm, expected) in TABLE {
        let (outcome, said) = run(act, harm).await;
        if outcome != expected {
            wrong.push(format!(
                "{act:?} {harm:?}: {outcome:?} in place of {expected:?}: {said:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn run(act: Act, harm: Harm) -> (Outcome, Vec<Finding>) {
    let emulator = CheckedEmulator::start(Options::default()).await;
    let seeded = apps(&emulator).len();
    let count = |emulator: &Emulator| apps(emulator).len() - seeded;
    let mut core = Core::new(APP);
    let before = json!({"display_name": "Wiki", "annotations": {"team": "docs"}});
    if act != Act::Create {
        let (_plugin, provider) = start(&emulator, "30s").await;
        let plan = core.plan(&provider, &before).await;
        let said = core.apply(&provider, &before, plan).await;
        assert_eq!((said, count(&emulator)), (Vec::new(), 1));
    }
    let wanted = match act {
        Act::Create | Act::Read => before,
        Act::Update => json!({"display_name": "Notes", "annotations": {"team": "wiki"}}),
        Act::Delete => Value::Null,
    };
    emulator.add_fault(fault(
        act,
        harm,
        core.object()["id"].as_str().unwrap_or_default(),
    ));
    let (_plugin, provider) = start(&emulator, "1s").await;
    let said = match act {
        Act::Read => core.refresh(&provider).await,
        _ => apply(&mut core, &provider, &wanted).await.1,
    };
    let (left, in_state) = (count(&emulator), !core.object().is_null());
    emulator.clear_faults();

    let (_plugin, provider) = start(&emulator, "30s").await;
    core.refresh(&provider).await;
    let (next, repair) = apply(&mut core, &provider, &wanted).await;
    // The app that the service called gone still exists when the next one is created.
    let is_second = next == Action::Create && left == 1;
    let expected = if is_second {
        Says::Warning
    } else {
        Says::Nothing
    };
    assert_eq!(worst(&repair), expected, "{act:?} {harm:?}: {repair:#?}");
    assert_settled(&emulator, &core, &wanted);
    ((left, in_state, worst(&said), next, count(&emulator)), said)
}

/// Plans and applies, and gives what was done and said.
async fn apply(core: &mut Core, provider: &Provider, config: &Value) -> (Action, Vec<Finding>) {
    let plan = core.plan(provider, config).await;
    let (action, mut said) = (plan.0, plan.1.findings.clone());
    said.extend(core.apply(provider, config, plan).await);
    (action, said)
}

async fn start(emulator: &Emulator, request_timeout: &str) -> (Plugin, Provider) {
    let plugin = Launch::like_terraform().start().await;
    let provider = Provider::over(plugin.connect().await).await;
    let config = json!({
        "server_url": emulator.url(), "access_token": emulator.access_token(),
        "request_timeout": request_timeout, "max_retries": 1,
    });
    assert_eq!(provider.configure(&config).await, []);
    (plugin, provider)
}

fn fault(act: Act, harm: Harm, id: &str) -> Fault {
    let one = format!("*/apps/{id}");
    let (method, path) = match act {
        // Not the search.
        Act::Create => ("POST", "*v1/apps"),
        Act::Read => ("GET", one.as_str()),
        Act::Update => ("POST", one.as_str()),
        Act::Delete => ("DELETE", one.as_str()),
    };
    match harm {
        Harm::RateLimit => Fault::nth(method, path, 1, FaultAction::status(429)),
        Harm::Down => Fault::every(method, path, FaultAction::status(503)),
        Harm::Reset => Fault::nth(method, path, 1, FaultAction::DropAfter),
        Harm::Late => Fault::nth(method, path, 1, FaultAction::DelayAfter { ms: 600_000 }),
        Harm::Forbidden => Fault::every(method, path, FaultAction::status(403)),
        Harm::NotFound => Fault::every(method, path, FaultAction::status(404)),
    }
}

fn apps(emulator: &Emulator) -> Vec<StoredApp> {
    let apps = emulator.apps().into_iter();
    apps.filter(|app| !app.is_deleted()).collect()
}

fn worst(said: &[Finding]) -> Says {
    match said {
        [] => Says::Nothing,
        said if said.iter().any(|it| it.is_error) => Says::Error,
        _ => Says::Warning,
    }
}

/// The state's app is as wanted, and finished.
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
