//! The messages of the helper services, compiled from `proto/goplugin.proto`.

#![allow(
    dead_code,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::allow_attributes,
    clippy::pedantic,
    reason = "generated from proto/"
)]

tonic::include_proto!("plugin");
