//! The plugin binary. Terraform starts it without arguments. Developers can start it with `-debug`.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use terraform_provider_confluence::plugin::{self, Mode, ProviderName, Services};
use terraform_provider_confluence::provider::{self, ADDRESS, TYPE, VERSION};

const NAME: ProviderName = ProviderName {
    provider_type: TYPE,
    address: ADDRESS,
};

fn main() -> ExitCode {
    // `std::env::args` would panic if an argument is not Unicode.
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments
        .iter()
        .map(|argument| argument.to_str())
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => plugin::run(NAME, Mode::Launched, services),
        [Some("-debug" | "--debug")] => plugin::run(NAME, Mode::Debug, services),
        [Some("-version" | "--version")] => print(&format!("terraform-provider-{TYPE} {VERSION}")),
        _ => {
            print(&format!(
                "terraform-provider-{TYPE} is a Terraform provider, a plugin that Terraform or OpenTofu starts by itself.\n\n\
                 \x20 -debug    serve without Terraform and print how it can attach\n\
                 \x20 -version  print the version\n",
            ));
            ExitCode::FAILURE
        }
    }
}

fn services() -> Services {
    let service = provider::service();
    Services {
        routes: service.routes,
        shutdown_hook: service.shutdown_hook,
    }
}

fn print(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
