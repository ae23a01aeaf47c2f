//! Signatures with test keys.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::files::{Release, VERSION, checkout, output, target};
use crate::terraform::skip;

/// A user of GnuPG.
struct User {
    home: TempDir,
}

impl User {
    /// Returns a user with a key of this type, or none if GnuPG is not installed.
    fn with_key(kind: &str) -> Option<Self> {
        let there = Command::new("gpg").arg("--version").output().is_ok();
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(there || !in_ci, "gpg is not installed");
        if !there {
            skip("no release is signed: gpg is not installed");
            return None;
        }
        let user = Self {
            home: tempfile::tempdir().expect("a folder"),
        };
        output(Command::new("chmod").arg("700").arg(user.home.path()));
        let name = "Release <release@acme.example>";
        output(user.gpg().args([
            "--passphrase",
            "",
            "--quick-generate-key",
            name,
            kind,
            "sign",
        ]));
        Some(user)
    }

    fn gpg(&self) -> Command {
        let mut gpg = Command::new("gpg");
        gpg.env("GNUPGHOME", self.home.path()).arg("--batch");
        gpg
    }

    fn release(&self) -> Release {
        let home = format!("GNUPGHOME={}", self.home.path().display());
        let settings = ["GPG_KEY=release@acme.example", &home];
        Release::make(checkout(), &target(), &settings)
    }

    fn verify(&self, signature: &Path, file: &Path) -> bool {
        let status = self.gpg().arg("--verify").arg(signature).arg(file).output();
        status.expect("gpg").status.success()
    }
}

impl Drop for User {
    fn drop(&mut self) {
        // Otherwise the GnuPG agent would keep running.
        let mut end = Command::new("gpgconf");
        end.env("GNUPGHOME", self.home.path())
            .args(["--kill", "all"]);
        let _ = end.output();
    }
}

#[test]
fn the_checksums_are_signed_with_the_key() {
    let Some(user) = User::with_key("rsa3072") else {
        return;
    };
    let release = user.release();
    let (sums, signature) = (release.path("SHA256SUMS"), release.path("SHA256SUMS.sig"));
    assert!(user.verify(&signature, &sums));
    let bytes = fs::read(&signature).expect("a signature");
    assert!(
        !bytes.starts_with(b"-----BEGIN"),
        "the Registry wants the binary form"
    );
    let text = fs::read_to_string(&sums).expect("checksums");
    assert!(!text.contains(".sig"), "{text}");
    fs::write(&sums, text.replacen('0', "1", 1)).expect("a file");
    assert!(!user.verify(&signature, &sums));
}

#[test]
fn a_key_that_the_registry_refuses_signs_nothing() {
    let Some(user) = User::with_key("ed25519") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let error = finish(folder.path(), Some(&user));
    assert!(error.contains("is not an RSA key"), "{error}");
}

#[test]
fn a_signature_of_an_earlier_run_does_not_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = format!("terraform-provider-confluence_{VERSION}_SHA256SUMS.sig");
    let old = folder.path().join(name);
    fs::write(&old, "old").expect("a file");
    let error = finish(folder.path(), None);
    assert_eq!(error, "");
    assert!(!old.exists());
}

/// Finishes a release of one empty zip, and returns the error output.
fn finish(folder: &Path, user: Option<&User>) -> String {
    // The program that built the shared release.
    let _ = crate::files::release();
    let zip = format!("terraform-provider-confluence_{VERSION}_linux_amd64.zip");
    fs::write(folder.join(zip), "").expect("a file");
    let mut finish = Command::new(target().join("debug/confluence-release"));
    finish
        .current_dir(checkout())
        .args(["finish", "--version", VERSION, "--out"])
        .arg(folder);
    if let Some(user) = user {
        finish.args(["--gpg-key", "release@acme.example"]);
        finish.env("GNUPGHOME", user.home.path());
    }
    let output = finish.output().expect("the program runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}
