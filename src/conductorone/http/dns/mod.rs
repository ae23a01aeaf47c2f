//! DNS lookups.

use std::future::ready;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::host::is_loopback_name;

#[cfg(all(target_os = "linux", any(test, target_feature = "crt-static")))]
mod stub_resolver;

/// The addresses of this machine. Port 0 stands for the port of the URL. The HTTP client reports the failure of the last
/// address, so that IPv4 comes last: a machine may have no IPv6.
pub(super) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
];

/// Resolves the names of this machine to its loopback addresses, and passes other names to another resolver.
///
/// Plain HTTP is allowed for these names, and they are never used through a proxy. If the hosts file does not list
/// such a name, a system may ask a name server, which can return the address of another machine.
pub(super) struct LoopbackResolver<R>(pub(super) R);

impl<R: Resolve> Resolve for LoopbackResolver<R> {
    fn resolve(&self, name: Name) -> Resolving {
        if !is_loopback_name(name.as_str()) {
            return self.0.resolve(name);
        }
        Box::pin(ready(Ok(Box::new(LOOPBACK.into_iter()) as Addrs)))
    }
}

/// The system's resolver. Its error can be told apart from other failures to connect.
pub(super) struct SystemResolver;

/// A host name has no address.
#[derive(Debug, thiserror::Error)]
#[error("the host {name} cannot be found: {error}")]
pub(super) struct DnsFailure {
    name: String,
    error: io::Error,
}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses = lookup(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Looks up a name with the system's resolver. The addresses have port 0.
pub(super) async fn lookup(name: &str) -> Result<Vec<SocketAddr>, DnsFailure> {
    addresses(name).await.map_err(|error| DnsFailure {
        name: name.to_owned(),
        error,
    })
}

#[cfg(not(all(target_os = "linux", target_feature = "crt-static")))]
async fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

#[cfg(all(target_os = "linux", target_feature = "crt-static"))]
async fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    let found = stub_resolver::StubResolver::from_system()
        .lookup(host)
        .await?;
    Ok(found
        .into_iter()
        .map(|address| (address, 0).into())
        .collect())
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io;
    use std::sync::Arc;

    use reqwest::dns::{Name, Resolve, Resolving};
    use tokio::net::TcpListener;

    use super::super::cause::Cause;
    use super::super::credentials::Credentials;
    use super::super::host::BaseUrl;
    use super::super::pool::PoolSettings;
    use super::super::settings::ClientSettings;
    use super::{DnsFailure, SystemResolver};

    /// A resolver that fails.
    struct FailingResolver;

    impl Resolve for FailingResolver {
        fn resolve(&self, name: Name) -> Resolving {
            let failure = DnsFailure {
                name: name.as_str().to_owned(),
                error: io::Error::other("a name server was asked"),
            };
            Box::pin(async { Err(failure.into()) })
        }
    }

    /// Connects as the provider does, except that `FailingResolver` resolves names. Returns the failure.
    async fn failure(url: &str) -> Result<Option<Cause>, Box<dyn Error>> {
        let setup = PoolSettings::from(&ClientSettings {
            base_url: BaseUrl::from_server_url(url)?,
            credentials: Credentials::AccessToken("t".into()),
            user_agent: "tests".to_owned(),
            max_retries: 0,
            request_timeout: std::time::Duration::from_secs(30),
            max_concurrent_requests: Some(1),
            proxy: None,
        });
        let client = setup.builder(FailingResolver)?.build()?;
        let sent = client.get(url).send().await;
        Ok(sent
            .err()
            .map(|error| Cause::from_client_error(&error, <_>::default())))
    }

    #[tokio::test]
    async fn loopback_names_are_not_looked_up() -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        // A connection that ends at once is enough for this test.
        tokio::spawn(async move { while listener.accept().await.is_ok() {} });
        for host in ["localhost", "LOCALHOST", "localhost.", "c1.localhost"] {
            let cause = failure(&format!("http://{host}:{port}")).await?;
            assert!(
                matches!(cause, Some(Cause::ConnectionLost(_))),
                "{host}: {cause:?}"
            );
        }
        let cause = failure(&format!("https://localhost.example:{port}")).await?;
        assert!(matches!(cause, Some(Cause::Dns(_))), "{cause:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_host_without_an_address_is_a_dns_error() {
        let client = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(Arc::new(SystemResolver))
            .build();
        // The top-level domain `invalid` is reserved for names without an address.
        let sent = client.map(|client| client.get("https://acme.invalid").send());
        let cause = match sent {
            Ok(sent) => sent
                .await
                .map_err(|error| Cause::from_client_error(&error, <_>::default()))
                .err(),
            Err(_) => None,
        };
        assert!(
            matches!(&cause, Some(Cause::Dns(text)) if text.contains("acme.invalid")),
            "{cause:?}"
        );
    }
}
