//! The program: its dependencies and its output.

use std::process::Command;

use crate::files::{VERSION, checkout, output, release};

/// Such a program runs on any Linux with any C library, and in an empty container.
#[cfg(target_os = "linux")]
#[test]
fn the_program_needs_no_library() {
    let program = release().program();
    let readelf = |flag: &str| output(Command::new("readelf").arg(flag).arg("-W").arg(&program));
    let headers = readelf("--program-headers");
    assert!(!headers.contains("INTERP"), "{headers}");
    let dynamic = readelf("--dynamic");
    assert!(!dynamic.contains("NEEDED"), "{dynamic}");
    let versions = readelf("--version-info");
    assert!(versions.contains("No version information"), "{versions}");
    let symbols = readelf("--dyn-syms");
    assert!(!symbols.contains("GLIBC"), "{symbols}");
    // Older versions of `ldd` fail for a program without libraries.
    let ldd = Command::new("ldd").arg(&program).output().expect("ldd");
    let ldd = [ldd.stdout, ldd.stderr].concat();
    let ldd = String::from_utf8_lossy(&ldd);
    let none = ["statically linked", "not a dynamic executable"];
    assert!(none.iter().any(|it| ldd.contains(it)), "{ldd}");
}

#[test]
fn the_program_prints_the_requested_version() {
    let output = output(Command::new(release().program()).arg("-version"));
    assert_eq!(output, format!("terraform-provider-confluence {VERSION}\n"));
}

#[test]
fn the_program_names_no_folder_of_this_machine() {
    let program = std::fs::read(release().program()).expect("a program");
    let home = std::env::home_dir().expect("a home");
    for folder in [checkout(), &crate::files::target(), &home.join(".cargo")] {
        let folder = folder.display().to_string();
        let found = program
            .windows(folder.len())
            .any(|part| part == folder.as_bytes());
        assert!(!found, "{folder}");
    }
}

/// Terraform downloads the program at `init`. The limit is for a program that contains the system's libraries, which takes
/// about 2 MB more than one that uses them.
#[test]
fn the_program_is_small() {
    let length = std::fs::metadata(release().program())
        .expect("a program")
        .len();
    assert!(length < 10_000_000, "{length} bytes");
}
