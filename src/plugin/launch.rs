//! The environment variables that Terraform sets when it starts the plugin.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::error::Error;

const COOKIE_KEY: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// How Terraform wants to connect.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Launch {
    /// The certificate that Terraform will present, as PEM. `None` means plaintext.
    pub(super) client_certificate: Option<String>,
    /// The range of TCP ports to choose from. `None` means any port.
    pub(super) ports: Option<RangeInclusive<u16>>,
    /// The parent directory of the unix socket. `None` means the directory for temporary files.
    pub(super) socket_dir: Option<PathBuf>,
    /// The name or number of the group that may use the socket.
    pub(super) socket_group: Option<String>,
    /// Whether Terraform expects a seventh handshake field, which says whether connections can be multiplexed.
    pub(super) asks_for_multiplexing: bool,
}

impl Launch {
    /// Reads the variables through `env`. An empty variable counts as unset, except for the certificate: an empty
    /// certificate is an error, because the plugin would then serve without authentication by accident.
    pub(super) fn from_env(env: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let env = |key: &'static str| Variable(key, env(key));
        if env(COOKIE_KEY).1.is_none_or(|value| value != COOKIE_VALUE) {
            return Err(Error::NotLaunched);
        }
        Ok(Self {
            client_certificate: env("PLUGIN_CLIENT_CERT").certificate()?,
            ports: (env("PLUGIN_MIN_PORT").port()?)
                .zip(env("PLUGIN_MAX_PORT").port()?)
                .map(|(least, greatest)| least..=greatest),
            socket_dir: env("PLUGIN_UNIX_SOCKET_DIR").value().map(PathBuf::from),
            socket_group: env("PLUGIN_UNIX_SOCKET_GROUP").text()?,
            asks_for_multiplexing: env("PLUGIN_MULTIPLEX_GRPC").value().is_some(),
        })
    }
}

/// The name and the value of an environment variable.
struct Variable(&'static str, Option<OsString>);

impl Variable {
    fn value(self) -> Option<OsString> {
        self.1.filter(|value| !value.is_empty())
    }

    /// Returns an error for a value that is not UTF-8, so that it does not count as unset.
    fn text(self) -> Result<Option<String>, Error> {
        let name = self.0;
        let text = self.value().map(OsString::into_string).transpose();
        // The message leaves out the value because a certificate is long.
        text.map_err(|_| Error::Variable {
            name,
            reason: "it is not UTF-8 text".to_owned(),
        })
    }

    fn port(self) -> Result<Option<u16>, Error> {
        let name = self.0;
        let port = |text: String| {
            text.parse().map_err(|_| Error::Variable {
                name,
                reason: format!("{text:?} is not a port number"),
            })
        };
        self.text()?.map(port).transpose()
    }

    fn certificate(self) -> Result<Option<String>, Error> {
        if self.1.as_ref().is_some_and(|value| value.is_empty()) {
            return Err(Error::EmptyClientCertificate);
        }
        self.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(variables: &[(&str, &str)]) -> Result<Launch, Error> {
        Launch::from_env(|key| {
            let (_, value) = variables.iter().find(|(name, _)| *name == key)?;
            Some(OsString::from(value))
        })
    }

    #[test]
    fn the_variables_of_terraform_are_read() {
        let launch = launch(&[
            (COOKIE_KEY, COOKIE_VALUE),
            ("PLUGIN_CLIENT_CERT", "PEM"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
            ("PLUGIN_UNIX_SOCKET_DIR", ""),
        ]);
        let expected = Launch {
            client_certificate: Some("PEM".to_owned()),
            ports: Some(10000..=25000),
            ..Launch::default()
        };
        assert_eq!(launch.ok(), Some(expected));
    }

    #[test]
    fn a_port_that_is_not_a_number_is_an_error() {
        for value in ["ten", "70000", "-1"] {
            let launch = launch(&[(COOKIE_KEY, COOKIE_VALUE), ("PLUGIN_MIN_PORT", value)]);
            assert!(matches!(
                launch,
                Err(Error::Variable {
                    name: "PLUGIN_MIN_PORT",
                    ..
                })
            ));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf8_is_an_error() {
        use std::os::unix::ffi::OsStringExt;

        for variable in [
            "PLUGIN_CLIENT_CERT",
            "PLUGIN_UNIX_SOCKET_GROUP",
            "PLUGIN_MAX_PORT",
        ] {
            let launch = Launch::from_env(|key| match key {
                COOKIE_KEY => Some(COOKIE_VALUE.into()),
                key => (key == variable).then(|| OsString::from_vec(vec![0xff])),
            });
            assert!(
                matches!(launch, Err(Error::Variable { name, .. }) if name == variable),
                "{variable}"
            );
        }
    }
}
