//! The output of `make release`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::terraform::platform;

/// Differs from the version in Cargo.toml, so that tests detect which one is used.
pub(crate) const VERSION: &str = "9.8.7-beta.1";

/// A folder with the files of a release.
#[derive(Debug)]
pub(crate) struct Release {
    folder: TempDir,
    unpacked: OnceLock<TempDir>,
}

/// Returns the release that all tests share.
pub(crate) fn release() -> &'static Release {
    static RELEASE: OnceLock<Release> = OnceLock::new();
    RELEASE.get_or_init(|| Release::make(checkout(), &target(), &[]))
}

/// The folder of the source code.
pub(crate) fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The target folder of the tests.
pub(crate) fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().expect("a target folder").to_owned()
}

/// Returns the output of a command, which must succeed.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|it| panic!("{command:?}: {it}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout
}

impl Release {
    /// Builds a release from this source, with additional variables for `make`, for example `GPG_KEY=…`.
    pub(crate) fn make(source: &Path, target: &Path, settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut make = Command::new("make");
        // Variables of an outer `make` must not affect this one.
        for name in ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "CARGO_MAKEFLAGS"] {
            make.env_remove(name);
        }
        make.current_dir(source)
            .arg("release")
            .arg(format!("VERSION={VERSION}"))
            .arg(format!("CARGO_TARGET_DIR={}", target.display()))
            .arg(format!("DIST={}", folder.path().display()))
            .args(settings);
        output(&mut make);
        Self {
            folder,
            unpacked: OnceLock::new(),
        }
    }

    /// Returns the path of a file by the end of its name, for example `SHA256SUMS`.
    pub(crate) fn path(&self, what: &str) -> PathBuf {
        let name = format!("terraform-provider-confluence_{VERSION}_{what}");
        self.folder.path().join(name)
    }

    /// Returns the content of a file.
    pub(crate) fn read(&self, what: &str) -> Vec<u8> {
        let path = self.path(what);
        fs::read(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
    }

    /// Returns the names of all files.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        let entries = entries.map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), fs::read(&path).expect("a file"))
        });
        entries.collect()
    }

    /// The zip for this machine.
    pub(crate) fn zip(&self) -> Zip {
        Zip::read(&self.path(&format!("{}.zip", platform())))
    }

    /// Extracts the program from that zip.
    pub(crate) fn program(&self) -> PathBuf {
        let unpacked = self.unpacked.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(program());
            let content = &self.zip().entries[&program()].content;
            fs::write(&path, content).expect("a program");
            output(Command::new("chmod").arg("755").arg(path));
            folder
        });
        unpacked.path().join(program())
    }
}

/// The name of the program in a zip.
pub(crate) fn program() -> String {
    format!("terraform-provider-confluence_v{VERSION}")
}

/// A zip.
#[derive(Debug)]
pub(crate) struct Zip {
    /// Its files by their names.
    pub(crate) entries: BTreeMap<String, ZipEntry>,
}

/// A file in a zip.
#[derive(Debug)]
pub(crate) struct ZipEntry {
    /// Its content.
    pub(crate) content: Vec<u8>,
    /// The permissions, for example `0o100644`.
    pub(crate) mode: Option<u32>,
    /// Its time in the zip.
    pub(crate) time: Option<zip::DateTime>,
}

impl Zip {
    fn read(path: &Path) -> Self {
        let mut archive = ZipArchive::new(File::open(path).expect("a zip")).expect("a zip");
        let entries = (0..archive.len()).map(|index| {
            let mut file = archive.by_index(index).expect("a file");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("its content");
            let name = file.name().expect("a name").into_owned();
            let (mode, time) = (file.unix_mode(), file.last_modified());
            (
                name,
                ZipEntry {
                    content,
                    mode,
                    time,
                },
            )
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// Returns Terraform's checksum of the files, which does not depend on the zip.
    pub(crate) fn h1(&self) -> String {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let mut lines = String::new();
        for (name, entry) in &self.entries {
            writeln!(lines, "{}  {name}", sha256(&entry.content)).expect("a line");
        }
        format!(
            "h1:{}",
            BASE64_STANDARD.encode(digest(&SHA256, lines.as_bytes()))
        )
    }

    /// Returns the same zip with another program.
    pub(crate) fn tampered(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, entry) in &self.entries {
            let mode = entry.mode.expect("permissions");
            let options = SimpleFileOptions::default().unix_permissions(mode);
            zip.start_file(name.as_str(), options).expect("a file");
            zip.write_all(&entry.content).expect("a file");
            if *name == program() {
                zip.write_all(b"and more").expect("a file");
            }
        }
        zip.finish().expect("a zip").into_inner()
    }
}

/// A checksum in hexadecimal digits.
pub(crate) fn sha256(content: &[u8]) -> String {
    let digest = digest(&SHA256, content);
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}
