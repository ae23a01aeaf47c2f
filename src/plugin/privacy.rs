//! Keeps the memory of the process private: from core dumps, and from other processes of the same user.

/// Makes the system refuse both, where it can. A process that reads memory with the rights of an administrator is not kept
/// out, and neither are those of the same user outside Linux.
#[cfg(unix)]
pub(super) fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps cannot be switched off");
    }
    // The limit above does not count where a program collects core dumps; this does. It also closes /proc/PID/mem,
    // /proc/PID/environ and ptrace.
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::warn!(%error, "other processes of this user can read the memory of the provider");
    }
}

/// Does nothing: there is no safe way to ask this system.
#[cfg(not(unix))]
pub(super) fn keep_memory_private() {}
