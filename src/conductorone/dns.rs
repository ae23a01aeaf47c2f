//! Looking up hosts.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

#[cfg(all(target_os = "linux", any(test, target_feature = "crt-static")))]
mod stub;

/// The system's resolver, with an error that can be told from other failures to connect.
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
            match addresses(name.as_str()).await {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(error) => Err(DnsFailure {
                    name: name.as_str().to_owned(),
                    error,
                }
                .into()),
            }
        })
    }
}

#[cfg(not(all(target_os = "linux", target_feature = "crt-static")))]
async fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

#[cfg(all(target_os = "linux", target_feature = "crt-static"))]
async fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    let found = stub::Stub::of_the_system().lookup(host).await?;
    Ok(found
        .into_iter()
        .map(|address| (address, 0).into())
        .collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::cause::Cause;
    use super::SystemResolver;

    #[tokio::test]
    async fn a_host_without_an_address_is_told_from_other_failures() {
        let client = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(Arc::new(SystemResolver))
            .build();
        // The top-level domain is reserved for names without an address.
        let sent = client.map(|client| client.get("https://acme.invalid").send());
        let cause = match sent {
            Ok(sent) => sent
                .await
                .map_err(|error| Cause::of_client(&error, <_>::default()))
                .err(),
            Err(_) => None,
        };
        assert!(
            matches!(&cause, Some(Cause::Dns(text)) if text.contains("acme.invalid")),
            "{cause:?}"
        );
    }
}
