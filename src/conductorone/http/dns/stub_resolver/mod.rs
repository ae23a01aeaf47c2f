//! The resolver of a static binary.
//!
//! `getaddrinfo` of a static glibc loads the modules in the machine's `/etc/nsswitch.conf`. These modules belong to
//! the machine's glibc and may crash in another one. A static binary therefore reads `/etc/hosts` and
//! `/etc/resolv.conf` and asks the name servers itself, as Go programs without C do.

use std::io;
use std::iter::repeat_n;
use std::net::{IpAddr, Ipv4Addr};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup_ip::LookupIp;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::parse_resolv_conf;

/// The machine's configuration. Each lookup reads it again, because networks change. Lookups are rare, because the
/// client keeps its connections.
#[derive(Debug)]
pub(super) struct StubResolver {
    /// The content of `/etc/hosts`.
    hosts: String,
    /// The content of `/etc/resolv.conf`.
    resolv_conf: String,
    /// The port of the name servers.
    port: u16,
}

impl StubResolver {
    /// Reads the machine's configuration. Like the C library, treats an unreadable file as empty.
    #[cfg(target_feature = "crt-static")]
    pub(super) fn from_system() -> Self {
        let content = |path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Self {
            hosts: content("/etc/hosts"),
            resolv_conf: content("/etc/resolv.conf"),
            port: 53,
        }
    }

    /// Returns the addresses of a host from `/etc/hosts`, or else from a name server.
    pub(super) async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let listed = self.hosts_file_addresses(host);
        if !listed.is_empty() {
            return Ok(listed);
        }
        let found = self.ask(host).await.map_err(io_error)?;
        let addresses: Vec<_> = found.iter().collect();
        if addresses.is_empty() {
            return Err(unknown());
        }
        Ok(addresses)
    }

    /// Returns the addresses that `/etc/hosts` lists for a host.
    fn hosts_file_addresses(&self, host: &str) -> Vec<IpAddr> {
        let host = host.trim_end_matches('.');
        let lines = self.hosts.lines();
        let listed = lines.filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            let address = words.next()?.parse().ok()?;
            words
                .any(|name| name.eq_ignore_ascii_case(host))
                .then_some(address)
        });
        listed.collect()
    }

    /// Asks one name server after the other, as the C library does, and uses the first answer. The resolver would ask
    /// several servers at once, and the fastest one may not know a name that only the first one knows. If the first
    /// server is silent, the resolver's time limit leaves no time for the next one.
    async fn ask(&self, host: &str) -> Result<LookupIp, NetError> {
        let (config, mut options) = self.settings()?;
        let rounds = std::mem::take(&mut options.attempts).max(1);
        let mut failure = NetError::NoConnections;
        for server in repeat_n(&config.name_servers, rounds).flatten() {
            match self
                .resolver(&config, &options, server)?
                .lookup_ip(host)
                .await
            {
                Err(error) if !error.is_no_records_found() => failure = error,
                answer => return answer,
            }
        }
        Err(failure)
    }

    fn resolver(
        &self,
        config: &ResolverConfig,
        options: &ResolverOpts,
        server: &NameServerConfig,
    ) -> Result<TokioResolver, NetError> {
        let mut server = server.clone();
        for connection in &mut server.connections {
            connection.port = self.port;
        }
        let mut config = config.clone();
        config.name_servers = vec![server];
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options.clone())
            .build()
    }

    fn settings(&self) -> Result<(ResolverConfig, ResolverOpts), NetError> {
        let mut text = self.resolv_conf.clone();
        let servers = |line: &str| line.trim_start().starts_with("nameserver");
        if !text.lines().any(servers) {
            text = format!("{text}\nnameserver {}\n", Ipv4Addr::LOCALHOST);
        }
        let (mut config, mut options) = parse_resolv_conf(text)?;
        if !config.search.is_empty() {
            // Otherwise, the resolver would also search the domain of the machine's own name.
            config.domain = None;
        }
        options.use_hosts_file = ResolveHosts::Never;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        Ok((config, options))
    }
}

fn io_error(error: NetError) -> io::Error {
    if error.is_no_records_found() {
        unknown()
    } else {
        io::Error::other(error)
    }
}

fn unknown() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no DNS server knows an address")
}

#[cfg(test)]
mod tests;
