//! The plugin's socket, which only Terraform can access.

use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::handshake::Debugged;
use crate::plugin::{BINARY, Launch, Plugin, after};
use crate::wait::within;

const LIMIT: Duration = Duration::from_secs(15);

#[tokio::test]
async fn the_socket_and_its_directory_go_with_the_process() {
    let mut plugin = Launch::like_terraform().start().await;
    let socket = PathBuf::from(&plugin.handshake.address);
    assert!(
        socket
            .metadata()
            .expect("the socket")
            .file_type()
            .is_socket()
    );
    let parent = socket.parent().and_then(Path::parent).expect("a directory");
    assert_eq!(entries(parent), 1);
    let parent = parent.to_owned();
    plugin.shut_down().await;
    assert_eq!(entries(&parent), 0, "something is left behind");

    let debugged = Debugged::start().await;
    let (_, socket) = debugged.address();
    let dir = Path::new(socket).parent().expect("a directory").to_owned();
    assert_eq!(dir.parent(), Some(debugged.dir()));
    assert_eq!(debugged.interrupt().await, Some(0));
    assert!(!dir.exists(), "something is left behind");
}

#[tokio::test]
async fn only_this_user_can_reach_the_socket_whatever_the_umask() {
    for umask in ["umask 000", "umask 022", "umask 077"] {
        let plugin = Launch::like_terraform().start_as(after(umask)).await;
        assert_closed(&plugin.handshake.network, &plugin.handshake.address, umask);
        let plugin = Launch::plaintext().start_as(after(umask)).await;
        assert_closed(&plugin.handshake.network, &plugin.handshake.address, umask);
        let debugged = Debugged::start_as(Debugged::launch(), after(umask)).await;
        let (network, address) = debugged.address();
        assert_closed(network, address, umask);
        debugged.interrupt().await;
    }
}

/// No step of the start may allow access to others. With umask 000, the directory keeps its initial permissions.
fn assert_closed(network: &str, address: &str, umask: &str) {
    assert_eq!(network, "unix", "{umask}");
    let socket = Path::new(address);
    assert_eq!(mode(socket), 0o600, "{umask}");
    assert_eq!(
        mode(socket.parent().expect("a directory")),
        0o700,
        "{umask}"
    );
}

#[tokio::test]
async fn a_group_that_the_host_names_can_reach_the_socket() {
    let launch = Launch::like_terraform();
    let group = launch.dir().metadata().expect("a directory").gid();
    let plugin = launch
        .env("PLUGIN_UNIX_SOCKET_GROUP", &group.to_string())
        .start()
        .await;
    let socket = Path::new(&plugin.handshake.address);
    let dir = socket.parent().expect("a directory");
    assert_eq!((mode(socket), mode(dir)), (0o660, 0o710));
    for path in [socket, dir] {
        assert_eq!(path.metadata().expect("a file").gid(), group);
    }
}

#[tokio::test]
async fn socket_names_of_other_users_do_not_matter() {
    // All names that a process with this ID could use.
    let taken = r#"i=0; while [ $i -lt 100 ]; do : > "$TMPDIR/plugin$$$(printf %02d $i)"; i=$((i + 1)); done"#;
    let debugged = Debugged::start_as(Debugged::launch(), after(taken)).await;
    assert_eq!(debugged.address().0, "unix");
    assert_eq!(debugged.interrupt().await, Some(0));
    let plugin = Launch::plaintext().start_as(after(taken)).await;
    assert_eq!(plugin.handshake.network, "unix");
}

#[tokio::test]
async fn the_host_may_choose_the_directory_of_the_socket() {
    let launch = Launch::like_terraform();
    let dir = tempfile::tempdir_in(launch.dir()).expect("a directory");
    let dir = dir.path().display().to_string();
    let plugin = launch.env("PLUGIN_UNIX_SOCKET_DIR", &dir).start().await;
    assert!(plugin.handshake.address.starts_with(&dir));
}

#[tokio::test]
async fn terraform_can_run_in_another_folder() {
    let launch = Debugged::launch().env("TMPDIR", "folder");
    let dir = launch.dir().join("folder");
    std::fs::create_dir(&dir).expect("a directory");
    let mut command = Command::new(BINARY);
    command.current_dir(launch.dir());
    let debugged = Debugged::start_as(launch, command).await;
    let (_, address) = debugged.address();
    assert!(Path::new(address).is_absolute(), "{address}");
    debugged.interrupt().await;
}

