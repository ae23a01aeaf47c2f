//! Checks that hold for any input. `make fuzz` looks for inputs that violate them, guided by the coverage of the code, and
//! the tests of the protocol try random inputs.

pub(crate) mod answers;
mod choices;
mod provider;
pub(crate) mod resources;
pub(crate) mod rpcs;
pub(crate) mod values;
