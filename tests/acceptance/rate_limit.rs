//! A tenant that limits the rate of all requests.

use conductorone_emulator::{Options, RateLimit, Switches};
use serde_json::json;

use crate::scene::{CLOUD, Scene};

const MANY: usize = 60;

/// The provider waits, so nothing fails. It sends few requests that the tenant refuses.
#[tokio::test]
async fn many_connectors_are_created_within_a_rate_limit() {
    for retry_after in [false, true] {
        let limit = RateLimit {
            // A slow machine also sends more.
            requests: 20,
            per_ms: 1000,
            retry_after,
        };
        let options = Options {
            switches: Switches {
                rate_limit: Some(limit),
                ..Switches::default()
            },
            ..Options::default()
        };
        let scene = or_skip!(Scene::with_options(options));
        // Without this limit, the requests in flight at the first refusal would be too many for such a small number.
        scene.write(&[(CLOUD, &scene.changed(CLOUD, &json!({"count": MANY})))]);
        scene.provider(&json!({"max_concurrent_requests": 8}));
        scene.workspace.apply(&[]).await.succeeded();
        assert_eq!(scene.connectors().len(), MANY);
        let journal = scene.emulator.journal();
        let refused = journal.iter().filter(|entry| entry.status == Some(429));
        let (refused, all) = (refused.count(), journal.len());
        assert!(refused > 0, "{all} requests did not meet the limit");
        // The share is smaller in larger runs, which have the same first refusals.
        assert!(refused * 10 < all, "{refused} of {all} requests");
        scene.workspace.assert_quiet("after the apply").await;
    }
}
