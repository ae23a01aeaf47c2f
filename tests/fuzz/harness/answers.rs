//! Answers of a server to any request: status, `Retry-After`, and body.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::choices::Choices;
use super::provider::{Provider, Type, Types, dynamic};
use crate::value::encode_untyped;
use crate::wire::tfplugin6::{
    configure_provider, plan_resource_change, read_data_source, read_resource,
};

/// The statuses that a server may answer with.
const STATUSES: [u16; 10] = [200, 200, 200, 201, 204, 400, 401, 404, 429, 503];

/// The answer to all requests, in bytes.
type Answer = Arc<Mutex<Vec<u8>>>;

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

struct Server {
    port: u16,
    answer: Answer,
    provider: Provider,
    types: Types,
}

/// Reads or plans something, while a server answers everything with this input.
pub(crate) fn check(input: &[u8]) {
    SERVER.with_borrow_mut(|server| {
        let server = server.get_or_insert_with(Server::start);
        let mut choices = Choices::new(input);
        let operation = choices.byte();
        let status = *choices.pick(&STATUSES);
        let retry_after = match choices.byte() % 4 {
            0 => choices.text(),
            _ => String::new(),
        };
        server.answer_with(status, &retry_after, choices.rest());
        server.operate(operation);
    });
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let answer = Answer::default();
        let shared = Arc::clone(&answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &answer));
            }
        });
        let provider = Provider::new();
        let types = provider.types();
        Self {
            port,
            answer,
            provider,
            types,
        }
    }

    fn answer_with(&self, status: u16, retry_after: &str, body: &[u8]) {
        let header: String = retry_after
            .chars()
            .filter(|it| !it.is_control() && it.is_ascii())
            .collect();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             retry-after: {header}\r\n\r\n",
            body.len()
        );
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        *answer = [head.as_bytes(), body].concat();
    }

    fn operate(&self, operation: u8) {
        self.configure();
        let provider = &self.provider;
        let place = usize::from(operation / 4);
        let Types {
            resources,
            data_sources,
            ..
        } = &self.types;
        match operation % 4 {
            0 | 1 => read(provider, &resources[place % resources.len()]),
            2 => plan(provider, &resources[place % resources.len()]),
            _ => read_data(provider, &data_sources[place % data_sources.len()]),
        }
    }

    /// Configures the provider for this server. The results of the last input were cached for the last configuration.
    fn configure(&self) {
        let config = json!({
            "server_url": format!("http://127.0.0.1:{}", self.port), "access_token": "token-1",
            "max_retries": 0,
        });
        let request = configure_provider::Request {
            config: Some(self.types.provider.encode(&config)),
            ..Default::default()
        };
        let answer: configure_provider::Response =
            self.provider.call("ConfigureProvider", &request);
        assert_eq!(answer.diagnostics, []);
    }
}

/// Sends the answer to each request of a connection.
fn serve(mut stream: TcpStream, answer: &Answer) {
    let mut buffer = [0; 16 << 10];
    while let Ok(1..) = stream.read(&mut buffer) {
        let bytes = answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// Returns attributes that identify an object of this type.
fn attributes(ty: &Type) -> Value {
    let values = [
        ("id", json!("2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th")),
        ("app_id", json!("2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Ti")),
        ("display_name", json!("Wiki")),
        ("site_domain", json!("acme")),
        ("username", json!("svc@acme.example")),
        ("api_key", json!("key-1")),
        ("hostname", json!("https://wiki.corp.example")),
        ("access_token", json!("pat-1")),
        ("owner_emails", json!(["alice@acme.example"])),
    ];
    let values = values.into_iter();
    let values = values.filter(|(name, _)| ty.fields().contains_key(*name));
    values
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn read(provider: &Provider, resource: &Type) {
    let request = read_resource::Request {
        type_name: resource.name.clone(),
        current_state: Some(resource.encode(&attributes(resource))),
        ..Default::default()
    };
    let _: read_resource::Response = provider.call("ReadResource", &request);
}

fn plan(provider: &Provider, resource: &Type) {
    let mut config = attributes(resource);
    config["id"] = Value::Null;
    let request = plan_resource_change::Request {
        type_name: resource.name.clone(),
        prior_state: Some(dynamic(encode_untyped(&Value::Null))),
        proposed_new_state: Some(resource.encode(&config)),
        config: Some(resource.encode(&config)),
        ..Default::default()
    };
    let _: plan_resource_change::Response = provider.call("PlanResourceChange", &request);
}

fn read_data(provider: &Provider, data_source: &Type) {
    let request = read_data_source::Request {
        type_name: data_source.name.clone(),
        config: Some(data_source.encode(&attributes(data_source))),
        ..Default::default()
    };
    let _: read_data_source::Response = provider.call("ReadDataSource", &request);
}
