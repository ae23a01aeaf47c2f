//! Looks for inputs that the provider does not survive. The variable `FUZZ_TARGET` names what gets them. `make fuzz` builds
//! and runs this.

#![no_main]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed check is a panic"
)]

#[path = "../support/value.rs"]
mod value;
#[path = "../../benches/microbench/wire.rs"]
mod wire;

mod harness;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

use harness::{answers, resources, rpcs, values};

/// The checks by name.
const TARGETS: [(&str, fn(&[u8])); 4] = [
    ("values", values::check),
    ("rpcs", rpcs::check),
    ("resources", resources::check),
    ("answers", answers::check),
];

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    target
        .unwrap_or_else(|| panic!("there is no target {name}"))
        .1
});

fuzz_target!(|input: &[u8]| TARGET(input));
