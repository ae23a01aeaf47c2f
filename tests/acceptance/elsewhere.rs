//! Changes outside Terraform, and responses in another format or order.

use conductorone_emulator::{DeletedAnswer, ListOrder, OwnersApi, SecretEcho, Switches};
use serde_json::json;

use crate::scene::{BOTH, CLOUD, CONNECTORS, Scene};

/// A name for messages, and a difference between tenants.
type Habit = (&'static str, fn(&mut Switches));

async fn create_all(scene: &Scene) {
    let owners = ["alice", "bob"].map(|name| scene.emulator.user_id(name));
    let owners = json!({ "owner_ids": owners });
    let resources = CONNECTORS.map(|address| (address, scene.changed(address, &owners)));
    let resources = resources.each_ref().map(|(address, it)| (*address, it));
    scene.create(&resources).await;
}

async fn deleted_elsewhere(answer: DeletedAnswer) {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.deleted_answer = answer);
    create_all(&scene).await;
    for connector in scene.connectors() {
        scene.emulator.delete_connector(&connector.id);
    }
    let plan = scene.workspace.save_plan().await;
    for address in CONNECTORS {
        assert_eq!(plan.actions(address), ["create"], "{address}");
    }
    // Without a refresh, destroy tries to delete connectors that no longer exist.
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-no-color"];
    scene.workspace.run(&destroy).await.succeeded();
    for address in CONNECTORS {
        assert_eq!(scene.workspace.resource(address).await, None);
    }
}

#[tokio::test]
async fn a_connector_that_answers_404_is_created_anew_and_can_be_destroyed() {
    deleted_elsewhere(DeletedAnswer::NotFound).await;
}

#[tokio::test]
async fn a_connector_marked_as_deleted_is_created_anew_and_can_be_destroyed() {
    deleted_elsewhere(DeletedAnswer::DeletedAt).await;
}

#[tokio::test]
async fn a_connector_deleted_elsewhere_can_be_destroyed_with_a_refresh_too() {
    let scene = or_skip!(Scene::new());
    create_all(&scene).await;
    for connector in scene.connectors() {
        scene.emulator.delete_connector(&connector.id);
    }
    scene.workspace.destroy().await.succeeded();
}

#[tokio::test]
async fn other_formats_of_the_same_response_are_not_a_change() {
    let scene = or_skip!(Scene::new());
    create_all(&scene).await;
    let habits: [Habit; 5] = [
        ("reversed lists", |it| it.list_order = ListOrder::Reversed),
        ("rotated lists", |it| it.list_order = ListOrder::Rotated),
        ("owners in userIds too", |it| it.echo_user_ids = true),
        ("empty secrets", |it| it.secret_echo = SecretEcho::Empty),
        ("masked secrets", |it| it.secret_echo = SecretEcho::Masked),
    ];
    for (habit, change) in habits {
        scene.switch(change);
        scene.workspace.assert_quiet(habit).await;
    }
}

#[tokio::test]
async fn an_old_tenant_keeps_owners_in_user_ids() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| {
        switches.owners_api = OwnersApi::Absent;
        switches.echo_user_ids = true;
        switches.list_order = ListOrder::Rotated;
    });
    create_all(&scene).await;
    let bob = json!({"owner_ids": [scene.emulator.user_id("bob")]});
    let attributes = scene.changed(CLOUD, &bob);
    scene.create(&[(CLOUD, &attributes)]).await;
    assert_eq!(
        scene.connector().owner_ids(),
        [scene.emulator.user_id("bob")]
    );
}

#[tokio::test]
async fn owners_who_show_late_are_waited_for() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.owner_delay_ms = 1500);
    create_all(&scene).await;
    let bob = json!({"owner_ids": [scene.emulator.user_id("bob")]});
    let attributes = BOTH.map(|address| scene.changed(address, &bob));
    scene.create_both(&attributes).await;
}
