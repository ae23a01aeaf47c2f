//! The files that a release contains once for all platforms.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};

use crate::version::Version;
use crate::{Result, named, save, signature};

/// The manifest with the protocol versions. Without it, the Registry assumes protocol 5.
const MANIFEST: &str = "terraform-registry-manifest.json";

/// Writes the manifest, the checksums and, with a key, their signature.
pub(crate) fn finish(version: &Version, out: &Path, gpg_key: Option<&str>) -> Result<()> {
    let manifest = fs::read(MANIFEST).map_err(named(MANIFEST))?;
    save(out, &version.file("manifest.json"), &manifest)?;
    let sums = version.file("SHA256SUMS");
    let signature = out.join(format!("{sums}.sig"));
    // A signature of an earlier run would not match.
    if signature.exists() {
        fs::remove_file(&signature)?;
    }
    save(out, &sums, checksums(version, out)?.as_bytes())?;
    match gpg_key {
        Some(key) => signature::sign(key, &out.join(sums), &signature),
        None => Ok(()),
    }
}

/// Returns a line for each file of the release, in the format of `sha256sum`.
fn checksums(version: &Version, out: &Path) -> Result<String> {
    let (prefix, sums) = (version.file(""), version.file("SHA256SUMS"));
    let mut names = Vec::new();
    for entry in fs::read_dir(out)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(&prefix) && name != sums {
            names.push(name);
        }
    }
    names.sort();
    let is_zip = |name: &String| Path::new(name).extension().is_some_and(|it| it == "zip");
    if !names.iter().any(is_zip) {
        return Err(format!("{} holds no zip of version {version}", out.display()).into());
    }
    let mut lines = String::new();
    for name in names {
        let content = fs::read(out.join(&name)).map_err(named(&name))?;
        for byte in digest(&SHA256, &content).as_ref() {
            write!(lines, "{byte:02x}")?;
        }
        writeln!(lines, "  {name}")?;
    }
    Ok(lines)
}
