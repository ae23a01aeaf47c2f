//! The check of every exchange against the API's description fails the test that caused an error.

use std::io;

use conductorone_emulator::{Fault, FaultAction, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::emulator::CheckedEmulator;

/// Sends a request with the emulator's permanent token.
pub(crate) async fn send(emulator: &CheckedEmulator, line: &str, body: &str) -> io::Result<String> {
    let address = emulator.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        emulator.access_token(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Returns whether a test with this request fails.
async fn fails(line: &'static str, body: &'static str, fault: Option<FaultAction>) -> bool {
    let test = tokio::spawn(async move {
        let emulator = CheckedEmulator::start(Options::default()).await;
        if let Some(action) = fault {
            emulator.add_fault(Fault::every("GET", "", action));
        }
        let answer = send(&emulator, line, body).await;
        assert!(answer.expect("an answer").starts_with("HTTP/1.1 "));
        assert_eq!(emulator.operations().len(), 1);
    });
    test.await.is_err_and(|error| error.is_panic())
}

#[tokio::test]
async fn a_request_that_the_api_does_not_describe_fails_its_test() {
    let html = Some(FaultAction::Html);
    for (line, body, fault, expected) in [
        ("GET /api/v1/apps?page_size=10", "", None, false),
        ("GET /api/v1/apps?page_size=10", "", html, false),
        ("GET /api/v1/apps?nonsense=10", "", None, true),
        ("GET /api/v1/nonsense", "", None, true),
        (
            "POST /api/v1/apps",
            r#"{"displayName":"Wiki"}"#,
            None,
            false,
        ),
        ("POST /api/v1/apps", r#"{"displayName":7}"#, None, true),
        ("POST /api/v1/apps", r#"{"nonsense":7}"#, None, true),
        ("GET /api/v1/auth/introspect", "{}", None, true),
        ("GET //api/v1/apps", "", None, true),
    ] {
        let failed = fails(line, body, fault).await;
        assert_eq!(failed, expected, "{line} {body}");
    }
}
