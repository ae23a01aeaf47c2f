//! The resource `confluence_app`.

mod annotations;
mod creation;
mod life;
mod owners;
mod promotion;

use conductorone_emulator::StoredApp;
use serde_json::{Value, json};

use crate::scene::{APP, Scene};

/// The attributes of an app with all optional attributes.
fn full(scene: &Scene) -> Value {
    json!({
        "display_name": "Wiki", "description": "All of it", "annotations": {"team": "docs"},
        "owner_ids": [scene.emulator.user_id("alice")],
    })
}

/// Returns the existing apps, without the initial apps of every tenant.
fn apps(scene: &Scene) -> Vec<StoredApp> {
    let emulator = &scene.emulator;
    let seeded = [
        emulator.app_id(),
        emulator.other_app_id(),
        emulator.directory_app_id(),
    ];
    let apps = emulator.apps().into_iter();
    apps.filter(|app| !app.is_deleted() && !seeded.contains(&app.id))
        .collect()
}

/// Returns the only such app.
fn app(scene: &Scene) -> StoredApp {
    let mut apps = apps(scene);
    assert_eq!(apps.len(), 1, "{apps:#?}");
    apps.remove(0)
}
