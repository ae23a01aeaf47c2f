//! The socket: unix where there is one, TCP on the loopback interface elsewhere or where only that is possible.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::error::Error;
use super::launch::Launch;

/// A connection, whatever it is made of.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// Where the plugin listens, in the form that the handshake line has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Tcp(SocketAddr),
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no unix sockets"))]
    Unix(PathBuf),
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
            Self::Unix(path) => path.display().fmt(formatter),
        }
    }
}

/// A bound socket that accepts connections. Dropping it removes a unix socket's file.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener, SocketAddr),
    #[cfg(unix)]
    Unix(unix::SocketFile),
}

impl Listener {
    /// Binds a unix socket, else a TCP port of the range that the host allows.
    pub(super) fn bind(launch: &Launch) -> Result<Self, Error> {
        #[cfg(unix)]
        match unix::SocketFile::bind(launch) {
            // Typically a directory whose path leaves no room for a socket's name.
            Err(Error::Listen(error)) => {
                tracing::debug!(%error, "no unix socket, falling back to TCP");
            }
            bound => return bound.map(Self::Unix),
        }
        Self::bind_tcp(launch).map_err(Error::Listen)
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
            Self::Unix(socket) => Address::Unix(socket.path.clone()),
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Tcp(listener, _) => Box::new(listener.accept().await?.0),
            #[cfg(unix)]
            Self::Unix(socket) => Box::new(socket.listener.accept().await?.0),
        })
    }
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io;
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::path::{Path, PathBuf};

    use tokio::net::UnixListener;

    use super::{Error, Launch};

    /// A unix socket whose file goes with it.
    #[derive(Debug)]
    pub(crate) struct SocketFile {
        pub(super) listener: UnixListener,
        pub(super) path: PathBuf,
    }

    impl SocketFile {
        pub(super) fn bind(launch: &Launch) -> Result<Self, Error> {
            let dir = launch.socket_dir.clone().unwrap_or_else(std::env::temp_dir);
            let socket = Self::bind_in(&dir).map_err(Error::Listen)?;
            let mode = match &launch.socket_group {
                Some(group) => {
                    chown(&socket.path, None, Some(group_id(group)?)).map_err(Error::Listen)?;
                    0o660
                }
                None => 0o600,
            };
            fs::set_permissions(&socket.path, fs::Permissions::from_mode(mode))
                .map_err(Error::Listen)?;
            Ok(socket)
        }

        /// Tries names until one is free: a killed process may have left its file, and process ids come again.
        fn bind_in(dir: &Path) -> io::Result<Self> {
            let mut last = io::Error::from(io::ErrorKind::AddrInUse);
            for attempt in 0..100 {
                let path = dir.join(format!("plugin{}{attempt:02}", std::process::id()));
                match UnixListener::bind(&path) {
                    Ok(listener) => return Ok(Self { listener, path }),
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
                    Err(error) => return Err(error),
                }
            }
            Err(last)
        }
    }

    impl Drop for SocketFile {
        fn drop(&mut self) {
            // Nobody is left to tell if it is gone already.
            let _ = fs::remove_file(&self.path);
        }
    }

    /// The number of a group given by number or by its name in `/etc/group`.
    fn group_id(group: &str) -> Result<u32, Error> {
        let by_name = || {
            let groups = fs::read_to_string("/etc/group").ok()?;
            groups.lines().find_map(|line| {
                let mut fields = line.split(':');
                (fields.next() == Some(group))
                    .then(|| fields.nth(1)?.parse().ok())
                    .flatten()
            })
        };
        group
            .parse()
            .ok()
            .or_else(by_name)
            .ok_or_else(|| Error::SocketGroup(group.to_owned()))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn groups_are_found_by_number_and_by_name() {
            assert_eq!(group_id("1234").ok(), Some(1234));
            assert_eq!(group_id("root").ok(), Some(0));
            assert!(group_id("no such group").is_err());
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::*;

    fn bind_in(socket_dir: PathBuf) -> Listener {
        let launch = Launch {
            socket_dir: Some(socket_dir),
            ports: Some(10000..=25000),
            ..Launch::default()
        };
        Listener::bind(&launch).unwrap()
    }

    #[tokio::test]
    async fn a_unix_socket_lives_as_long_as_its_listener() {
        let dir = tempfile::tempdir().unwrap();
        let first = bind_in(dir.path().to_owned());
        let second = bind_in(dir.path().to_owned());
        assert_ne!(first.address(), second.address());
        assert_eq!(first.address().network(), "unix");
        drop((first, second));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn tcp_takes_over_where_no_unix_socket_is_possible() {
        let dir = tempfile::tempdir().unwrap();
        let listener = bind_in(dir.path().join("x".repeat(120)));
        let Address::Tcp(address) = listener.address() else {
            panic!("{:?}", listener.address());
        };
        assert!(address.ip().is_loopback());
        assert!((10000..=25000).contains(&address.port()));
    }
}
