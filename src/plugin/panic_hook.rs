//! Prints panics in a format that Terraform recognizes as a crash.

use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;

use super::logging;

/// Terraform shows the user the output that follows a line with this prefix. Terraform ignores Rust's own format.
const PREFIX: &str = "panic: ";

/// Replaces the panic hook of the process.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let backtrace = Backtrace::force_capture();
        logging::print_to_stderr(&format!("{}\n{backtrace}", headline(info)));
    }));
}

fn headline(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let location = info
        .location()
        .map_or_else(String::new, |location| format!(" at {location}"));
    format!("{PREFIX}{message}{location}")
}
