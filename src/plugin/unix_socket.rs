//! A unix socket that other users of the machine cannot reach.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use tokio::net::{UnixListener, UnixStream};

use super::error::Error;
use super::launch::Launch;

/// The file name of the socket. It is short because the path of a socket may have only about 100 bytes.
const NAME: &str = "s";
/// How many directory names to try if a name is already taken.
const ATTEMPTS: usize = 16;

/// A socket in a new directory. Dropping it removes both.
#[derive(Debug)]
pub(super) struct PrivateSocket {
    listener: UnixListener,
    path: String,
    _dir: PrivateDir,
}

impl PrivateSocket {
    /// Binds a socket below the directory that Terraform names, or below the directory for temporary files.
    pub(super) fn bind(launch: &Launch) -> Result<Self, Error> {
        let (variable, parent) = match &launch.socket_dir {
            Some(dir) => ("PLUGIN_UNIX_SOCKET_DIR", dir.clone()),
            None => ("TMPDIR", temporary_dir()),
        };
        let group = launch.socket_group.as_deref().map(group_id).transpose()?;
        let refused = |error: io::Error| Error::PrivateSocket {
            reason: format!(
                "no unix socket can be created in {}: {error}",
                parent.display().to_string().escape_debug()
            ),
            remedy: format!(
                "Set {variable} to a directory with a short path that you can write to, for example {variable}=/tmp"
            ),
        };
        if launch.client_certificate.is_none() {
            check_replacement_protection(&parent).map_err(refused)?;
        }
        Self::bind_in(&parent, group).map_err(refused)
    }

    /// Binds a socket in a new directory below `parent`. No other user can enter the directory before all permissions are
    /// set.
    fn bind_in(parent: &Path, group: Option<u32>) -> io::Result<Self> {
        // The path must be absolute because Terraform may run in another directory.
        let dir = PrivateDir::create_in(&std::path::absolute(parent)?, random_name)?;
        let path = handshake_path(dir.socket())?;
        let listener = UnixListener::bind(&path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => io::Error::other("its path is too long for a socket"),
            _ => error,
        })?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        if let Some(group) = group {
            for (path, mode) in [(Path::new(&path), 0o660), (dir.path.as_path(), 0o710)] {
                chown(path, None, Some(group))?;
                fs::set_permissions(path, Permissions::from_mode(mode))?;
            }
        }
        Ok(Self {
            listener,
            path,
            _dir: dir,
        })
    }

    /// The absolute path of the socket.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        Ok(self.listener.accept().await?.0)
    }
}

/// Returns the directory for temporary files. As in Go, an empty `TMPDIR` counts as unset.
fn temporary_dir() -> PathBuf {
    let dir = std::env::temp_dir();
    if dir.as_os_str().is_empty() {
        return PathBuf::from("/tmp");
    }
    dir
}

/// Checks that other users cannot replace an entry of `parent`. Without TLS, the path is the only proof for Terraform that
/// it talks to this process.
fn check_replacement_protection(parent: &Path) -> io::Result<()> {
    const STICKY: u32 = 0o1000;
    const WRITABLE_BY_ALL: u32 = 0o002;
    let mode = fs::metadata(parent)?.permissions().mode();
    if mode & WRITABLE_BY_ALL != 0 && mode & STICKY == 0 {
        return Err(io::Error::other(
            "every user can replace its entries, because it is writable by all and has no sticky bit",
        ));
    }
    Ok(())
}

/// Returns the path for the handshake line, which cannot contain its own separators.
fn handshake_path(path: PathBuf) -> io::Result<String> {
    let path = path.into_os_string().into_string();
    let path = path.map_err(|_| io::Error::other("its path is not UTF-8 text"))?;
    if path.contains(|char: char| char == '|' || char.is_control()) {
        return Err(io::Error::other(
            "its path contains \"|\" or a control character, which Terraform cannot read",
        ));
    }
    Ok(path)
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 6];
    rand::fill(&mut bytes).map_err(|_| io::Error::other("no random numbers are available"))?;
    let digits = bytes.map(|byte| format!("{byte:02x}"));
    Ok(format!("plugin{}", digits.concat()))
}

/// A directory that only this user can enter. Dropping it removes the socket and the directory.
#[derive(Debug)]
struct PrivateDir {
    path: PathBuf,
}

impl PrivateDir {
    /// Creates a new directory in `parent`. An existing entry is never used, because another user may have created it.
    fn create_in(parent: &Path, name: impl Fn() -> io::Result<String>) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..ATTEMPTS {
            let path = parent.join(name()?);
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Self { path }.checked(),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// Checks the permissions, because some file systems do not support them.
    fn checked(self) -> io::Result<Self> {
        const OTHERS: u32 = 0o077;
        let mode = fs::symlink_metadata(&self.path)?.permissions().mode();
        if mode & OTHERS == 0 {
            return Ok(self);
        }
        Err(io::Error::other(
            "its file system does not support directory permissions",
        ))
    }

    fn socket(&self) -> PathBuf {
        self.path.join(NAME)
    }
}

impl Drop for PrivateDir {
    fn drop(&mut self) {
        // An error means that the socket or the directory is already gone.
        let _ = fs::remove_file(self.socket());
        let _ = fs::remove_dir(&self.path);
    }
}

/// Returns the ID of a group, given as a number or as a name in `/etc/group`.
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
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::cell::RefCell;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn groups_are_found_by_number_and_by_name() {
        assert_eq!(group_id("1234").ok(), Some(1234));
        assert_eq!(group_id("root").ok(), Some(0));
        assert!(group_id("no such group").is_err());
    }

    #[test]
    fn existing_entries_are_never_used() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        fs::create_dir(at("dir")).unwrap();
        fs::write(at("file"), "theirs").unwrap();
        symlink(at("dir"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        let names = RefCell::new(vec!["free", "dangling", "link", "file", "dir"]);
        let next = || Ok(names.borrow_mut().pop().unwrap_or("dir").to_owned());
        let dir = PrivateDir::create_in(parent.path(), next).unwrap();
        assert_eq!(dir.path, at("free"));
        drop(dir);
        assert!(!at("free").exists() && !at("nowhere").exists());
        assert_eq!(fs::read(at("file")).unwrap(), b"theirs");
        let exhausted = PrivateDir::create_in(parent.path(), next).unwrap_err();
        assert_eq!(exhausted.kind(), io::ErrorKind::AlreadyExists);
        assert!(at("dir").exists());
    }

    #[test]
    fn a_path_must_fit_into_the_handshake_line() {
        let fits = |path: &[u8]| handshake_path(OsStr::from_bytes(path).into()).is_ok();
        assert!(fits("/tmp/with space/ü".as_bytes()));
        for path in [&b"/a|b"[..], b"/a\nb", b"/a\rb", b"/a\x1b[2J", b"/\xff"] {
            assert!(!fits(path), "{path:?}");
        }
    }
}
