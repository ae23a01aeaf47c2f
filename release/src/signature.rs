//! Signing with GnuPG.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Result, named, output};

/// The number of RSA in GnuPG's output.
const RSA: &str = "1";

/// Writes the binary signature of a file next to it.
pub(crate) fn sign(key: &str, file: &Path, signature: &Path) -> Result<()> {
    check(key)?;
    let mut gpg = Command::new("gpg");
    gpg.args(["--batch", "--yes", "--local-user", key]);
    let passphrase = env::var("GPG_PASSPHRASE").unwrap_or_default();
    if !passphrase.is_empty() {
        gpg.args(["--pinentry-mode", "loopback", "--passphrase-fd", "0"]);
    }
    gpg.arg("--output")
        .arg(signature)
        .arg("--detach-sign")
        .arg(file);
    let mut gpg = gpg.stdin(Stdio::piped()).spawn().map_err(named("gpg"))?;
    if let Some(mut stdin) = gpg.stdin.take() {
        stdin.write_all(passphrase.as_bytes())?;
    }
    let status = gpg.wait()?;
    if !status.success() {
        return Err(format!("gpg: {status}").into());
    }
    writeln!(std::io::stdout(), "{}", signature.display())?;
    Ok(())
}

/// Checks for an RSA key. The Registry does not accept the elliptic curves that GnuPG uses by default.
fn check(key: &str) -> Result<()> {
    let listing =
        output(Command::new("gpg").args(["--batch", "--with-colons", "--list-secret-keys", key]))?;
    let mut keys = listing.lines().filter(|line| line.starts_with("sec:"));
    if keys.all(|line| line.split(':').nth(3) == Some(RSA)) {
        return Ok(());
    }
    Err(format!("the key {key} is not an RSA key, which the Terraform Registry requires").into())
}
