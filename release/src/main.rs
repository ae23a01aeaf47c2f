//! Builds the files of a release in the format of the Terraform Registry and its mirrors.
//!
//! The same inputs give the same bytes in any folder. The files do not depend on the clock, on paths, or on the order
//! of directory entries.

mod archive;
mod changelog;
mod compile;
mod finish;
mod licenses;
mod packages;
mod platform;
mod sbom;
mod signature;
mod version;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use archive::Entry;
use platform::Platform;
use version::Version;

const HELP: &str = "\
Builds the files of a release. Run it in the root of the repository.

Usage: confluence-release build  --version X.Y.Z --out DIR --target-dir DIR [--target TRIPLE]
       confluence-release finish --version X.Y.Z --out DIR [--gpg-key KEY]
       confluence-release notes  --version X.Y.Z

build writes the files of one platform to --out. Without --target, it builds for this platform:
  terraform-provider-confluence_X.Y.Z_OS_ARCH.zip       binary, licenses, README and CHANGELOG
  terraform-provider-confluence_X.Y.Z_OS_ARCH.cdx.json  CycloneDX bill of materials

finish adds these files when all platforms are built:
  terraform-provider-confluence_X.Y.Z_manifest.json     protocol versions
  terraform-provider-confluence_X.Y.Z_SHA256SUMS        checksums of all other files
  terraform-provider-confluence_X.Y.Z_SHA256SUMS.sig    with --gpg-key: a detached signature of the checksums

notes prints the changelog's section of the version, which must be the newest one and have a date.

SOURCE_DATE_EPOCH sets the time of the files. By default, it is the time of the last commit.
GPG_PASSPHRASE unlocks the key.
";

type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// The files in a zip besides the binary and the licenses of dependencies.
const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "LICENSE", "README.md"];

fn main() -> ExitCode {
    let done = Arguments::parse(env::args().skip(1)).and_then(Arguments::run);
    let Err(error) = done else {
        return ExitCode::SUCCESS;
    };
    // If this fails, there is nowhere left to report it.
    let _ = writeln!(std::io::stderr(), "confluence-release: {error}");
    ExitCode::FAILURE
}

/// The command line.
#[derive(Debug, Default)]
struct Arguments {
    command: String,
    version: Option<String>,
    out: Option<PathBuf>,
    target: Option<String>,
    target_dir: Option<PathBuf>,
    gpg_key: Option<String>,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut parsed = Self {
            command: arguments.next().unwrap_or_default(),
            ..Self::default()
        };
        while let Some(name) = arguments.next() {
            let value = arguments
                .next()
                .ok_or_else(|| format!("{name} requires a value"))?;
            match name.as_str() {
                "--version" => parsed.version = Some(value),
                "--out" => parsed.out = Some(std::path::absolute(value)?),
                "--target" => parsed.target = Some(value),
                "--target-dir" => parsed.target_dir = Some(std::path::absolute(value)?),
                // The Makefile may pass an empty value.
                "--gpg-key" => parsed.gpg_key = Some(value).filter(|key| !key.is_empty()),
                _ => return Err(format!("unknown argument {name:?}\n\n{HELP}").into()),
            }
        }
        Ok(parsed)
    }

    fn run(self) -> Result<()> {
        let version = || Version::parse(self.version.as_deref().ok_or("--version is missing")?);
        let out = || {
            let out = self.out.as_deref().ok_or("--out is missing")?;
            fs::create_dir_all(out).map_err(named("--out"))?;
            Ok::<_, Failure>(out)
        };
        match self.command.as_str() {
            "build" => {
                let platform = match &self.target {
                    Some(triple) => Platform::of(triple)?,
                    None => Platform::of(&compile::host()?)?,
                };
                let target_dir = self.target_dir.as_deref();
                let target_dir = target_dir.ok_or("--target-dir is missing")?;
                build(&version()?, &platform, out()?, target_dir)
            }
            "finish" => finish::finish(&version()?, out()?, self.gpg_key.as_deref()),
            "notes" => {
                let changelog =
                    fs::read_to_string("CHANGELOG.md").map_err(named("CHANGELOG.md"))?;
                let notes = changelog::notes(&changelog, &version()?)?;
                Ok(write!(std::io::stdout(), "{notes}")?)
            }
            _ => Err(HELP.into()),
        }
    }
}

/// Builds the zip and the bill of materials of one platform.
fn build(version: &Version, platform: &Platform, out: &Path, target_dir: &Path) -> Result<()> {
    let time = source_date()?;
    let built = compile::compile(version, platform, target_dir)?;
    let packages = packages::of(&built.linked, platform)?;
    let mut entries = vec![
        Entry::program(
            version.binary(platform.executable_suffix()),
            fs::read(&built.executable)?,
        ),
        Entry::text(
            "THIRD-PARTY-LICENSES.txt",
            licenses::text(&packages, platform)?,
        ),
    ];
    for name in DOCUMENTS {
        entries.push(Entry::text(name, fs::read(name).map_err(named(name))?));
    }
    let name = version.file(&format!("{platform}.zip"));
    save(out, &name, &archive::zip(entries, time)?)?;
    let name = version.file(&format!("{platform}.cdx.json"));
    let bill = sbom::bill(version, platform, &packages, time)?;
    save(out, &name, &bill)
}

/// Returns the time of all files.
fn source_date() -> Result<jiff::Timestamp> {
    let seconds = match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => commit_date()?,
    };
    let seconds = seconds.trim().parse()?;
    Ok(jiff::Timestamp::from_second(seconds)?)
}

/// Returns the time of the last commit. Warns if the checkout has uncommitted changes.
fn commit_date() -> Result<String> {
    let git = |arguments: &[&str]| {
        output(Command::new("git").args(arguments)).map_err(|error| {
            format!("the time of the last commit: {error}\nWithout git, set SOURCE_DATE_EPOCH.")
        })
    };
    if !git(&["status", "--porcelain"])?.is_empty() {
        let warning = "the checkout has uncommitted changes, and the release will contain them";
        writeln!(std::io::stderr(), "confluence-release: {warning}")?;
    }
    Ok(git(&["log", "-1", "--format=%ct"])?)
}

/// Writes a file and prints its path.
fn save(out: &Path, name: &str, content: &[u8]) -> Result<()> {
    let path = out.join(name);
    fs::write(&path, content).map_err(named(name))?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

/// Runs a command and returns its standard output.
fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(named(&name))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Adds the name of the subject to an error.
fn named<E: std::fmt::Display>(name: &str) -> impl Fn(E) -> Failure {
    move |error| format!("{name}: {error}").into()
}
