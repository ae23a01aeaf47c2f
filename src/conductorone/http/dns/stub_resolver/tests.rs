//! The stub resolver with a name server on loopback.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

use super::*;

/// A name server that knows some hosts and records the questions.
struct TestServer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    /// Ends with the server.
    _tasks: JoinSet<()>,
}

/// The records of a server, and the place where it records questions.
#[derive(Clone)]
struct Zone {
    hosts: BTreeMap<String, IpAddr>,
    only_by_tcp: bool,
}

impl Zone {
    fn with_hosts(hosts: &[(&str, &str)]) -> Self {
        let host = |(name, address): &(&str, &str)| {
            (format!("{name}."), address.parse().expect("an address"))
        };
        Self {
            hosts: hosts.iter().map(host).collect(),
            only_by_tcp: false,
        }
    }

    /// Returns the answer to a question. Over UDP, it may be truncated.
    fn answer(&self, question: &[u8], udp: bool) -> (String, Vec<u8>) {
        let question = Message::from_vec(question).expect("a question");
        let query = question.queries.first().expect("one query").clone();
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        let name = query.name().to_string().to_lowercase();
        match self.hosts.get(&name) {
            None => answer.metadata.response_code = ResponseCode::NXDomain,
            Some(_) if udp && self.only_by_tcp => answer.metadata.truncation = true,
            Some(address) => {
                let data = RData::from(*address);
                if data.record_type() == query.query_type() {
                    answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                }
            }
        }
        answer.add_query(query);
        (name, answer.to_vec().expect("an answer"))
    }
}

impl TestServer {
    async fn start(zone: Zone) -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let tcp = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = tcp.local_addr().expect("an address").port();
        let udp = UdpSocket::bind(("127.0.0.1", port)).await.expect("a port");
        let mut tasks = JoinSet::new();
        let (known, noted) = (zone.clone(), Arc::clone(&asked));
        tasks.spawn(async move {
            let mut buffer = [0; 1500];
            while let Ok((length, from)) = udp.recv_from(&mut buffer).await {
                let (name, answer) = known.answer(&buffer[..length], true);
                noted.lock().expect("no poison").push(name);
                udp.send_to(&answer, from).await.expect("an answer");
            }
        });
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                let length = stream.read_u16().await.expect("a length");
                let mut question = vec![0; length.into()];
                stream.read_exact(&mut question).await.expect("a question");
                let (_, answer) = zone.answer(&question, false);
                let length = answer.len().try_into().expect("a short answer");
                stream.write_u16(length).await.expect("a length");
                stream.write_all(&answer).await.expect("an answer");
            }
        });
        Self {
            port,
            asked,
            _tasks: tasks,
        }
    }

    fn stub(&self, hosts: &str, resolv_conf: &str) -> StubResolver {
        StubResolver {
            hosts: hosts.to_owned(),
            resolv_conf: resolv_conf.to_owned(),
            port: self.port,
        }
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().expect("no poison").clone();
        asked.dedup();
        asked
    }
}

fn addresses(addresses: &[&str]) -> Vec<IpAddr> {
    let parse = |it: &&str| it.parse().expect("an address");
    addresses.iter().map(parse).collect()
}

