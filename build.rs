//! Compiles `proto/` into the message types and services that `src/terraform/proto.rs` and `src/plugin/proto.rs` include.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = ["tfplugin6.proto", "goplugin.proto", "health.proto"];
    let descriptors = protox::compile(files, ["proto"])?;
    // The clients are for the tests, which drive the plugin as Terraform does.
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}
