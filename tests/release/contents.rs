//! The files of a release, and the contents of the zip.

use std::process::Command;

use serde_json::{Value, json};

use crate::files::{VERSION, checkout, output, program, release, sha256};
use crate::terraform::platform;

#[test]
fn the_names_are_those_that_registries_look_for() {
    let files = release().files();
    let names: Vec<_> = files.keys().collect();
    let name = |what: &str| format!("terraform-provider-confluence_{VERSION}_{what}");
    let (zip, bill) = (
        format!("{}.zip", platform()),
        format!("{}.cdx.json", platform()),
    );
    let expected = ["SHA256SUMS", &bill, &zip, "manifest.json"].map(name);
    assert_eq!(names, expected.iter().collect::<Vec<_>>());
}

#[test]
fn the_checksums_cover_all_other_files() {
    let release = release();
    let sums = String::from_utf8(release.read("SHA256SUMS")).expect("text");
    let others = release.files().into_iter();
    let expected: Vec<_> = others
        .filter(|(name, _)| !name.ends_with("SHA256SUMS"))
        .map(|(name, content)| format!("{}  {name}\n", sha256(&content)))
        .collect();
    assert_eq!(sums, expected.concat());
}

#[test]
fn the_manifest_names_the_protocol() {
    let manifest: Value = serde_json::from_slice(&release().read("manifest.json")).expect("JSON");
    assert_eq!(
        manifest,
        json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}})
    );
}

#[test]
fn the_zip_holds_the_program_and_what_belongs_to_it() {
    let zip = release().zip();
    let names: Vec<_> = zip.entries.keys().cloned().collect();
    let documents = [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "THIRD-PARTY-LICENSES.txt",
    ];
    assert_eq!(names, [&documents[..], &[&program()]].concat());
    for (name, entry) in &zip.entries {
        let mode = if *name == program() {
            0o100_755
        } else {
            0o100_644
        };
        assert_eq!(entry.mode, Some(mode), "{name}");
    }
    let license = std::fs::read(checkout().join("LICENSE")).expect("a license");
    assert_eq!(zip.entries["LICENSE"].content, license);
}

#[test]
fn the_files_are_as_old_as_the_last_commit() {
    let mut git = Command::new("git");
    git.current_dir(checkout()).env("TZ", "UTC").args([
        "log",
        "-1",
        "--format=%cd",
        "--date=format-local:%F %T",
    ]);
    let commit = output(&mut git);
    for (name, entry) in release().zip().entries {
        let time = entry.time.expect("a time");
        // Zips store times in steps of two seconds.
        let time = format!(
            "{}-{:02}-{:02} {:02}:{:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        );
        let (minute, second) = commit.trim().rsplit_once(':').expect("a time");
        let second: u8 = second.parse().expect("seconds");
        assert_eq!(time, format!("{minute}:{:02}", second / 2 * 2), "{name}");
    }
}
