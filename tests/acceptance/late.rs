//! Connectors that show late: a read that does not find what was just created is no deletion.

use conductorone_emulator::{Options, Switches};

use crate::scene::{BOTH, Scene};

#[tokio::test]
async fn a_connector_that_shows_late_is_neither_lost_nor_created_again() {
    for address in BOTH {
        let switches = Switches {
            connector_delay_ms: 1500,
            ..Switches::default()
        };
        let options = Options {
            switches,
            ..Options::default()
        };
        let Some(scene) = Scene::with_options(options).await else {
            return;
        };
        scene.create(&[(address, &scene.attributes(address))]).await;
        assert_eq!(scene.connectors().len(), 1, "{address}");
    }
}
