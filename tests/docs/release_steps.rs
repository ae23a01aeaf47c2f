//! Runs the scripts of the release workflow for checksums and the signature as GitHub does.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::workflows::parse;

const NAME: &str = "terraform-provider-confluence_9.8.7";
const PLATFORMS: [&str; 6] = [
    "darwin_amd64",
    "darwin_arm64",
    "linux_amd64",
    "linux_arm64",
    "windows_amd64",
    "windows_arm64",
];
/// The SHA-256 checksum of an empty file.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A GitHub runner: a folder and an environment.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("dist")).expect("a folder");
        fs::write(folder.path().join("terraform-registry-manifest.json"), "{}").expect("a file");
        Self { folder }
    }

    /// Returns a runner that has downloaded the empty files of all platforms.
    fn with_files() -> Self {
        let machine = Self::new();
        for platform in PLATFORMS {
            for kind in ["zip", "cdx.json"] {
                machine.write(&format!("dist/{NAME}_{platform}.{kind}"), "");
            }
        }
        machine
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file");
    }

    /// Runs the step with this ID, and returns its output in `GITHUB_OUTPUT`.
    fn run(&self, job: &str, id: &str, env: &[(&str, &str)]) -> Result<String, Output> {
        let release = parse(".github/workflows/release.yml");
        let steps = release["jobs"][job]["steps"].as_array().expect("steps");
        let step = steps.iter().find(|step| step["id"] == id).expect("a step");
        self.write("output", "");
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
            .arg(step["run"].as_str().expect("a script"))
            .current_dir(self.path())
            .env("GITHUB_REF_NAME", "v9.8.7")
            .env("GITHUB_OUTPUT", self.path().join("output"))
            .env("RUNNER_TEMP", self.path())
            .env("TMPDIR", self.path())
            .envs(env.iter().copied())
            .output()
            .expect("bash");
        if !output.status.success() {
            return Err(output);
        }
        Ok(fs::read_to_string(self.path().join("output")).expect("outputs"))
    }

    /// Compares the files with these checksums, and returns the checksums of the release.
    fn checksums(&self, files: &str) -> Result<String, Output> {
        let output = self.run("checksums", "sums", &[("FILES", files)])?;
        let sums = output.strip_prefix("sums<<END\n").expect("an output");
        Ok(sums.strip_suffix("\nEND\n").expect("its end").to_owned())
    }
}

/// Returns the outputs of the build jobs.
fn build_outputs() -> String {
    let lines = PLATFORMS.map(|it| format!("{it}.zip {EMPTY}\n{it}.cdx.json {EMPTY}\n"));
    lines.concat()
}

#[test]
fn the_checksums_are_those_that_the_builds_say() {
    let sums = Machine::with_files()
        .checksums(&build_outputs())
        .expect("checksums");
    let names: Vec<_> = sums.lines().map(|line| &line[66..]).collect();
    assert_eq!(names.len(), 13, "{sums}");
    assert!(names.is_sorted() && names.contains(&&*format!("{NAME}_manifest.json")));
    let first = format!("{EMPTY}  {NAME}_darwin_amd64.cdx.json");
    assert_eq!(sums.lines().next(), Some(first.as_str()));
}

#[test]
fn files_that_the_builds_did_not_make_stop_a_release() {
    let changed = Machine::with_files();
    changed.write(&format!("dist/{NAME}_linux_amd64.zip"), "more");
    changed
        .checksums(&build_outputs())
        .expect_err("a changed file");
    let more = Machine::with_files();
    more.write("dist/more", "");
    more.checksums(&build_outputs())
        .expect_err("a file without checksum");
    let silent = build_outputs().replacen(EMPTY, "", 1);
    Machine::with_files()
        .checksums(&silent)
        .expect_err("a build without checksum");
}

#[test]
fn the_signature_fits_the_checksums() {
    let Some(key) = key("rsa3072") else {
        return;
    };
    let sums = Machine::with_files()
        .checksums(&build_outputs())
        .expect("checksums");
    let secrets = [
        ("GPG_PRIVATE_KEY", key.as_str()),
        ("GPG_PASSPHRASE", "open"),
        ("SUMS", &sums),
    ];
    let output = Machine::new()
        .run("sign", "sign", &secrets)
        .expect("a signature");
    let signature = output.trim().strip_prefix("signature=").expect("an output");

    let given = [
        ("SUMS", sums.as_str()),
        ("SIGNATURE", signature),
        ("NOTES", EMPTY),
    ];
    let machine = Machine::with_files();
    machine.write(&format!("dist/{NAME}_manifest.json"), "{}");
    machine.write("notes.md", "");
    machine
        .run("publish", "files", &given)
        .expect("the files that were signed");
    let written = machine.path().join(format!("dist/{NAME}_SHA256SUMS"));
    assert_eq!(
        fs::read_to_string(&written).expect("checksums"),
        format!("{sums}\n")
    );
    let user = machine.path().join("gnupg");
    fs::create_dir(&user).expect("a folder");
    assert!(gpg(&user, &["--import"], &key).status.success());
    let (file, signature) = (
        written.display().to_string(),
        format!("{}.sig", written.display()),
    );
    assert!(
        gpg(&user, &["--verify", &signature, &file], "")
            .status
            .success()
    );

    machine.write(&format!("dist/{NAME}_linux_arm64.zip"), "more");
    machine
        .run("publish", "files", &given)
        .expect_err("another file");
}

#[test]
fn a_key_that_the_registry_refuses_signs_nothing() {
    let Some(key) = key("ed25519") else {
        return;
    };
    let secrets = [
        ("GPG_PRIVATE_KEY", key.as_str()),
        ("GPG_PASSPHRASE", "open"),
        ("SUMS", ""),
    ];
    let failed = Machine::new()
        .run("sign", "sign", &secrets)
        .expect_err("no RSA key");
    let stderr = String::from_utf8_lossy(&failed.stderr);
    assert!(stderr.contains("no RSA key"), "{stderr}");
}

/// Returns a new key of this type, locked with a passphrase, or none if GnuPG is not installed.
fn key(kind: &str) -> Option<String> {
    let there = Command::new("gpg").arg("--version").output().is_ok();
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(there || !in_ci, "gpg is not installed");
    if !there {
        eprintln!("SKIPPED: nothing is signed, because gpg is not installed");
        return None;
    }
    let home = tempfile::tempdir().expect("a folder");
    let locked = ["--pinentry-mode", "loopback", "--passphrase", "open"];
    let arguments = [
        "--quick-generate-key",
        "Release <release@acme.example>",
        kind,
        "sign",
    ];
    let made = gpg(home.path(), &[&locked[..], &arguments].concat(), "");
    assert!(made.status.success(), "{made:?}");
    let export = gpg(
        home.path(),
        &[&locked[..], &["--armor", "--export-secret-keys"]].concat(),
        "",
    );
    let key = String::from_utf8(export.stdout).expect("text");
    assert!(key.contains("PRIVATE KEY"), "{key}");
    Some(key)
}

fn gpg(home: &Path, arguments: &[&str], input: &str) -> Output {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).expect("permissions");
    let file = home.join("input");
    fs::write(&file, input).expect("a file");
    let output = Command::new("gpg")
        .env("GNUPGHOME", home)
        .arg("--batch")
        .args(arguments)
        .stdin(fs::File::open(file).expect("a file"))
        .output();
    // Otherwise the GnuPG agent would keep running.
    let mut end = Command::new("gpgconf");
    let _ = end.env("GNUPGHOME", home).args(["--kill", "all"]).output();
    output.expect("gpg")
}
