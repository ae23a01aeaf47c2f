//! An HTTP/1.1 server for tests. It listens on a loopback port and takes its replies from a function.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::conductorone::{BaseUrl, Client, ClientSettings, Credentials};

/// A request that the server received.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    /// The method and the target.
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

impl ReceivedRequest {
    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The reply to a request.
pub(crate) enum Reply {
    /// A response with this status, these additional header lines and this body.
    Send(u16, &'static str, String),
    /// Close the connection without a response.
    Drop,
    /// Never respond.
    Hang,
    /// Send these bytes and close the connection.
    Raw(Vec<u8>),
    /// Send these bytes, and then repeat the others as long as the client reads them.
    Endless(&'static str, Vec<u8>),
}

pub(crate) fn json_reply(body: &str) -> Reply {
    Reply::Send(200, "content-type: application/json\r\n", body.to_owned())
}

pub(crate) fn status(status: u16) -> Reply {
    Reply::Send(status, "", String::new())
}

type Log = Arc<Mutex<Vec<ReceivedRequest>>>;
type Answer = dyn Fn(&ReceivedRequest, usize) -> Reply + Send + Sync;

pub(crate) struct TestServer {
    pub(crate) port: u16,
    seen: Log,
    sent: Arc<AtomicUsize>,
}

impl TestServer {
    /// Starts a server that replies with `answer`. The function gets each request and the number of earlier ones.
    pub(crate) async fn start(
        answer: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, answer): (Log, Arc<Answer>) = (Log::default(), Arc::new(answer));
        let sent = Arc::<AtomicUsize>::default();
        let (log, count) = (Arc::clone(&seen), Arc::clone(&sent));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stream = Counted(stream, Arc::clone(&count));
                tokio::spawn(serve(stream, Arc::clone(&log), Arc::clone(&answer)));
            }
        });
        Self { port, seen, sent }
    }

    /// Returns the number of bytes that clients have accepted.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::Acquire)
    }

    /// Returns the requests so far.
    pub(crate) fn seen(&self) -> Vec<ReceivedRequest> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns the number of requests that begin with `line`.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.line.starts_with(line))
            .count()
    }

    /// Returns the first line of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Returns a client with a configured token.
    pub(crate) fn client(&self) -> Client {
        client(
            self.port,
            Credentials::AccessToken(SecretString::from("ready-token")),
        )
    }

    /// Returns a client with a configured token and a timeout that suits a busy machine.
    pub(crate) fn patient_client(&self) -> Client {
        let token = Credentials::AccessToken(SecretString::from("ready-token"));
        Client::new(ClientSettings {
            request_timeout: Duration::from_secs(30),
            ..settings(self.port, token)
        })
        .unwrap()
    }

    /// Returns a client that exchanges an OIDC token.
    pub(crate) fn client_with_exchange(&self) -> Client {
        self.client_with_oidc_token("external-token")
    }

    /// Returns a client that exchanges this OIDC token.
    pub(crate) fn client_with_oidc_token(&self, token: &str) -> Client {
        let token = SecretString::from(token);
        client(
            self.port,
            Credentials::OidcToken {
                client_id: "ci@127.0.0.1/wfe".to_owned(),
                token,
            },
        )
    }
}

pub(crate) fn client(port: u16, credentials: Credentials) -> Client {
    Client::new(settings(port, credentials)).unwrap()
}

pub(crate) fn settings(port: u16, credentials: Credentials) -> ClientSettings {
    ClientSettings {
        base_url: BaseUrl::from_server_url(&format!("http://127.0.0.1:{port}")).unwrap(),
        credentials,
        user_agent: "tests".to_owned(),
        max_retries: 2,
        request_timeout: Duration::from_millis(500),
        max_concurrent_requests: Some(8),
        proxy: None,
    }
}

/// A connection, and the number of bytes sent over all connections.
struct Counted(TcpStream, Arc<AtomicUsize>);

impl Counted {
    /// Sends bytes. Returns `None` if the client does not accept them.
    async fn send(&mut self, mut bytes: &[u8]) -> Option<()> {
        while !bytes.is_empty() {
            let taken = self.0.write(bytes).await.ok()?;
            self.1.fetch_add(taken, Ordering::AcqRel);
            bytes = bytes.get(taken..)?;
        }
        Some(())
    }
}

async fn serve(mut stream: Counted, log: Log, answer: Arc<Answer>) {
    while let Some(seen) = receive(&mut stream.0).await {
        let before = {
            let mut log = log.lock().unwrap();
            log.push(seen.clone());
            log.len() - 1
        };
        match answer(&seen, before) {
            Reply::Drop => return,
            Reply::Hang => std::future::pending().await,
            Reply::Send(status, headers, body) => {
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
                );
                if stream.send(text.as_bytes()).await.is_none() {
                    return;
                }
            }
            Reply::Raw(bytes) => {
                stream.send(&bytes).await;
                return;
            }
            Reply::Endless(head, piece) => {
                let mut taken = stream.send(head.as_bytes()).await;
                while taken.is_some() {
                    taken = stream.send(&piece).await;
                }
                return;
            }
        }
    }
}

async fn receive(stream: &mut TcpStream) -> Option<ReceivedRequest> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(text).ok()?;
    let header = |name: &str| {
        let line = head
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with(name))?;
        line.split_once(": ").map(|(_, value)| value.to_owned())
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let line = head
        .lines()
        .next()?
        .trim_end_matches(" HTTP/1.1")
        .to_owned();
    Some(ReceivedRequest {
        line,
        authorization: header("authorization"),
        body: String::from_utf8(body).ok()?,
    })
}
