//! The plugin binary. Terraform starts it without arguments. Developers can start it with `-debug`.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use terraform_provider_confluence::plugin::{self, Mode, ProviderName, Services};
use terraform_provider_confluence::provider::{self, ADDRESS, TYPE, VERSION, doctor};

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
        [Some("-doctor" | "--doctor"), arguments @ ..] => examine(arguments),
        _ => {
            print(&format!(
                "terraform-provider-{TYPE} is a Terraform provider, a plugin that Terraform or OpenTofu starts by itself.\n\n\
                 \x20 -debug    serve without Terraform and print how it can attach\n\
                 \x20 -doctor   examine the connection to ConductorOne; -doctor -help lists its options\n\
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

/// Examines the setup and prints the result. Returns 0 if no check failed, 1 if a check failed or after Ctrl-C, 2 for wrong
/// arguments.
fn examine(arguments: &[Option<&str>]) -> ExitCode {
    if let [Some("-help" | "--help" | "-h")] = arguments {
        return print(doctor::USAGE.trim_end());
    }
    let arguments = match doctor::Arguments::parse(arguments) {
        Ok(arguments) => arguments,
        Err(problem) => {
            let _ = writeln!(
                std::io::stderr(),
                "{problem}\n\n{}",
                doctor::USAGE.trim_end()
            );
            return ExitCode::from(2);
        }
    };
    let see = |row: &doctor::Row| {
        if !arguments.json {
            print(&row.to_lines());
        }
    };
    let report = doctor::examine(&arguments, |name| std::env::var_os(name), see);
    let Some(report) = run_until_interrupted(report) else {
        return ExitCode::FAILURE;
    };
    let end = if arguments.json {
        report.to_json()
    } else {
        Ok(report.summary())
    };
    match end.map(|end| print(&end)) {
        Ok(ExitCode::SUCCESS) if report.is_healthy() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs `work` until it ends. Returns `None` after Ctrl-C, also if a shell has started the process in the background.
fn run_until_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().ok()?.block_on(async {
        tokio::select! {
            result = work => Some(result),
            _ = tokio::signal::ctrl_c() => None,
        }
    })
}

fn print(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
