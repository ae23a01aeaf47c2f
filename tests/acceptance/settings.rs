//! The settings of connectors: versions, sites, and services that store them differently.

use conductorone_emulator::ConfigMode;
use serde_json::json;

use crate::scene::{CLOUD, DATA_CENTER, Scene, with};

#[tokio::test]
async fn a_connector_of_the_first_version_is_created_with_a_warning_and_managed() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(CLOUD, &json!({"connector_version": 1}));
    scene.write(&[(CLOUD, &attributes)]);
    let (_, run) = scene.workspace.plan().await;
    assert!(run.text().contains("connector_version"), "{run}");
    scene.create(&[(CLOUD, &attributes)]).await;
    let attributes = with(&attributes, &json!({"username": "other@acme.example"}));
    scene.create(&[(CLOUD, &attributes)]).await;
    let connector = scene.connector();
    assert_eq!(connector.catalog_id, "25tMVXNwlQbGDQ2dVFjXf9nSpMC");
    let expected = json!({
        "confluence_domain": "acme",
        "confluence_username": "other@acme.example",
        "confluence_apikey": "key-1",
    });
    assert_eq!(json!(connector.config), expected);

    scene.write(&[(CLOUD, &with(&attributes, &json!({"connector_version": 2})))]);
    let plan = scene.workspace.save_plan().await;
    assert_eq!(plan.actions(CLOUD), ["delete", "create"]);
}

#[tokio::test]
async fn a_custom_domain_is_kept_as_it_is() {
    let scene = or_skip!(Scene::new());
    let site = json!({"site_domain": "wiki.acme.example"});
    let attributes = scene.changed(CLOUD, &site);
    scene.create(&[(CLOUD, &attributes)]).await;
    let stored = json!(scene.connector().config);
    assert_eq!(stored["domain-url"], "https://wiki.acme.example");
}

#[tokio::test]
async fn no_setting_is_lost_where_an_update_replaces_the_whole_configuration() {
    let scene = or_skip!(Scene::new());
    scene.switch(|switches| switches.config_mode = ConfigMode::Replace);
    let skip = json!({"skip_personal_spaces": true});
    let attributes = scene.changed(CLOUD, &skip);
    scene.create(&[(CLOUD, &attributes)]).await;
    let attributes = with(&attributes, &json!({"username": "other@acme.example"}));
    scene.create(&[(CLOUD, &attributes)]).await;
    let expected = json!({
        "domain-url": "https://acme.atlassian.net",
        "username": "other@acme.example",
        "api-key": "key-1",
        "skip-personal-spaces": "true",
    });
    assert_eq!(json!(scene.connector().config), expected);
}

#[tokio::test]
async fn a_delegated_connector_takes_settings_later_and_in_place() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.attributes(CLOUD);
    let none = json!({"site_domain": null, "username": null, "api_key": null});
    scene.create(&[(CLOUD, &with(&attributes, &none))]).await;
    let id = scene.connector().id;
    // An owner finishes the setup, which Terraform must not change.
    scene.emulator.edit_connector(&id, |connector| {
        connector
            .config
            .insert("username".to_owned(), "by-hand@acme.example".to_owned());
    });
    scene
        .workspace
        .assert_quiet("after the set-up by hand")
        .await;
    scene.create(&[(CLOUD, &attributes)]).await;
    let connector = scene.connector();
    assert_eq!(connector.id, id);
    assert_eq!(json!(connector.config)["username"], "svc@acme.example");
}

#[tokio::test]
async fn settings_that_are_removed_stay_and_the_plan_says_so() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.attributes(CLOUD);
    scene.create(&[(CLOUD, &attributes)]).await;
    let stored = json!(scene.connector().config);
    let none = json!({"site_domain": null, "username": null, "api_key": null});
    scene.write(&[(CLOUD, &with(&attributes, &none))]);
    scene.emulator.clear_journal();
    let run = scene.workspace.apply(&[]).await.succeeded();
    assert!(
        run.text().contains("Settings are kept in ConductorOne"),
        "{run}"
    );
    scene.workspace.assert_quiet("without settings").await;
    assert_eq!(json!(scene.connector().config), stored);
    assert_eq!(scene.writes().len(), 0);
}

