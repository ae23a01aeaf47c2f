//! The messages and the client of Terraform's protocol.

mod generated {
    #![allow(
        dead_code,
        deprecated,
        missing_debug_implementations,
        unreachable_pub,
        unused_qualifications,
        clippy::allow_attributes,
        clippy::pedantic,
        reason = "generated; proto/ describes it"
    )]

    pub(crate) mod tfplugin6 {
        tonic::include_proto!("tfplugin6");
    }
}

pub(crate) use generated::tfplugin6;
