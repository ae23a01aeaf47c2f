//! A proxy on this machine that connects every requested name to one port.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The protocol of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// `CONNECT`.
    Http,
    /// SOCKS, version 5.
    Socks5,
}

/// User name and password.
pub(crate) type Login = (&'static str, &'static str);

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// Host and port.
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

/// The shared data of all connections.
#[derive(Clone)]
struct Rules {
    protocol: Protocol,
    port: u16,
    login: Option<Login>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy that accepts everybody, or only clients with this login.
    pub(crate) async fn to(port: u16, protocol: Protocol, login: Option<Login>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let rules = Rules {
            protocol,
            port,
            login,
            asked: Arc::clone(&asked),
        };
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let rules = rules.clone();
                tokio::spawn(async move { rules.serve(client).await });
            }
        });
        Self {
            address,
            asked,
            serving,
        }
    }

    /// Returns the requested host and port of each connection, or `refused`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no poison").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Rules {
    async fn serve(&self, mut client: TcpStream) {
        let greeted = match self.protocol {
            Protocol::Http => self.connect(&mut client).await,
            Protocol::Socks5 => self.socks(&mut client).await,
        };
        // The client disconnected or was refused.
        let Some(target) = greeted else { return };
        self.note(&target);
        let Ok(mut server) = TcpStream::connect(("127.0.0.1", self.port)).await else {
            return;
        };
        let established: &[u8] = match self.protocol {
            Protocol::Http => b"HTTP/1.1 200 Connection established\r\n\r\n",
            Protocol::Socks5 => &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        };
        if client.write_all(established).await.is_ok() {
            // The result of a tunnel does not matter to the proxy.
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    }

    fn note(&self, what: &str) {
        self.asked.lock().expect("no poison").push(what.to_owned());
    }

    async fn connect(&self, client: &mut TcpStream) -> Option<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.ok()?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let value = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
        };
        if let Some((user, password)) = self.login {
            let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
            if value("proxy-authorization") != Some(expected.as_str()) {
                self.note("refused");
                let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
                    proxy-authenticate: Basic realm=\"proxy\"\r\ncontent-length: 0\r\n\r\n";
                client.write_all(refusal).await.ok()?;
                return None;
            }
        }
        let line = head.lines().next()?.strip_prefix("CONNECT ")?;
        Some(line.strip_suffix(" HTTP/1.1")?.to_owned())
    }

    async fn socks(&self, client: &mut TcpStream) -> Option<String> {
        let [version, methods] = take(client).await?;
        assert_eq!(version, 5, "another protocol");
        let mut offered = vec![0; methods.into()];
        client.read_exact(&mut offered).await.ok()?;
        let method = if self.login.is_some() { 2 } else { 0 };
        if !offered.contains(&method) {
            self.note("refused");
            client.write_all(&[5, 0xff]).await.ok()?;
            return None;
        }
        client.write_all(&[5, method]).await.ok()?;
        if let Some((user, password)) = self.login {
            let [_version] = take(client).await?;
            let given = (text(client).await?, text(client).await?);
            if given != (user.to_owned(), password.to_owned()) {
                self.note("refused");
                client.write_all(&[1, 1]).await.ok()?;
                return None;
            }
            client.write_all(&[1, 0]).await.ok()?;
        }
        let [_, command, _, kind] = take(client).await?;
        // The client must send a name. An address would mean that it resolved the name itself.
        assert_eq!((command, kind), (1, 3), "what SOCKS was asked for");
        let host = text(client).await?;
        let port = client.read_u16().await.ok()?;
        Some(format!("{host}:{port}"))
    }
}

async fn take<const N: usize>(client: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

/// Reads a text with a length prefix.
async fn text(client: &mut TcpStream) -> Option<String> {
    let [length] = take(client).await?;
    let mut bytes = vec![0; length.into()];
    client.read_exact(&mut bytes).await.ok()?;
    String::from_utf8(bytes).ok()
}