#[tokio::test]
async fn settings_changed_elsewhere_are_offered_to_be_written_again() {
    let scene = or_skip!(Scene::new());
    let skip = json!({"skip_personal_spaces": false});
    let attributes = scene.changed(CLOUD, &skip);
    scene.create(&[(CLOUD, &attributes)]).await;
    let id = scene.connector().id;
    for (key, value) in [
        ("username", "x@acme.example"),
        ("skip-personal-spaces", "true"),
    ] {
        scene.emulator.edit_connector(&id, |connector| {
            connector.config.insert(key.to_owned(), value.to_owned());
        });
        scene.workspace.apply_update(CLOUD, "the repair").await;
        assert_ne!(json!(scene.connector().config)[key], value);
    }
}

#[tokio::test]
async fn texts_may_be_emptied() {
    let scene = or_skip!(Scene::new());
    for address in [CLOUD, DATA_CENTER] {
        for text in ["Everything that is written down", ""] {
            let change = json!({ "description": text });
            scene.create_with(address, &change).await;
            assert_eq!(scene.connector().description, text, "{address}");
        }
        scene.workspace.destroy().await.succeeded();
    }
}

#[tokio::test]
async fn the_same_text_in_another_unicode_form_is_no_change() {
    let scene = or_skip!(Scene::new());
    let names = json!({"display_name": "K\u{e4}se", "description": "K\u{e4}se"});
    scene.create_with(CLOUD, &names).await;
    scene.edit(|connector| {
        "Ka\u{308}se".clone_into(&mut connector.display_name);
        "Ka\u{308}se".clone_into(&mut connector.description);
    });
    scene
        .workspace
        .assert_quiet("with decomposed letters")
        .await;
}

#[tokio::test]
async fn a_data_center_connector_without_a_login_or_with_two_is_a_warning() {
    let scene = or_skip!(Scene::new());
    for login in [
        json!({"access_token": null}),
        json!({"username": "svc", "password": "secret"}),
    ] {
        let attributes = scene.changed(DATA_CENTER, &login);
        scene.write(&[(DATA_CENTER, &attributes)]);
        let run = scene.workspace.apply(&[]).await.succeeded();
        assert!(run.text().contains("access_token"), "{login}: {run}");
        scene.workspace.assert_quiet("after the warning").await;
    }
}

#[tokio::test]
async fn the_case_of_an_email_address_is_no_change() {
    let scene = or_skip!(Scene::new());
    let attributes = scene.changed(CLOUD, &json!({"owner_ids": null}));
    let spelled = |owner: &str, username: &str| {
        let emails = json!({"owner_emails": [owner], "username": username});
        with(&attributes, &emails)
    };
    scene
        .create(&[(CLOUD, &spelled("alice@acme.example", "svc@acme.example"))])
        .await;
    scene.write(&[(CLOUD, &spelled("Alice@Acme.Example", "SVC@acme.example"))]);
    scene.workspace.assert_quiet("only the case differs").await;
}

/// Inside a cluster, connectors often use Confluence without TLS.
#[tokio::test]
async fn an_unencrypted_hostname_is_a_warning_of_the_plan_that_brings_it() {
    const SUMMARY: &str = "Connection to Confluence is not encrypted";
    let scene = or_skip!(Scene::new());
    let at = |hostname: &str| {
        let changes = json!({"hostname": hostname, "description": "wiki"});
        scene.changed(DATA_CENTER, &changes)
    };
    let service = "http://confluence.wiki.svc.cluster.local:8090/confluence";
    scene.write(&[(DATA_CENTER, &at(service))]);
    let run = scene.workspace.validate().await.succeeded();
    assert!(!run.text().contains(SUMMARY), "{run}");
    let (_, run) = scene.workspace.plan().await;
    for part in [SUMMARY, service, "hostname"] {
        assert!(run.text().contains(part), "{part}: {run}");
    }
    scene.workspace.apply(&[]).await.succeeded();
    let state = scene.workspace.state(DATA_CENTER).await;
    assert_eq!(state["environment"]["BATON_HOSTNAME"], service);

    // The warning does not appear in an empty plan, after another spelling, or after other changes.
    let spelling = "HTTP://Confluence.wiki.svc.cluster.local:8090/confluence/";
    let described = with(&at(service), &json!({"description": "other"}));
    for attributes in [at(service), at(spelling), described] {
        scene.write(&[(DATA_CENTER, &attributes)]);
        let (_, run) = scene.workspace.plan().await;
        assert!(!run.text().contains(SUMMARY), "{run}");
    }
    for (hostname, warns) in [
        ("http://[fd00::7]:8090", true),
        ("https://confluence.corp.acme.example", false),
    ] {
        scene.write(&[(DATA_CENTER, &at(hostname))]);
        let (_, run) = scene.workspace.plan().await;
        assert_eq!(run.text().contains(SUMMARY), warns, "{hostname}: {run}");
    }
}
