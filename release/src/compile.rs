//! Building the provider's program.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::platform::Platform;
use crate::version::{NAME, Version};
use crate::{Result, named, output};

/// A program and its packages.
#[derive(Debug)]
pub(crate) struct Built {
    /// The program.
    pub(crate) executable: PathBuf,
    /// The IDs of the packages that were compiled for the platform. Build dependencies are compiled for the build
    /// machine and are not included.
    pub(crate) linked: BTreeSet<String>,
}

/// A line of Cargo's JSON output.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact {
        package_id: String,
        filenames: Vec<PathBuf>,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

/// Returns the Cargo that runs this program, or the one on the PATH.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Returns the platform of this machine.
pub(crate) fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = output(Command::new(rustc).arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc -vV names no host")?.to_owned())
}

/// Builds the program for a platform.
pub(crate) fn compile(version: &Version, platform: &Platform, target_dir: &Path) -> Result<Built> {
    let paths = paths(target_dir)?;
    let mut command = cargo();
    command
        .args(["build", "--release", "--locked", "--package", NAME])
        .args(["--bin", NAME, "--target", &platform.triple])
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--target-dir")
        .arg(target_dir)
        .env("PROVIDER_VERSION", version.to_string())
        // Overrides the flags of the environment.
        .env_remove("RUSTFLAGS")
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            rust_flags(platform, &paths).join("\x1f"),
        );
    if !platform.is_msvc() {
        let name = format!("CFLAGS_{}", platform.triple.replace('-', "_"));
        command.env(name, c_flags(&paths).join(" "));
    }
    let report = output(&mut command)?;
    read(&report, &target_dir.join(&platform.triple))
}

fn read(report: &str, folder: &Path) -> Result<Built> {
    let (mut executable, mut linked) = (None, BTreeSet::new());
    for line in report.lines() {
        let Message::CompilerArtifact {
            package_id,
            filenames,
            executable: program,
        } = serde_json::from_str(line).map_err(named("a line of Cargo's report"))?
        else {
            continue;
        };
        if program.is_some() {
            executable = program;
        } else if filenames.iter().any(|file| file.starts_with(folder)) {
            linked.insert(package_id);
        }
    }
    Ok(Built {
        executable: executable.ok_or("Cargo built no program")?,
        linked,
    })
}

/// Returns the folders whose names must not be in the program, and their replacements. An inner folder comes after its
/// outer folder and takes precedence.
fn paths(target_dir: &Path) -> Result<Vec<(PathBuf, &'static str)>> {
    let home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => env::home_dir()
            .ok_or("no home folder; set CARGO_HOME")?
            .join(".cargo"),
    };
    Ok(vec![
        (env::current_dir()?, "/source"),
        (target_dir.to_owned(), "/target"),
        (home, "/cargo"),
    ])
}

fn rust_flags(platform: &Platform, paths: &[(PathBuf, &str)]) -> Vec<String> {
    let mut flags = platform.flags();
    flags.extend(
        paths
            .iter()
            .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())),
    );
    flags
}

fn c_flags(paths: &[(PathBuf, &str)]) -> Vec<String> {
    let flag =
        |(path, name): &(PathBuf, &str)| format!("-ffile-prefix-map={}={name}", path.display());
    paths.iter().map(flag).collect()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_for_the_platform_is_linked() {
        let report = r#"{"reason":"compiler-artifact","package_id":"syn","filenames":["/t/release/deps/libsyn.rlib"],"executable":null}
{"reason":"build-script-executed","package_id":"ring"}
{"reason":"compiler-artifact","package_id":"http","filenames":["/t/linux/release/deps/libhttp.rlib"],"executable":null}
{"reason":"compiler-artifact","package_id":"own","filenames":["/t/linux/release/own"],"executable":"/t/linux/release/own"}
{"reason":"build-finished","success":true}"#;
        let built = read(report, Path::new("/t/linux")).expect("a program");
        assert_eq!(built.executable, Path::new("/t/linux/release/own"));
        assert_eq!(built.linked, BTreeSet::from(["http".to_owned()]));
    }
}
