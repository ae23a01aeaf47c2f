//! The messages of the helper services, compiled from `proto/`.

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

/// `proto/goplugin.proto`.
pub(super) mod goplugin {
    tonic::include_proto!("plugin");
}

/// `proto/health.proto`.
pub(super) mod health {
    tonic::include_proto!("grpc.health.v1");
}
