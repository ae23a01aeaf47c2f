//! The environment variable that lets Terraform attach to a process that a developer started in debug mode.

use std::io::{self, Write};

use super::error::Error;
use super::handshake::PLUGIN_PROTOCOL;
use super::listener::Address;
use super::provider_name::ProviderName;

/// The default registry hosts of Terraform and OpenTofu. Each tool ignores the entry of the other.
const HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// Prints the variable that makes Terraform use this process, in the syntax of the common shells.
pub(super) fn announce(name: ProviderName, address: &Address) -> Result<(), Error> {
    let value = quotable(&value(name, address));
    let mut stdout = io::stdout().lock();
    writeln!(
        stdout,
        "Serving until interrupted (Ctrl-C). To attach Terraform or OpenTofu, set TF_REATTACH_PROVIDERS in its shell:\n\n\
         \tTF_REATTACH_PROVIDERS='{value}'\n\n\
         PowerShell:\n\n\
         \t$env:TF_REATTACH_PROVIDERS='{value}'\n",
    )
    .and_then(|()| stdout.flush())
    .map_err(Error::Handshake)
}

fn value(name: ProviderName, address: &Address) -> serde_json::Value {
    let attach = serde_json::json!({
        "Protocol": "grpc",
        "ProtocolVersion": PLUGIN_PROTOCOL,
        "Pid": std::process::id(),
        // This tells Terraform not to stop a process that it did not start.
        "Test": true,
        "Addr": { "Network": address.network(), "String": address.to_string() },
    });
    HOSTS
        .iter()
        .map(|host| (format!("{host}/{}", name.address), attach.clone()))
        .collect()
}

/// Returns JSON that needs no further escaping between single quotes in any shell. PowerShell also treats typographic
/// quotation marks as single quotes, so every character outside ASCII becomes a JSON escape.
fn quotable(value: &serde_json::Value) -> String {
    let quotable = |char: char| match char {
        ' '..='&' | '('..='~' => char.to_string(),
        _ => {
            let mut units = [0; 2];
            let units = char.encode_utf16(&mut units).iter();
            let escaped: Vec<_> = units.map(|unit| format!("\\u{unit:04x}")).collect();
            escaped.concat()
        }
    };
    value.to_string().chars().map(quotable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_path_does_not_end_the_quotes() {
        let value = serde_json::json!({"String": "/tmp/it's \u{2019}$(id)\u{7f}\u{1f600}"});
        let text = quotable(&value);
        assert!(text.is_ascii() && !text.contains('\''), "{text}");
        assert_eq!(serde_json::from_str(&text).ok(), Some(value));
    }
}
