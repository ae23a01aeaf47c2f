//! The errors and retries of failed requests.

use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpSocket;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::conductorone::test_support::server::{Reply, TestServer, client, json_reply, status};
use crate::conductorone::{
    Cause, Client, ConfigValue, ConnectorConfig, Credentials, Error, NewConnector, TimeLimit,
};

const CONNECTOR: &str = r#"{"connectorView":{"connector":{"id":"c1","appId":"a1"}}}"#;

fn new_connector() -> NewConnector {
    let key = ConfigValue::Secret(SecretString::from("hunter2-hunter2"));
    let config = ConnectorConfig::from_iter([("api-key".to_owned(), key)]);
    NewConnector {
        catalog_id: "k1".to_owned(),
        description: None,
        user_ids: vec![],
        config,
    }
}

async fn get(client: &Client) -> Result<Option<String>, Error> {
    client
        .get_connector("a1", "c1")
        .await
        .map(|found| found.map(|connector| connector.id))
}

/// Returns the error of a read and the number of requests, if the server sends the same reply to each request.
async fn failed_get(reply: fn() -> Reply) -> (Error, usize) {
    let server = TestServer::start(move |_, _| reply()).await;
    let error = get(&server.client()).await.unwrap_err();
    (error, server.seen().len())
}

#[tokio::test]
async fn a_create_is_retried_after_rate_limiting() {
    let throttled = || {
        Reply::Send(
            429,
            "retry-after: 0\r\n",
            r#"{"code":8,"message":"slow down"}"#.to_owned(),
        )
    };
    let server = TestServer::start(move |_, before| {
        if before == 0 {
            throttled()
        } else {
            json_reply(CONNECTOR)
        }
    })
    .await;
    let created = server
        .client()
        .create_connector("a1", &new_connector())
        .await
        .unwrap();
    assert_eq!(
        (
            created.id.as_str(),
            server.count("POST /api/v1/apps/a1/connectors/create")
        ),
        ("c1", 2)
    );
}

