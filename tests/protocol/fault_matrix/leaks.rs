//! Secrets in output that must not contain them.

use conductorone_emulator::Emulator;

/// The API key of every Cloud connector.
pub(crate) const API_KEY: &str = "MARKER-api-key";
/// The personal access token of every Data Center connector.
pub(crate) const ACCESS_TOKEN: &str = "MARKER-access-token";
/// The beginning of signed assertions: `{"alg":` in Base64. It is too long to occur in an ID by chance.
const ASSERTION: &str = "eyJhbGciOi";
/// The length of the emulator's bearer tokens. No other word in the output is as long: IDs have 27 letters.
const BEARER_TOKEN_LENGTH: usize = 48;

/// Returns the lines that contain a secret of this service, or of a resource in it.
pub(crate) fn leaks(emulator: &Emulator, text: &[String]) -> Vec<String> {
    let client_secret = emulator.client_secret();
    let (_, key) = client_secret.rsplit_once(':').expect("parts");
    let mut secrets = [API_KEY, ACCESS_TOKEN, ASSERTION, client_secret, key]
        .map(str::to_owned)
        .to_vec();
    for connector in emulator.connectors() {
        let credentials = emulator.credentials(&connector.id).into_iter();
        secrets.extend(credentials.map(|credential| credential.client_secret));
    }
    let leaks = |line: &&String| {
        secrets.iter().any(|secret| line.contains(secret)) || holds_bearer_token(line)
    };
    text.iter().filter(leaks).cloned().collect()
}

fn holds_bearer_token(line: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word.len() >= BEARER_TOKEN_LENGTH)
}

#[tokio::test]
async fn every_kind_of_secret_is_noticed() {
    let options = conductorone_emulator::Options::default();
    let emulator = Emulator::start(options).await.expect("the emulator starts");
    let noticed = |line: String| leaks(&emulator, &[format!("{{\"a\":\"{line}\"}}")]).len() == 1;
    for secret in [emulator.client_secret(), emulator.access_token(), API_KEY] {
        assert!(noticed(format!("Bearer {secret}.")), "{secret}");
    }
    let (app, user) = (emulator.app_id(), emulator.user_id("alice"));
    assert!(!noticed(format!("/api/v1/apps/{app}/{user}")));
}
