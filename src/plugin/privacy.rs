//! Protects the memory of the process from core dumps and from other processes of the same user.

/// Disables core dumps and, on Linux, access by other processes of the same user. An administrator can still read the
/// memory.
#[cfg(unix)]
pub(super) fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps cannot be disabled");
    }
    // The limit above has no effect if a program collects core dumps, but this setting does. It also denies access to
    // /proc/PID/mem and /proc/PID/environ, and by ptrace.
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::warn!(%error, "other processes of this user can read the memory of the provider");
    }
}

/// Does nothing, because this system has no safe API for it.
#[cfg(not(unix))]
pub(super) fn keep_memory_private() {}
