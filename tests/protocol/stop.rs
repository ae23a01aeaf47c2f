//! `StopProvider` ends running operations soon, and without losing existing objects.

use std::time::Duration;

use conductorone_emulator::{Fault, FaultAction};
use serde_json::Value;

use crate::plan::{ALL, BOTH, Scene, owned_by};
use crate::provider::{State, errors};
use crate::wait::{until, within};

/// The time limit for the end of an operation. Terraform has no limit, but users do not wait longer.
const SOON: Duration = Duration::from_secs(10);

/// Applies a creation, and stops the provider when `reached` holds.
async fn interrupted_create(scene: &Scene, name: &str, reached: impl Fn() -> bool) -> State {
    let config = scene.config(name);
    let plan = scene.plan_create(name, &config).await;
    let apply = scene.provider.apply(name, &Value::Null, &config, &plan);
    let stop = async {
        until("the moment", SOON, || reached().then_some(())).await;
        scene.provider.stop().await;
    };
    let both = Box::pin(async { tokio::join!(apply, stop) });
    within("the end of the call", SOON * 2, both).await.0
}

#[tokio::test]
async fn a_wait_before_a_retry_ends_immediately() {
    for name in BOTH {
        let scene = Scene::new().await;
        let busy = FaultAction::busy(60);
        scene
            .emulator
            .add_fault(Fault::every("POST", "/connectors", busy));
        let refused = || {
            let journal = scene.emulator.journal();
            journal.iter().any(|entry| entry.status == Some(429))
        };
        let state = interrupted_create(&scene, name, refused).await;
        assert_eq!(errors(&state.findings).len(), 1, "{name}: {state:#?}");
        let advice = &state.findings[0].detail;
        assert!(advice.contains("Apply again"), "{name}: {advice}");
        assert_eq!(state.value, Value::Null, "{name}");
        assert_eq!(scene.emulator.connectors().len(), 0, "{name}");
    }
}

/// Terraform plans again during apply, and rejects an unknown value that the first plan knew.
#[tokio::test]
async fn an_interrupted_search_for_owners_is_an_error_of_the_plan() {
    for name in ALL {
        let scene = Scene::new().await;
        let busy = FaultAction::busy(60);
        scene
            .emulator
            .add_fault(Fault::every("POST", "/search/users", busy));
        let config = owned_by(&scene.config(name), "alice@acme.example");
        let stop = async {
            let refused = || {
                let journal = scene.emulator.journal();
                journal.iter().any(|entry| entry.status == Some(429))
            };
            until("the refusal", SOON, || refused().then_some(())).await;
            scene.provider.stop().await;
        };
        let both = Box::pin(async { tokio::join!(scene.plan_create(name, &config), stop) });
        let (plan, ()) = within("the end of the call", SOON * 2, both).await;
        assert_eq!(errors(&plan.findings).len(), 1, "{name}: {plan:#?}");
    }
}

#[tokio::test]
async fn after_a_stop_new_calls_are_served() {
    let scene = Scene::new().await;
    for name in BOTH {
        scene.provider.stop().await;
        let state = scene.create(name, &scene.config(name)).await;
        assert!(state.value["id"].is_string(), "{state:#?}");
    }
}
