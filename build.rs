//! Compiles `proto/` into the messages and services that `src/terraform/proto.rs` and `src/plugin/proto.rs` include.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = ["tfplugin6.proto", "goplugin.proto", "health.proto"];
    let descriptors = protox::compile(files, ["proto"])?;
    // Only the tests use the generated clients and the messages of health.proto.
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}
