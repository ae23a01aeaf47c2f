//! A tenant that limits the rate of all requests.

use std::time::Duration;

use conductorone_emulator::{RateLimit, V2};
use futures_util::future::join_all;
use serde_json::json;

use crate::identity::import_and_read;
use crate::plan::{CLOUD, Scene};
use crate::value::complete;
use crate::wait::within;

const MANY: usize = 150;
/// So few that also a busy machine meets the limit.
const PER_SECOND: u32 = 20;
/// Much longer than the reads take.
const NEVER_ENDING: Duration = Duration::from_mins(5);

/// Reads many connectors at once. None fails, although a request is retried only once, and the tenant refuses few
/// requests.
async fn reads_wait(retry_after: bool) {
    let scene = Scene::new().await;
    let (emulator, provider) = (&scene.emulator, &scene.provider);
    let app_id = emulator.app_id();
    let ids: Vec<_> = (0..MANY)
        .map(|_| emulator.add_connector(&app_id, V2).expect("a connector"))
        .collect();
    let limit = RateLimit {
        requests: PER_SECOND,
        per_ms: 1000,
        retry_after,
    };
    emulator.switch(|switches| switches.rate_limit = Some(limit));
    let config = json!({
        "server_url": emulator.url(), "access_token": emulator.access_token(),
        "max_concurrent_requests": 8, "max_retries": 1,
    });
    let config = complete(&config, &provider.config_type());
    assert_eq!(provider.configure(&config).await, []);
    let read = async |id| {
        let identity = json!({"app_id": app_id, "id": id});
        let read = import_and_read(provider, CLOUD, &identity).await;
        read.diagnostics
    };
    let reads = join_all(ids.into_iter().map(read));
    for diagnostics in within("the reads", NEVER_ENDING, reads).await {
        assert_eq!(diagnostics, []);
    }
    let journal = emulator.journal();
    let refused = journal.iter().filter(|entry| entry.status == Some(429));
    let (refused, all) = (refused.count(), journal.len());
    assert!(refused > 0, "{all} requests did not meet the limit");
    assert!(refused * 20 < all, "{refused} of {all} requests");
}

#[tokio::test]
async fn reads_beyond_the_rate_limit_wait() {
    tokio::join!(reads_wait(false), reads_wait(true));
}
