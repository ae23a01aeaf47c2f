//! The socket that the plugin listens on: a unix socket, or a loopback TCP port if only that is possible and TLS is on.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::error::Error;
use super::launch::Launch;
#[cfg(unix)]
use super::unix_socket::PrivateSocket;

/// A byte stream to one client, over a unix socket, TCP or TLS.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Connection for S {}

/// The address of the socket. `Display` writes it as the handshake line requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Tcp(SocketAddr),
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no unix sockets"))]
    Unix(String),
}

impl Address {
    pub(super) fn network(&self) -> &'static str {
        match self {
            Self::Tcp(_) => "tcp",
            Self::Unix(_) => "unix",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(formatter),
            Self::Unix(path) => path.fmt(formatter),
        }
    }
}

/// A bound socket that accepts connections. Dropping it removes a unix socket and its directory.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener, SocketAddr),
    #[cfg(unix)]
    Unix(PrivateSocket),
}

impl Listener {
    /// Binds a unix socket. If that fails and Terraform asked for TLS, binds a TCP port in the range that Terraform allows.
    /// TCP requires TLS because every user of the machine can connect to a port.
    pub(super) fn bind(launch: &Launch) -> Result<Self, Error> {
        match Self::bind_unix(launch) {
            Err(Error::PrivateSocket { reason, .. }) if launch.client_certificate.is_some() => {
                tracing::debug!(reason, "falling back to TCP");
                Self::bind_tcp(launch).map_err(Error::Listen)
            }
            bound => bound,
        }
    }

    #[cfg(unix)]
    fn bind_unix(launch: &Launch) -> Result<Self, Error> {
        PrivateSocket::bind(launch).map(Self::Unix)
    }

    #[cfg(not(unix))]
    fn bind_unix(_: &Launch) -> Result<Self, Error> {
        Err(Error::PrivateSocket {
            reason: "this system has no unix sockets".to_owned(),
            remedy: "Let Terraform start the provider, which enables TLS".to_owned(),
        })
    }

    fn bind_tcp(launch: &Launch) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for port in launch.ports.clone().unwrap_or(0..=0) {
            match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => {
                    listener.set_nonblocking(true)?;
                    let address = listener.local_addr()?;
                    return Ok(Self::Tcp(TcpListener::from_std(listener)?, address));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    pub(super) fn address(&self) -> Address {
        match self {
            Self::Tcp(_, address) => Address::Tcp(*address),
            #[cfg(unix)]
            Self::Unix(socket) => Address::Unix(socket.path().to_owned()),
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Connection>> {
        Ok(match self {
            Self::Tcp(listener, _) => Box::new(listener.accept().await?.0),
            #[cfg(unix)]
            Self::Unix(socket) => Box::new(socket.accept().await?),
        })
    }
}
