//! Makes the files of a release, in the form that the Terraform Registry and mirrors of it take.
//!
//! The same inputs give the same bytes, whichever folder they lie in: nothing in the files depends on the clock, on
//! paths, or on the order in which a folder is read.

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
Makes the files of a release. Run it at the top of the repository.

Usage: confluence-release build  --version X.Y.Z --out DIR --target-dir DIR [--target TRIPLE]
       confluence-release finish --version X.Y.Z --out DIR [--gpg-key KEY]
       confluence-release notes  --version X.Y.Z

build writes into --out, for one platform (without --target, this one):
  terraform-provider-confluence_X.Y.Z_OS_ARCH.zip       binary, licences, README and CHANGELOG
  terraform-provider-confluence_X.Y.Z_OS_ARCH.cdx.json  bill of materials, as CycloneDX

finish adds, once all platforms are there:
  terraform-provider-confluence_X.Y.Z_manifest.json     protocol versions
  terraform-provider-confluence_X.Y.Z_SHA256SUMS        checksums of all the other files
  terraform-provider-confluence_X.Y.Z_SHA256SUMS.sig    with --gpg-key: a detached signature of them

notes prints what the changelog says about the version, which must be the newest there and have a date.

SOURCE_DATE_EPOCH is the time that the files carry; without it, that of the last commit.
GPG_PASSPHRASE opens the key, where it is locked.
";

type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// What a zip holds beside the binary and the licences of others.
const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "LICENSE", "README.md"];

fn main() -> ExitCode {
    let done = Arguments::parse(env::args().skip(1)).and_then(Arguments::run);
    let Err(error) = done else {
        return ExitCode::SUCCESS;
    };
    // Nobody is left to tell when even this fails.
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
                .ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--version" => parsed.version = Some(value),
                "--out" => parsed.out = Some(std::path::absolute(value)?),
                "--target" => parsed.target = Some(value),
                "--target-dir" => parsed.target_dir = Some(std::path::absolute(value)?),
                // What a Makefile passes on may be empty.
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

/// Makes the zip and the bill of materials of one platform.
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

/// The time that files carry.
fn source_date() -> Result<jiff::Timestamp> {
    let seconds = match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => commit_date()?,
    };
    let seconds = seconds.trim().parse()?;
    Ok(jiff::Timestamp::from_second(seconds)?)
}

/// The time of the last commit. It misleads where the files will hold what is in none, so that is said.
fn commit_date() -> Result<String> {
    let git = |arguments: &[&str]| {
        output(Command::new("git").args(arguments)).map_err(|error| {
            format!("the time of the last commit: {error}\nWithout git, set SOURCE_DATE_EPOCH.")
        })
    };
    if !git(&["status", "--porcelain"])?.is_empty() {
        let warning =
            "the checkout has changes that are not committed, and the release will have them, too";
        writeln!(std::io::stderr(), "confluence-release: {warning}")?;
    }
    Ok(git(&["log", "-1", "--format=%ct"])?)
}

/// Writes a file and names it.
fn save(out: &Path, name: &str, content: &[u8]) -> Result<()> {
    let path = out.join(name);
    fs::write(&path, content).map_err(named(name))?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

/// What a command says on standard output, if it succeeds.
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

/// An error with the name of what it is about.
fn named<E: std::fmt::Display>(name: &str) -> impl Fn(E) -> Failure {
    move |error| format!("{name}: {error}").into()
}
