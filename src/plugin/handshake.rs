//! The one line that tells the host where and how it is served.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::error::Error;
use super::launch::Launch;
use super::listener::Address;
use super::tls::Identity;

/// The handshake's own version.
const CORE_PROTOCOL: u8 = 1;
/// The only major version of the plugin protocol served here. A host that does not offer it gets it all the same and
/// names both sides in its error, as it does with plugins written in Go.
pub(super) const PLUGIN_PROTOCOL: u8 = 6;

/// Writes the handshake line: from here on, nothing may be written to standard output.
pub(super) fn announce(
    launch: &Launch,
    address: &Address,
    tls: Option<&Identity>,
) -> Result<(), Error> {
    let line = line(launch, address, tls.map(|tls| tls.certificate.as_ref()));
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(Error::Handshake)
}

fn line(launch: &Launch, address: &Address, certificate: Option<&[u8]>) -> String {
    let certificate = certificate.map_or_else(String::new, |der| STANDARD_NO_PAD.encode(der));
    let network = address.network();
    let multiplexing = if launch.asks_for_multiplexing {
        "|false"
    } else {
        ""
    };
    format!(
        "{CORE_PROTOCOL}|{PLUGIN_PROTOCOL}|{network}|{address}|grpc|{certificate}{multiplexing}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_six_fields_and_a_seventh_only_when_asked() {
        let address = Address::Unix("/tmp/plugin1".to_owned());
        let mut launch = Launch::default();
        assert_eq!(line(&launch, &address, None), "1|6|unix|/tmp/plugin1|grpc|");
        launch.asks_for_multiplexing = true;
        assert_eq!(
            line(&launch, &address, Some(&[0xfb, 0xff])),
            "1|6|unix|/tmp/plugin1|grpc|+/8|false"
        );
    }
}
