//! The connections after a request without a response.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::conductorone::http::call_context::CallContext;
use crate::conductorone::http::dns::SystemResolver;
use crate::conductorone::http::exchange::Exchange;
use crate::conductorone::http::path::ApiPath;
use crate::conductorone::http::pool::{Pool, PoolSettings};
use crate::conductorone::http::request::Request;
use crate::conductorone::http::transport::Transport;
use crate::conductorone::test_support::server::{Reply, TestServer, settings};
use crate::conductorone::{Cause, ClientSettings, Credentials};

/// Much longer than any of these tests takes.
const TEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Frames that a client must accept at any time. The HTTP client itself rejects too many empty `DATA` frames.
const FRAMES: [(&str, &[u8]); 5] = [
    ("SETTINGS", SETTINGS),
    ("PING", b"\0\0\x08\x06\0\0\0\0\0pingping"),
    // One more byte for the whole connection.
    ("WINDOW_UPDATE", b"\0\0\x04\x08\0\0\0\0\0\0\0\0\x01"),
    ("PRIORITY", b"\0\0\x05\x02\0\0\0\0\x03\0\0\0\0\x10"),
    ("a frame of an unknown type", b"\0\0\0\x20\0\0\0\0\0"),
];
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";

fn one_attempt(port: u16) -> ClientSettings {
    ClientSettings {
        max_retries: 0,
        max_concurrent_requests: Some(100),
        ..settings(port, Credentials::AccessToken(SecretString::from("t")))
    }
}

/// Returns the cause of a failed request.
async fn failure(transport: &Transport) -> Cause {
    let request = Request::get(ApiPath::fixed("/api/v1/apps"));
    let answer = Exchange::new(transport, &request, &CallContext::default())
        .run()
        .await;
    answer.unwrap_err().cause().unwrap().clone()
}

/// Sends `frame` over HTTP/2 again and again until the client closes the connection.
async fn flood(stream: TcpStream, frame: &[u8]) {
    let (mut reader, mut writer) = stream.into_split();
    // Reads what the client sends, so that the client is never blocked.
    let reading = async {
        let mut log = vec![0; 1 << 16];
        while reader.read(&mut log).await.is_ok_and(|count| count > 0) {}
    };
    let writing = async {
        let mut sent = writer.write_all(SETTINGS).await;
        let frames = frame.repeat(1000);
        while sent.is_ok() {
            sent = writer.write_all(&frames).await;
        }
    };
    tokio::select! {
        () = reading => {}
        () = writing => {}
    }
}

/// Returns whether the client closes a connection that floods it, after a request over that connection had no
/// response.
async fn is_closed(frame: &'static [u8]) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = one_attempt(listener.local_addr().unwrap().port());
    let setup = PoolSettings::from(&settings);
    let build = move || {
        let builder = setup.builder(SystemResolver)?;
        builder.http2_prior_knowledge().build()
    };
    let transport = Transport::with_pool(Pool::new(build), &settings).unwrap();
    let (closed, end) = oneshot::channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        flood(stream, frame).await;
        // The receiver may be gone after a failure.
        let _ = closed.send(());
    });
    let cause = failure(&transport).await;
    assert!(matches!(cause, Cause::Timeout(_)), "{cause:?}");
    let is_closed = timeout(TEST_TIMEOUT, end).await.is_ok();
    // Keeps the client alive until here.
    drop(transport);
    is_closed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_floods_is_closed_after_a_timeout() {
    let kept = join_all(FRAMES.map(async |(name, frame)| {
        let is_closed = is_closed(frame).await;
        (!is_closed).then_some(name)
    }));
    let kept: Vec<_> = kept.await.into_iter().flatten().collect();
    assert!(kept.is_empty(), "{kept:?}");
}

/// Returns a pool and the number of clients that it has built.
fn counted(settings: &ClientSettings) -> (reqwest::Result<Pool>, Arc<AtomicUsize>) {
    let (setup, built) = (PoolSettings::from(settings), Arc::<AtomicUsize>::default());
    let count = Arc::clone(&built);
    let pool = Pool::new(move || {
        count.fetch_add(1, Ordering::AcqRel);
        setup.builder(SystemResolver)?.build()
    });
    (pool, built)
}

#[tokio::test]
async fn concurrent_failures_replace_the_client_once() {
    let server = TestServer::start(|_, _| Reply::Hang).await;
    let settings = one_attempt(server.port);
    let (pool, built) = counted(&settings);
    let transport = Transport::with_pool(pool, &settings).unwrap();
    let causes = join_all((0..100).map(|_| failure(&transport))).await;
    for cause in causes {
        assert!(matches!(cause, Cause::Timeout(_)), "{cause:?}");
    }
    assert_eq!(built.load(Ordering::Acquire), 2);
}

#[tokio::test]
async fn only_timeouts_and_large_responses_replace_the_client() {
    let server = TestServer::start(|_, before| match before {
        0 => Reply::Send(404, "", String::new()),
        _ => Reply::Drop,
    })
    .await;
    let settings = one_attempt(server.port);
    let (pool, built) = counted(&settings);
    let transport = Transport::with_pool(pool, &settings).unwrap();
    let status = failure(&transport).await.status();
    assert_eq!(status, Some(404));
    let cause = failure(&transport).await;
    assert!(matches!(cause, Cause::ConnectionLost(_)), "{cause:?}");
    assert_eq!(built.load(Ordering::Acquire), 1);
}

#[tokio::test]
async fn a_request_in_flight_survives_the_replacement_of_its_client() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (arrived, arrival) = oneshot::channel();
    let (release, released) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        arrived.send(()).unwrap();
        let () = released.await.unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    });
    let (pool, built) = counted(&one_attempt(port));
    let (pool, url) = (pool.unwrap(), format!("http://127.0.0.1:{port}"));
    let before = pool.current();
    let answer = tokio::spawn(before.http.get(url).send());
    arrival.await.unwrap();
    pool.replace_after(&before, &Cause::Timeout(TEST_TIMEOUT));
    drop(before);
    assert_eq!(built.load(Ordering::Acquire), 2);
    release.send(()).unwrap();
    let answer = timeout(TEST_TIMEOUT, answer).await.unwrap().unwrap();
    assert_eq!(answer.unwrap().status(), 200);
}
