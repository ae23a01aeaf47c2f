//! The steps of a connection to a tenant, one by one. None of them sends credentials.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{ClientBuilder, Response};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::cause::{Cause, root_cause};
use super::clock::ServerClock;
use super::dns::{self, SystemResolver};
use super::host::is_loopback_name;
use super::path::ApiPath;
use super::pool::PoolSettings;
use super::proxy::Proxy;
use super::server_certificate::{ServerCertificate, reading_config};
use super::settings::ClientSettings;

/// An endpoint that every tenant has. It refuses a request without a token.
const ENDPOINT: &str = "/api/v1/auth/introspect";

/// Resolves the host that the client connects to: the proxy if there is one, or else the tenant's host.
pub async fn find_addresses(settings: &ClientSettings) -> Result<Vec<IpAddr>, Cause> {
    let (host, _) = next_hop(settings);
    let found = addresses(host, settings.timeouts().connect).await;
    let found = found.map_err(|cause| cause.through_proxy(settings.proxy.as_ref()))?;
    Ok(found.iter().map(SocketAddr::ip).collect())
}

/// Opens and closes a connection to the host that the client connects to.
pub async fn open_connection(settings: &ClientSettings) -> Result<(), Cause> {
    let (host, port) = next_hop(settings);
    let limit = settings.timeouts().connect;
    let mut outcome = Err(Cause::Dns("no address".into()));
    for mut address in addresses(host, limit).await? {
        address.set_port(port);
        let connection = TcpStream::connect(address);
        outcome = match in_time(limit, connection).await {
            None => Err(Cause::ConnectTimeout(limit)),
            Some(Ok(_)) => return Ok(()),
            Some(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Err(Cause::Refused(error.to_string().into()))
            }
            Some(Err(error)) => Err(Cause::Unreachable(error.to_string().into())),
        };
    }
    outcome.map_err(|cause| cause.through_proxy(settings.proxy.as_ref()))
}

/// Sends a request without a token over a trusted connection. Any response is a success. Returns the offset of the server's
/// clock from this machine's, with a precision of one second, if the response has a date.
pub async fn greet(settings: &ClientSettings) -> Result<Option<SignedDuration>, Cause> {
    let response = request(settings, |builder| builder).await?;
    let clock = ServerClock::default();
    clock.observe(response.headers(), Timestamp::now());
    Ok(clock.offset())
}

/// Returns the certificate that the server presents, whether it is trusted or not. `None` if there is no TLS, if the server
/// cannot be reached, or if the proxy has a certificate of its own.
///
/// The handshake ends as soon as the certificate is known, so nothing is sent over a connection that is not trusted.
pub async fn presented_certificate(settings: &ClientSettings) -> Option<ServerCertificate> {
    if settings.proxy.as_ref().is_some_and(Proxy::has_certificate) {
        return None;
    }
    let (config, certificate) = reading_config()?;
    let sent = request(settings, |builder| {
        builder.tls_backend_preconfigured(config)
    })
    .await;
    drop(sent);
    certificate.take()
}

async fn request(
    settings: &ClientSettings,
    adapt: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Response, Cause> {
    let builder = PoolSettings::from(settings).builder(SystemResolver);
    let client = builder.and_then(|builder| adapt(builder).build());
    let client = client.map_err(|error| Cause::Unsendable(root_cause(&error)))?;
    let url = settings.base_url.join(&ApiPath::fixed(ENDPOINT), &[]);
    let limits = settings.timeouts();
    let sent = client.get(url).timeout(limits.attempt).send().await;
    sent.map_err(|error| {
        Cause::from_client_error(&error, limits).through_proxy(settings.proxy.as_ref())
    })
}

fn next_hop(settings: &ClientSettings) -> (&str, u16) {
    match &settings.proxy {
        Some(proxy) => proxy.address(),
        None => (settings.base_url.host(), settings.base_url.port()),
    }
}

async fn addresses(host: &str, limit: Duration) -> Result<Vec<SocketAddr>, Cause> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![(address, 0).into()]);
    }
    if is_loopback_name(host) {
        return Ok(dns::LOOPBACK.to_vec());
    }
    match in_time(limit, dns::lookup(host)).await {
        None => Err(Cause::Dns(
            format!("the host {host} cannot be found: no answer within {limit:?}").into(),
        )),
        Some(found) => found.map_err(|failure| Cause::Dns(failure.to_string().into())),
    }
}

async fn in_time<F: Future>(limit: Duration, step: F) -> Option<F::Output> {
    timeout(limit, step).await.ok()
}
