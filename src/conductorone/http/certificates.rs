//! The certificates in `SSL_CERT_FILE` and `SSL_CERT_DIR`, which replace the system's.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};

/// Why the certificates that the environment configures cannot be used.
#[derive(Debug)]
pub struct UnusableCertificates {
    /// The environment variable.
    pub variable: &'static str,
    /// The file or directory.
    pub path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Empty,
    Unreadable(String),
    NoCertificate,
}

impl fmt::Display for UnusableCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            Problem::Empty => f.write_str("it is empty"),
            Problem::Unreadable(error) => write!(f, "{path} cannot be read ({error})"),
            Problem::NoCertificate => write!(f, "{path} contains no certificate in PEM format"),
        }
    }
}

/// Checks the certificates that the environment configures. The HTTP client would silently ignore unusable ones.
///
/// Systems with their own certificate verification ignore these variables, so that there is nothing to check.
pub fn check_certificates(
    env: impl Fn(&'static str) -> Option<OsString>,
) -> Result<(), UnusableCertificates> {
    if cfg!(any(windows, target_vendor = "apple")) {
        return Ok(());
    }
    if let Some(file) = env("SSL_CERT_FILE") {
        let unusable = |problem| UnusableCertificates {
            variable: "SSL_CERT_FILE",
            path: PathBuf::from(&file),
            problem,
        };
        if file.is_empty() {
            return Err(unusable(Problem::Empty));
        }
        match count_usable(Path::new(&file)) {
            Err(error) => return Err(unusable(Problem::Unreadable(error))),
            Ok(0) => return Err(unusable(Problem::NoCertificate)),
            Ok(_) => {}
        }
    }
    check_directories(&env("SSL_CERT_DIR").unwrap_or_default())
}

/// Checks that each directory is readable and contains a certificate.
fn check_directories(list: &OsString) -> Result<(), UnusableCertificates> {
    let directories = std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty());
    for path in directories {
        let problem = match has_usable(&path) {
            Err(error) => Problem::Unreadable(error),
            Ok(false) => Problem::NoCertificate,
            Ok(true) => continue,
        };
        return Err(UnusableCertificates {
            variable: "SSL_CERT_DIR",
            path,
            problem,
        });
    }
    Ok(())
}

/// Returns whether a file of the directory contains a certificate. Broken links are common in such directories.
fn has_usable(directory: &Path) -> Result<bool, String> {
    let entries = std::fs::read_dir(directory).map_err(|error| error.to_string())?;
    let mut files = entries.filter_map(Result::ok).map(|entry| entry.path());
    Ok(files.any(|file| file.is_file() && count_usable(&file).is_ok_and(|found| found > 0)))
}

/// Returns the number of usable certificates in a file.
fn count_usable(file: &Path) -> Result<usize, String> {
    let found = match CertificateDer::pem_file_iter(file) {
        Ok(found) => found,
        Err(pem::Error::Io(error)) => return Err(error.to_string()),
        Err(_) => return Ok(0),
    };
    let mut certificates = Vec::new();
    for certificate in found {
        match certificate {
            Ok(certificate) => certificates.push(certificate),
            Err(pem::Error::Io(error)) => return Err(error.to_string()),
            // Another part of the file may be valid.
            Err(_) => {}
        }
    }
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(certificates);
    Ok(usable)
}

#[cfg(all(test, not(any(windows, target_vendor = "apple"))))]
mod tests {
    use std::error::Error;
    use std::ffi::OsString;
    use std::path::Path;

    use super::check_certificates;

    /// Returns the message, with `~` for the directory.
    fn message(dir: &Path, file: Option<&str>, list: Option<&str>) -> String {
        let own = dir.display().to_string();
        let env = |name: &str| {
            let value = if name == "SSL_CERT_FILE" { file } else { list };
            value.map(|value| OsString::from(value.replace('~', &own)))
        };
        match check_certificates(env) {
            Ok(()) => "fine".to_owned(),
            Err(error) => format!("{}: {error}", error.variable).replace(&own, "~"),
        }
    }

    #[test]
    fn unusable_certificates_are_named() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        let key = rcgen::KeyPair::generate()?;
        let params = rcgen::CertificateParams::new(["acme.example".to_owned()])?;
        let good = params.self_signed(&key)?.pem();
        let at = |name: &str| dir.path().join(name);
        for folder in ["some", "none", "broken"] {
            std::fs::create_dir(at(folder))?;
        }
        let noise = "# a comment\n-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
        for (name, text) in [
            ("good.pem", &good),
            ("empty.pem", &String::new()),
            ("key.pem", &key.serialize_pem()),
            ("noise.pem", &noise.to_owned()),
            ("both.pem", &format!("{noise}{good}")),
            ("some/0a1b2c3d.0", &good),
            ("broken/0a1b2c3d.0", &noise.to_owned()),
        ] {
            std::fs::write(at(name), text)?;
        }
        let none = |path: &str| format!("{path} contains no certificate in PEM format");
        let missing =
            |path: &str| format!("{path} cannot be read (No such file or directory (os error 2))");
        let fine = || "fine".to_owned();
        let cases = [
            (None, None, fine()),
            (Some("~/good.pem"), None, fine()),
            (Some("~/both.pem"), Some(""), fine()),
            (None, Some("~/some"), fine()),
            (None, Some("~/some:~/some"), fine()),
            (Some(""), None, "SSL_CERT_FILE: it is empty".to_owned()),
            (
                Some("~/gone.pem"),
                None,
                format!("SSL_CERT_FILE: {}", missing("~/gone.pem")),
            ),
            (
                Some("~/empty.pem"),
                None,
                format!("SSL_CERT_FILE: {}", none("~/empty.pem")),
            ),
            (
                Some("~/key.pem"),
                None,
                format!("SSL_CERT_FILE: {}", none("~/key.pem")),
            ),
            (
                Some("~/noise.pem"),
                None,
                format!("SSL_CERT_FILE: {}", none("~/noise.pem")),
            ),
            (
                Some("~/gone.pem"),
                Some("~/some"),
                format!("SSL_CERT_FILE: {}", missing("~/gone.pem")),
            ),
            (
                None,
                Some("~/gone"),
                format!("SSL_CERT_DIR: {}", missing("~/gone")),
            ),
            (
                None,
                Some("~/some:~/gone"),
                format!("SSL_CERT_DIR: {}", missing("~/gone")),
            ),
            (
                None,
                Some("~/none"),
                format!("SSL_CERT_DIR: {}", none("~/none")),
            ),
            (
                None,
                Some("~/broken"),
                format!("SSL_CERT_DIR: {}", none("~/broken")),
            ),
        ];
        for (file, list, expected) in cases {
            assert_eq!(
                message(dir.path(), file, list),
                expected,
                "{file:?} {list:?}"
            );
        }
        let folder = message(dir.path(), Some("~"), None);
        assert!(
            folder.starts_with("SSL_CERT_FILE: ~ cannot be read"),
            "{folder}"
        );
        Ok(())
    }
}