#[tokio::test]
async fn the_hosts_file_takes_precedence() {
    let server = TestServer::start(Zone::with_hosts(&[("acme.example", "192.0.2.1")])).await;
    let hosts =
        "# comment\n192.0.2.7 other Acme.Example # acme\n::1 acme.example\nnonsense acme.example\n";
    let stub = server.stub(hosts, "nameserver 127.0.0.1\n");
    let found = stub.lookup("acme.example").await.expect("addresses");
    assert_eq!(found, addresses(&["192.0.2.7", "::1"]));
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn ipv4_and_ipv6_addresses_are_found() {
    let zone = Zone::with_hosts(&[
        ("four.example", "192.0.2.1"),
        ("six.example", "2001:db8::1"),
    ]);
    let server = TestServer::start(zone).await;
    let stub = server.stub("", "nameserver 127.0.0.1\n");
    for (host, address) in [
        ("four.example", "192.0.2.1"),
        ("six.example", "2001:db8::1"),
    ] {
        let found = stub.lookup(host).await.expect("addresses");
        assert_eq!(found, addresses(&[address]), "{host}");
    }
}

#[tokio::test]
async fn short_names_use_the_search_domains() {
    let server = TestServer::start(Zone::with_hosts(&[("acme.two.example", "192.0.2.1")])).await;
    let conf = "search one.example two.example\nnameserver 127.0.0.1\n";
    let found = server.stub("", conf).lookup("acme").await;
    assert_eq!(found.expect("addresses"), addresses(&["192.0.2.1"]));
    assert_eq!(
        server.asked(),
        ["acme.one.example.", "acme.two.example."],
        "in their order, and no other"
    );
}

#[tokio::test]
async fn the_ndots_option_is_respected() {
    let server = TestServer::start(Zone::with_hosts(&[("api.acme.example", "192.0.2.1")])).await;
    let conf = "search cluster.local\noptions ndots:5\nnameserver 127.0.0.1\n";
    let found = server.stub("", conf).lookup("api.acme.example").await;
    assert_eq!(found.expect("addresses"), addresses(&["192.0.2.1"]));
    assert_eq!(
        server.asked(),
        ["api.acme.example.cluster.local.", "api.acme.example."]
    );
}

#[tokio::test]
async fn a_truncated_answer_is_requested_over_tcp() {
    let zone = Zone {
        only_by_tcp: true,
        ..Zone::with_hosts(&[("acme.example", "192.0.2.1")])
    };
    let server = TestServer::start(zone).await;
    let found = server
        .stub("", "nameserver 127.0.0.1\n")
        .lookup("acme.example")
        .await;
    assert_eq!(found.expect("addresses"), addresses(&["192.0.2.1"]));
}

#[tokio::test]
async fn the_second_server_is_used_if_the_first_is_silent() {
    let server = TestServer::start(Zone::with_hosts(&[("acme.example", "192.0.2.1")])).await;
    let _silent = UdpSocket::bind(("127.0.0.2", server.port)).await;
    let conf = "options timeout:1 attempts:1\nnameserver 127.0.0.2\nnameserver 127.0.0.1\n";
    let found = server.stub("", conf).lookup("acme.example").await;
    assert_eq!(found.expect("addresses"), addresses(&["192.0.2.1"]));
}

#[tokio::test]
async fn the_first_answer_is_used() {
    let server = TestServer::start(Zone::with_hosts(&[])).await;
    let conf = "nameserver 127.0.0.1\nnameserver 127.0.0.2\n";
    let error = server.stub("", conf).lookup("acme.example").await;
    let error = error.expect_err("no address");
    assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error}");
}

/// The C library behaves in the same way. A public server would learn the names of internal hosts.
#[tokio::test]
async fn the_default_server_is_this_machine() {
    let server = TestServer::start(Zone::with_hosts(&[("acme.example", "192.0.2.1")])).await;
    for conf in ["", "search example\n"] {
        let found = server.stub("", conf).lookup("acme.example").await;
        assert_eq!(
            found.expect("addresses"),
            addresses(&["192.0.2.1"]),
            "{conf:?}"
        );
    }
}

#[tokio::test]
async fn an_unknown_host_is_a_plain_error() {
    let server = TestServer::start(Zone::with_hosts(&[])).await;
    let stub = server.stub("", "nameserver 127.0.0.1\n");
    let error = stub.lookup("acme.example").await.expect_err("no address");
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert_eq!(error.to_string(), "no DNS server knows an address");
}

#[tokio::test]
async fn localhost_needs_no_hosts_file() {
    let server = TestServer::start(Zone::with_hosts(&[])).await;
    let found = server.stub("", "").lookup("localhost").await;
    assert!(found.expect("addresses").iter().all(IpAddr::is_loopback));
    assert_eq!(server.asked(), Vec::<String>::new());
}
