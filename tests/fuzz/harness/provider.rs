//! The provider in this process.

use std::collections::{BTreeMap, HashMap};

use http::Request;
use http_body_util::{BodyExt, Full};
use prost::Message;
use serde_json::{Map, Value, json};
use tokio::runtime::{Builder, Runtime};
use tonic::body::Body;
use tonic::service::Routes;
use tower::ServiceExt;

use crate::value::{attribute_type, encode, object_fields};
use crate::wire::tfplugin6::{
    Diagnostic, DynamicValue, Schema, diagnostic, get_provider_schema, schema,
};

/// What the provider says after a panic in its own code.
const CRASHED: &str = "The provider crashed";
/// The first byte of a gRPC message that is not compressed.
const PLAIN: u8 = 0;
const PREFIX: usize = 5;

/// A new provider, with a runtime for its calls.
pub(super) struct Provider {
    runtime: Runtime,
    routes: Routes,
}

/// What the provider has.
#[derive(Debug)]
pub(super) struct Types {
    pub(super) resources: Vec<Type>,
    pub(super) data_sources: Vec<Type>,
    /// The configuration of the provider.
    pub(super) provider: Type,
}

/// A resource or another type of the provider.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: String,
    pub(super) attributes: Vec<schema::Attribute>,
    pub(super) ty: Value,
}

impl Provider {
    pub(super) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
            routes: terraform_provider_confluence::provider::service().routes,
        }
    }

    /// Calls an RPC with a message as it is on the wire. Returns the messages of the answer, or none if the call was refused.
    pub(super) fn call_raw(&self, rpc: &str, message: &[u8]) -> Option<Vec<u8>> {
        let length = u32::try_from(message.len()).expect("a short message");
        let frame = [&[PLAIN][..], &length.to_be_bytes(), message].concat();
        let request = Request::post(format!("/tfplugin6.Provider/{rpc}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(Body::new(Full::from(frame)))
            .expect("a request");
        let routes = self.routes.clone();
        let answer = self.runtime.block_on(async {
            let response = routes.oneshot(request).await.expect("infallible");
            let body = response.into_body().collect().await;
            body.expect("a body").to_bytes()
        });
        let message = answer.get(PREFIX..)?.to_vec();
        let text = CRASHED.as_bytes();
        let crashed = message.windows(text.len()).any(|it| it == text);
        assert!(!crashed, "{rpc}: the provider has a bug");
        Some(message)
    }

    /// Calls an RPC.
    pub(super) fn call<A: Message + Default>(&self, rpc: &str, request: &impl Message) -> A {
        let answer = self.call_raw(rpc, &request.encode_to_vec());
        let answer = answer.unwrap_or_else(|| panic!("{rpc} was refused"));
        A::decode(answer.as_slice()).expect("an answer")
    }

    /// Returns the types that the provider has.
    pub(super) fn types(&self) -> Types {
        let request = get_provider_schema::Request {};
        let schemas: get_provider_schema::Response = self.call("GetProviderSchema", &request);
        let provider = schemas.provider.expect("a schema");
        Types {
            resources: Type::all(schemas.resource_schemas),
            data_sources: Type::all(schemas.data_source_schemas),
            provider: Type::new((String::new(), provider)),
        }
    }
}

impl Type {
    /// Returns the types in the order of their names.
    fn all(schemas: HashMap<String, Schema>) -> Vec<Self> {
        let schemas: BTreeMap<_, _> = schemas.into_iter().collect();
        schemas.into_iter().map(Self::new).collect()
    }

    fn new((name, schema): (String, Schema)) -> Self {
        let attributes = schema.block.expect("a block").attributes;
        let fields = attributes
            .iter()
            .map(|it| (it.name.clone(), attribute_type(it)));
        let ty = json!(["object", fields.collect::<Map<_, _>>()]);
        Self {
            name,
            attributes,
            ty,
        }
    }

    pub(super) fn fields(&self) -> &Map<String, Value> {
        object_fields(&self.ty).expect("an object")
    }

    /// Encodes an object of this type.
    pub(super) fn encode(&self, object: &Value) -> DynamicValue {
        dynamic(encode(object, &self.ty))
    }
}

/// Returns a message with this MessagePack.
pub(super) fn dynamic(msgpack: Vec<u8>) -> DynamicValue {
    DynamicValue {
        msgpack,
        json: Vec::new(),
    }
}

/// Returns whether an answer has an error.
pub(super) fn has_error(diagnostics: &[Diagnostic]) -> bool {
    let error = diagnostic::Severity::Error;
    diagnostics.iter().any(|it| it.severity() == error)
}
