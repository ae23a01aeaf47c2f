//! What the host says through the environment when it starts the plugin.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::error::Error;

const COOKIE_KEY: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// How the host wants to be served.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Launch {
    /// PEM of the certificate that the host will present; absent: plaintext.
    pub(super) client_certificate: Option<String>,
    /// Where to look for a free TCP port; absent: anywhere.
    pub(super) ports: Option<RangeInclusive<u16>>,
    /// Where to make the unix socket; absent: the directory for temporary files.
    pub(super) socket_dir: Option<PathBuf>,
    /// Name or number of the group that may use the socket.
    pub(super) socket_group: Option<String>,
    /// Whether the host asks for a seventh field, which says that connections cannot be multiplexed.
    pub(super) asks_for_multiplexing: bool,
}

impl Launch {
    /// Reads the variables through `env`; an empty variable counts as unset.
    pub(super) fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let env = |key: &str| env(key).filter(|value| !value.is_empty());
        if env(COOKIE_KEY).as_deref() != Some(COOKIE_VALUE) {
            return Err(Error::NotLaunched);
        }
        let port = |key| env(key).and_then(|value| value.parse::<u16>().ok());
        Ok(Self {
            client_certificate: env("PLUGIN_CLIENT_CERT"),
            ports: port("PLUGIN_MIN_PORT")
                .zip(port("PLUGIN_MAX_PORT"))
                .map(|(least, greatest)| least..=greatest),
            socket_dir: env("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: env("PLUGIN_UNIX_SOCKET_GROUP"),
            asks_for_multiplexing: env("PLUGIN_MULTIPLEX_GRPC").is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(variables: &[(&str, &str)]) -> Result<Launch, Error> {
        Launch::from_env(|key| {
            let (_, value) = variables.iter().find(|(name, _)| *name == key)?;
            Some((*value).to_owned())
        })
    }

    #[test]
    fn refuses_to_start_without_the_cookie() {
        for variables in [&[][..], &[(COOKIE_KEY, "")], &[(COOKIE_KEY, "d602")]] {
            assert!(matches!(launch(variables), Err(Error::NotLaunched)));
        }
    }

    #[test]
    fn reads_what_terraform_sets() {
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
}
