//! The memory of the process, which holds secrets.

#![cfg(target_os = "linux")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;

use crate::handshake::Debugged;
use crate::plugin::{BINARY, Launch};

/// Root can read everything, so if root runs the test, the user `nobody` runs the plugin.
const NOBODY: u32 = 65534;

/// A user without administrator rights.
struct User {
    id: Option<u32>,
    /// Copies the plugin, because other users may not be able to read root's folders.
    programs: TempDir,
}

impl User {
    fn new() -> Self {
        let programs = tempfile::tempdir().expect("a directory");
        let is_root = fs::metadata("/proc/self").is_ok_and(|me| {
            use std::os::unix::fs::MetadataExt;
            me.uid() == 0
        });
        if is_root {
            fs::set_permissions(programs.path(), Permissions::from_mode(0o755)).expect("a folder");
            // Another process copies the file. A file that is open for writing cannot run if another test forks at the
            // same time.
            let copied = std::process::Command::new("cp")
                .args([Path::new(BINARY), &programs.path().join("plugin")])
                .status();
            assert!(copied.expect("`cp` runs").success());
        }
        Self {
            id: is_root.then_some(NOBODY),
            programs,
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        if let Some(id) = self.id {
            command.uid(id).gid(id);
        }
        command
    }

    fn plugin(&self, launch: &Launch) -> Command {
        let Some(id) = self.id else {
            return Command::new(BINARY);
        };
        chown(launch.dir(), Some(id), Some(id)).expect("a directory");
        let copy: PathBuf = self.programs.path().join("plugin");
        self.command(&copy.display().to_string())
    }

    /// Returns whether this user can read a file in the `/proc` folder of a process.
    async fn reads(&self, process: u32, file: &str) -> bool {
        let mut cat = self.command("cat");
        let output = cat.arg(format!("/proc/{process}/{file}")).output().await;
        output.expect("`cat` runs").status.success()
    }
}

#[tokio::test]
async fn other_processes_of_the_user_cannot_read_the_provider() {
    let user = User::new();
    let launch = Launch::like_terraform().env("CONDUCTORONE_CLIENT_SECRET", "shh");
    let command = user.plugin(&launch);
    let plugin = launch.start_as(command).await;
    assert!(user.reads(plugin.id(), "status").await, "it runs");
    for file in ["environ", "maps", "mem"] {
        assert!(!user.reads(plugin.id(), file).await, "{file}");
    }
}

#[tokio::test]
async fn a_debugger_can_attach_in_debug_mode() {
    let user = User::new();
    let launch = Debugged::launch();
    let command = user.plugin(&launch);
    let debugged = Debugged::start_as(launch, command).await;
    assert!(user.reads(debugged.id(), "environ").await);
    debugged.interrupt().await;
}

#[tokio::test]
async fn no_core_is_dumped() {
    let plugin = Launch::like_terraform().start().await;
    let limits = fs::read_to_string(format!("/proc/{}/limits", plugin.id())).expect("limits");
    let core = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"))
        .expect("a limit of cores");
    let core: Vec<_> = core.split_whitespace().take(2).collect();
    assert_eq!(core, ["0", "0"], "soft and hard limit");
}
