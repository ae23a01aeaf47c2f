//! The plugin binary. Terraform starts it without arguments; developers may start it with `-debug`.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use terraform_provider_confluence::plugin::{self, Mode, Name};
use terraform_provider_confluence::provider::{self, ADDRESS, TYPE, VERSION};

const NAME: Name = Name {
    provider: TYPE,
    address: ADDRESS,
};

fn main() -> ExitCode {
    // Not `args`, which panics where an argument is not Unicode.
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let serve = |mode| plugin::run(NAME, mode, provider::services);
    match arguments
        .iter()
        .map(|argument| argument.to_str())
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => serve(Mode::Launched),
        [Some("-debug" | "--debug")] => serve(Mode::Debug),
        [Some("-version" | "--version")] => say(&format!("terraform-provider-{TYPE} {VERSION}")),
        _ => {
            say(&format!(
                "terraform-provider-{TYPE} is a Terraform provider, a plugin that Terraform or OpenTofu starts by itself.\n\n\
                 \x20 -debug    serve without Terraform and print how it can attach\n\
                 \x20 -version  print the version\n",
            ));
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