/// Folders that allow no Unix socket for Terraform, with the reason in the error.
fn unfit() -> [(String, &'static str); 4] {
    [
        ("d".repeat(120), "its path is too long"),
        ("a|b".to_owned(), "a control character"),
        ("a\nb".to_owned(), "a control character"),
        ("file/folder".to_owned(), "Not a directory"),
    ]
}

/// Creates a folder for the plugin's temporary files.
fn in_folder(launch: Launch, name: &str) -> (Launch, PathBuf) {
    let folder = launch.dir().join(name);
    std::fs::write(launch.dir().join("file"), "").expect("a file");
    // Fails for the folder inside a file. The plugin gets the same error.
    let _ = std::fs::create_dir(&folder);
    let launch = launch.env("TMPDIR", &folder.display().to_string());
    (launch, folder)
}

#[tokio::test]
async fn with_tls_tcp_replaces_an_impossible_unix_socket() {
    for (name, _) in unfit() {
        let (launch, _) = in_folder(Launch::like_terraform(), &name);
        let plugin = launch.start().await;
        assert_on_tcp(&plugin);
        assert_served(&plugin).await;
    }
}

#[tokio::test]
async fn without_tls_an_impossible_unix_socket_is_an_error() {
    for start in [Launch::plaintext, Debugged::launch] {
        for (name, reason) in unfit() {
            assert_refused(in_folder(start(), &name).0, reason).await;
        }
        let (launch, folder) = in_folder(start(), "open");
        let all = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(folder, all).expect("permissions");
        assert_refused(launch, "every user can replace its entries").await;
    }
}

async fn assert_refused(launch: Launch, reason: &str) {
    let refusal = launch.run().await;
    assert_eq!(refusal.code, Some(1), "{refusal:?}");
    assert_eq!(refusal.stdout, "", "nobody may be served");
    for part in [reason, "Without TLS", "Set TMPDIR"] {
        assert!(refusal.stderr.contains(part), "{part:?}: {refusal:?}");
    }
}

#[tokio::test]
async fn the_line_to_attach_survives_a_shell() {
    let (launch, folder) = in_folder(Debugged::launch(), "it's");
    let debugged = Debugged::start_as(launch, Command::new(BINARY)).await;
    let path = folder.display().to_string();
    assert!(debugged.address().1.starts_with(&path));
    assert!(!debugged.quoted().contains('\''), "{}", debugged.quoted());
    debugged.interrupt().await;
}

#[tokio::test]
async fn silent_connections_do_not_keep_terraform_out() {
    let (launch, _) = in_folder(Launch::like_terraform(), &"d".repeat(120));
    // The limit of descriptors is lower than the number of connections.
    let plugin = launch.start_as(after("ulimit -n 96")).await;
    assert_on_tcp(&plugin);
    let mut silent = connections(&plugin, 200).await;
    assert_served(&plugin).await;
    let mut newest = silent.pop().expect("a connection");
    let mut oldest = silent.swap_remove(0);
    let end = within("the end of the oldest", LIMIT, oldest.read(&mut [0])).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    let newest = newest.read(&mut [0]).now_or_never();
    assert!(newest.is_none(), "only the oldest had to go");
}

/// With very few descriptors, accepting fails before the limit is reached. The plugin then also closes the oldest
/// connection.
#[tokio::test]
async fn silent_connections_do_not_take_all_descriptors() {
    let (launch, _) = in_folder(Launch::like_terraform(), &"d".repeat(120));
    let plugin = launch.start_as(after("ulimit -n 24")).await;
    let silent = connections(&plugin, 60).await;
    assert_served(&plugin).await;
    drop(silent);
}

async fn connections(plugin: &Plugin, count: usize) -> Vec<TcpStream> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let connection = TcpStream::connect(&plugin.handshake.address).await;
        connections.push(connection.expect("a connection"));
    }
    connections
}

fn assert_on_tcp(plugin: &Plugin) {
    assert_eq!(plugin.handshake.network, "tcp");
    let (host, port) = plugin
        .handshake
        .address
        .split_once(':')
        .expect("host and port");
    assert_eq!(host, "127.0.0.1");
    let port: u16 = port.parse().expect("a port");
    assert!((10_000..=25_000).contains(&port), "{port}");
}

async fn assert_served(plugin: &Plugin) {
    let tls = plugin.trusting(Some(plugin.identity()));
    let health = within("an answer", LIMIT, plugin.health(Some(tls))).await;
    assert_eq!(health, Ok(1));
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().expect("a file").mode() & 0o7777
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a directory").count()
}
