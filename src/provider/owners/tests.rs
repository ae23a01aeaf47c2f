//! What a refresh concludes from the email addresses of owners.

use std::sync::Arc;

use conductorone_emulator::{Emulator, Fault, FaultAction, Options};

use super::{CurrentOwners, OwnerAttributes};
use crate::conductorone::Error;
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::{Set, Value};

const ALICE: &str = "alice@acme.example";

/// A tenant in which Alice, the owner according to the state, has another address by now.
struct Scene {
    emulator: Emulator,
    session: Session,
    owner_ids: Vec<String>,
}

impl Scene {
    async fn new() -> Self {
        let emulator = Emulator::start(Options::default()).await.expect("a server");
        let (url, token) = (emulator.url(), emulator.access_token());
        let session = Session::of(ProviderData::for_server(url, token, Arc::default()));
        let alice = emulator.user_id("alice");
        emulator.edit_user(&alice, |user| {
            "former@acme.example".clone_into(&mut user.email);
        });
        Self {
            emulator,
            session,
            owner_ids: vec![alice],
        }
    }

    /// Returns the addresses that the refresh stores, if they changed, and the number of warnings.
    async fn refresh(&self) -> Result<(Option<Vec<String>>, usize), Error> {
        let ids = self.owner_ids.iter().cloned();
        let ids = Value::Known(ids.collect::<Set<_>>());
        let emails = Value::Known([ALICE.to_owned()].into_iter().collect::<Set<_>>());
        let state = OwnerAttributes {
            ids: &ids,
            emails: &emails,
        };
        let mut owners: CurrentOwners = self.owner_ids.iter().cloned().collect();
        let mut warnings = Diagnostics::default();
        let changed = owners
            .changed_addresses(&self.session, state, "the connector", &mut warnings)
            .await?;
        let changed = changed.map(|emails| emails.known().cloned().collect());
        Ok((changed, warnings.iter().count()))
    }
}

#[tokio::test]
async fn an_address_that_nobody_has_is_a_warning() {
    let scene = Scene::new().await;
    assert_eq!(scene.refresh().await.expect("a result"), (None, 1));
}

#[tokio::test]
async fn an_address_that_another_user_has_is_only_a_change() {
    let scene = Scene::new().await;
    scene.emulator.add_user("Alice Next", ALICE, &[]);
    let changed = Some(vec!["former@acme.example".to_owned()]);
    assert_eq!(scene.refresh().await.expect("a result"), (changed, 0));
}

#[tokio::test]
async fn an_address_that_only_a_disabled_user_has_is_no_change() {
    let scene = Scene::new().await;
    let other = scene.emulator.add_user("Alice Before", ALICE, &[]);
    scene
        .emulator
        .edit_user(&other, |user| "DISABLED".clone_into(&mut user.status));
    assert_eq!(scene.refresh().await.expect("a result"), (None, 0));
}

#[tokio::test]
async fn with_an_owner_whose_address_is_hidden_nothing_is_known() {
    let mut scene = Scene::new().await;
    scene
        .owner_ids
        .push(scene.emulator.add_user("Hidden", "", &[]));
    assert_eq!(scene.refresh().await.expect("a result"), (None, 0));
}

#[tokio::test]
async fn a_tenant_that_forbids_the_search_for_users_is_no_error() {
    for (status, expected) in [(403, true), (404, true), (501, true), (400, false)] {
        let scene = Scene::new().await;
        let lookups = scene.session.lookups();
        let owners = lookups.users(scene.session.api(), &scene.owner_ids).await;
        assert_eq!(owners.expect("the owners").len(), 1);
        let refusal = FaultAction::status(status);
        let refusal = Fault::every("POST", "/api/v1/search/users", refusal);
        scene.emulator.add_fault(refusal);
        let result = scene.refresh().await;
        let is_unclear = result.as_ref().is_ok_and(|it| *it == (None, 0));
        assert_eq!(is_unclear, expected, "{status}: {result:?}");
    }
}
