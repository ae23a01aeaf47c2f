//! The platforms of a release.

use std::fmt;

use crate::Result;

/// A target of the compiler with its Terraform name, such as `linux_amd64`.
#[derive(Debug)]
pub(crate) struct Platform {
    /// The compiler's name, for example `x86_64-unknown-linux-musl`.
    pub(crate) triple: String,
    os: &'static str,
    arch: &'static str,
}

impl Platform {
    /// Parses the compiler's name of a platform.
    pub(crate) fn of(triple: &str) -> Result<Self> {
        let mut parts = triple.split('-');
        let arch = match parts.next() {
            Some("x86_64") => "amd64",
            Some("aarch64") => "arm64",
            _ => return Err(format!("releases do not support the target {triple}").into()),
        };
        let os = match parts.nth(1) {
            Some("linux") => "linux",
            Some("darwin") => "darwin",
            Some("windows") => "windows",
            _ => return Err(format!("releases do not support the target {triple}").into()),
        };
        Ok(Self {
            triple: triple.to_owned(),
            os,
            arch,
        })
    }

    /// Returns the extension of a program.
    pub(crate) fn executable_suffix(&self) -> &'static str {
        if self.os == "windows" { ".exe" } else { "" }
    }

    /// Returns whether the GNU C library is linked in.
    pub(crate) fn has_glibc(&self) -> bool {
        self.triple.ends_with("-linux-gnu")
    }

    /// Returns whether Microsoft's compiler and linker are used.
    pub(crate) fn is_msvc(&self) -> bool {
        self.triple.ends_with("-msvc")
    }

    /// Returns the compiler flags for a program that requires no library of the system. On macOS, the program still
    /// uses the system library.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if self.os != "darwin" {
            flags.push("-Ctarget-feature=+crt-static".to_owned());
        }
        if self.os == "linux" {
            // Packed relocations make the program 0.4 MB smaller. They require glibc 2.36 or musl 1.2.4 on the machine
            // that builds.
            flags.push("-Clink-arg=-Wl,-z,pack-relative-relocs".to_owned());
        }
        if self.is_msvc() {
            // Otherwise the linker writes the time into the program.
            flags.push("-Clink-arg=/Brepro".to_owned());
        }
        flags
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", self.os, self.arch)
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn targets_have_terraforms_names() {
        for (triple, name) in [
            ("x86_64-unknown-linux-gnu", "linux_amd64"),
            ("aarch64-unknown-linux-musl", "linux_arm64"),
            ("aarch64-apple-darwin", "darwin_arm64"),
            ("x86_64-pc-windows-msvc", "windows_amd64"),
        ] {
            assert_eq!(Platform::of(triple).expect(triple).to_string(), name);
        }
        for triple in [
            "",
            "x86_64",
            "i686-unknown-linux-gnu",
            "x86_64-unknown-freebsd",
        ] {
            assert!(Platform::of(triple).is_err(), "{triple}");
        }
    }

    #[test]
    fn what_can_be_static_is_static() {
        for triple in [
            "x86_64-unknown-linux-gnu",
            "aarch64-unknown-linux-musl",
            "x86_64-pc-windows-msvc",
        ] {
            let flags = Platform::of(triple).expect(triple).flags().concat();
            assert!(flags.contains("+crt-static"), "{triple}");
        }
    }
}
