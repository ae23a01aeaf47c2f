//! Calls that wait until their requests may be sent.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use secrecy::SecretString;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::conductorone::http::admission::Admission;
use crate::conductorone::http::call_context::{CallContext, Interruption};
use crate::conductorone::http::exchange::Exchange;
use crate::conductorone::http::path::ApiPath;
use crate::conductorone::http::request::Request;
use crate::conductorone::http::settings::Concurrency;
use crate::conductorone::http::transport::Transport;
use crate::conductorone::test_support::server::{Reply, TestServer, json_reply, settings};
use crate::conductorone::{ClientSettings, Credentials};

const PAUSE: Duration = Duration::from_mins(1);
const LATENCY: Duration = Duration::from_millis(20);

/// Returns an admission after a refusal that asks for a pause.
async fn refused() -> Arc<Admission> {
    let admission = Arc::new(Admission::new(Concurrency {
        start: 32,
        most: 128,
    }));
    let first = admission.enter(&CallContext::default()).await.unwrap();
    sleep(LATENCY).await;
    assert_eq!(first.refused(Some(PAUSE)), PAUSE);
    drop(first);
    admission
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_one_request_probes_and_the_others_follow_one_by_one() {
    let admission = refused().await;
    let end = Instant::now() + PAUSE;
    let calls = (0..50).map(|_| async {
        let admitted = admission.enter(&CallContext::default()).await.unwrap();
        let at = Instant::now();
        sleep(LATENCY).await;
        admitted.accepted(true);
        at
    });
    let mut times = join_all(calls).await;
    times.sort();
    assert_eq!(times[0], end);
    assert_eq!(times[1], end + LATENCY);
    assert!(
        times.is_sorted_by(|earlier, later| earlier < later),
        "{times:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_deadline_is_not_started() {
    let admission = refused().await;
    let started = Instant::now();
    let context = CallContext {
        deadline: Some(started + PAUSE / 2),
        ..CallContext::default()
    };
    let calls = join_all((0..50).map(|_| admission.enter(&context))).await;
    for call in calls {
        let interruption = call.unwrap_err();
        assert!(
            matches!(interruption, Interruption::DeadlinePassed(..)),
            "{interruption:?}"
        );
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_canceled_call_lets_others_pass() {
    let admission = refused().await;
    let canceled = CallContext {
        cancellation: CancellationToken::new(),
        ..CallContext::default()
    };
    let context = CallContext::default();
    let (ended, (), passed) = tokio::join!(
        admission.enter(&canceled),
        async { canceled.cancellation.cancel() },
        admission.enter(&context),
    );
    assert!(matches!(ended.unwrap_err(), Interruption::Cancelled(_)));
    passed.unwrap();
}

/// With one retry, a call survives any number of refusals while the server accepts many other requests in between.
#[tokio::test]
async fn refusals_while_others_succeed_are_no_retries() {
    let server = TestServer::start(|seen, _| {
        if seen.line.contains("refused") {
            Reply::Send(429, "retry-after: 0\r\n", String::new())
        } else {
            json_reply("{}")
        }
    })
    .await;
    let token = Credentials::AccessToken(SecretString::from("t"));
    let settings = ClientSettings {
        max_retries: 1,
        ..settings(server.port, token)
    };
    let (transport, context) = (Transport::new(&settings).unwrap(), CallContext::default());
    let [refused, other] = ["/refused", "/other"].map(|path| Request::get(ApiPath::fixed(path)));
    let mut exchange = Exchange::new(&transport, &refused, &context);
    for _ in 0..3 {
        let failure = exchange.attempt(None).await.unwrap().unwrap_err();
        for _ in 0..10 {
            let other = Exchange::new(&transport, &other, &context).run();
            other.await.unwrap();
        }
        exchange.wait_to_retry(failure).await.unwrap();
    }
    let failure = exchange.attempt(None).await.unwrap().unwrap_err();
    exchange.wait_to_retry(failure).await.unwrap();
    let failure = exchange.attempt(None).await.unwrap().unwrap_err();
    let error = exchange.wait_to_retry(failure).await.unwrap_err();
    assert_eq!(
        (error.status(), server.count("GET /refused")),
        (Some(429), 5)
    );
}