#[tokio::test]
async fn an_ambiguous_create_is_not_retried() {
    let replies: [fn() -> Reply; 4] = [
        || status(503),
        || Reply::Drop,
        || Reply::Hang,
        || json_reply("{}"),
    ];
    for reply in replies {
        let server = TestServer::start(move |_, _| reply()).await;
        let error = server
            .client()
            .create_connector("a1", &new_connector())
            .await
            .unwrap_err();
        assert_eq!(
            (error.is_ambiguous(), server.seen().len()),
            (true, 1),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_read_is_retried_and_never_ambiguous() {
    let replies: [fn() -> Reply; 3] = [|| status(503), || Reply::Drop, || Reply::Hang];
    for reply in replies {
        let (error, requests) = failed_get(reply).await;
        assert_eq!((error.is_ambiguous(), requests), (false, 3));
        assert!(
            error.to_string().contains("(after 3 attempts in "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_error_after_a_lost_response_stays_ambiguous() {
    let server = TestServer::start(|_, before| {
        if before == 0 {
            Reply::Drop
        } else {
            status(409)
        }
    })
    .await;
    let error = server
        .client()
        .update_connector_config("a1", "c1", &ConnectorConfig::default())
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.is_ambiguous()), (Some(409), true));
}

#[tokio::test]
async fn secrets_quoted_by_the_server_are_masked() {
    let server = TestServer::start(|seen, _| {
        Reply::Send(400, "", format!("{} {:?}", seen.body, seen.authorization))
    })
    .await;
    let error = server
        .client()
        .update_connector_config("a1", "c1", &new_connector().config)
        .await
        .unwrap_err();
    let quoting = TestServer::start(|seen, _| Reply::Send(403, "", format!("no: {seen:?}"))).await;
    let quoted = quoting
        .client()
        .update_connector_config("a1", "c1", &new_connector().config)
        .await
        .unwrap_err();
    for text in [format!("{error} {error:?}"), format!("{quoted} {quoted:?}")] {
        assert!(
            !text.contains("hunter2") && !text.contains("ready-token"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_refused_connection_is_an_error() {
    // The socket is bound, so that no other process gets the port, but it does not listen.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = nobody.local_addr().unwrap().port();
    let client = client(port, Credentials::AccessToken(SecretString::from("t")));
    let error = client
        .create_connector("a1", &new_connector())
        .await
        .unwrap_err();
    assert!(
        matches!(error.cause(), Some(Cause::Refused(_))),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("connection refused: ") && !error.is_ambiguous(),
        "{error}"
    );
    assert_eq!(error.last_failure().map(|error| error.attempts), Some(3));
}

#[tokio::test]
async fn a_redirect_is_an_error() {
    type Case = (fn() -> Reply, u16, Option<&'static str>);
    let cases: [Case; 2] = [
        (
            || Reply::Send(301, "location: /x\r\n", String::new()),
            301,
            None,
        ),
        (
            || {
                Reply::Send(
                    302,
                    "location: https://login.example/?t=s\r\n",
                    String::new(),
                )
            },
            302,
            Some("login.example"),
        ),
    ];
    for (reply, status, host) in cases {
        let (error, requests) = failed_get(reply).await;
        let host = host.map(Into::into);
        assert_eq!(error.cause(), Some(&Cause::Redirect { status, host }));
        assert_eq!(requests, 1, "{error:?}");
    }
}

#[tokio::test]
async fn a_cancellation_ends_a_wait_at_once() {
    let cancellation = CancellationToken::new();
    let cancel = cancellation.clone();
    // Cancels while the first response is on its way, before the delay of the second attempt.
    let server = TestServer::start(move |_, _| {
        cancel.cancel();
        Reply::Send(429, "retry-after: 600\r\n", String::new())
    })
    .await;
    let client = server
        .client()
        .within(cancellation, Instant::now() + Duration::from_hours(1));
    let error = timeout(Duration::from_secs(30), get(&client))
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        error.is_cancelled() && error.to_string().contains("429"),
        "{error}"
    );
    assert!(
        client
            .pause(Duration::from_mins(10))
            .await
            .unwrap_err()
            .is_cancelled()
    );
    assert_eq!(server.seen().len(), 1);
    assert!(
        get(&client).await.unwrap_err().is_cancelled(),
        "nothing begins once canceled"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_delay_beyond_the_deadline_is_not_started() {
    let server =
        TestServer::start(|_, _| Reply::Send(429, "retry-after: 600\r\n", String::new())).await;
    let limit = TimeLimit {
        setting: "timeouts.read",
        time: Duration::from_mins(1),
    };
    let deadline = Instant::now() + limit.time;
    let client = server.client().within(CancellationToken::new(), deadline);
    let client = client.limited_by(limit);
    let error = timeout(Duration::from_secs(30), get(&client))
        .await
        .unwrap()
        .unwrap_err();
    assert!(matches!(error, Error::DeadlinePassed(_)), "{error}");
    let Error::DeadlinePassed(overrun) = error else {
        return;
    };
    assert_eq!(overrun.limit, Some(limit));
    assert!(overrun.last.is_some(), "{overrun}");
    let awaited = "ConductorOne to accept more requests, because it limits their rate";
    assert_eq!(overrun.awaited.as_deref(), Some(awaited));
}

#[tokio::test]
async fn an_invalid_id_is_not_sent() {
    let server = TestServer::start(|_, _| status(500)).await;
    for id in ["", "..", "a/b"] {
        assert!(
            matches!(
                server.client().delete_connector("a1", id).await,
                Err(Error::InvalidId(_))
            ),
            "{id:?}"
        );
        assert!(
            matches!(
                server.client().rotate_credential(id, "c1").await,
                Err(Error::InvalidId(_))
            ),
            "{id:?}"
        );
    }
    assert!(server.seen().is_empty());
}
