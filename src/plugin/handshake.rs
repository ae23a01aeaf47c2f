//! The handshake line, which tells Terraform where and how the plugin serves.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::error::Error;
use super::launch::Launch;
use super::listener::Address;
use super::tls::ServerTls;

/// The version of the handshake itself.
const CORE_PROTOCOL: u8 = 1;
/// The only major version of the plugin protocol that this plugin serves. The plugin announces it even if Terraform does
/// not offer it; Terraform's error then names both versions, as for plugins written in Go.
pub(super) const PLUGIN_PROTOCOL: u8 = 6;

/// Writes the handshake line. Nothing else may be written to standard output afterwards.
pub(super) fn announce(
    launch: &Launch,
    address: &Address,
    tls: Option<&ServerTls>,
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
