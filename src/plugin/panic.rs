//! Makes a panic look like a crash that Terraform recognises.

use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;

use super::logging;

/// Terraform shows the user what follows a line with this beginning; Rust's own text would pass unnoticed.
const RECOGNISED: &str = "panic: ";

/// Replaces the panic hook of the process.
pub(super) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let backtrace = Backtrace::force_capture();
        logging::say_to_person(&format!("{}\n{backtrace}", headline(info)));
    }));
}

fn headline(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let location = info
        .location()
        .map_or_else(String::new, |location| format!(" at {location}"));
    format!("{RECOGNISED}{message}{location}")
}
