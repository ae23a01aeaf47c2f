//! `provider::confluence::kubernetes_manifests`.

mod environment;
mod manifest;
mod options;
mod product;
mod reader;
mod syntax;
mod yaml;

#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
mod tests;

use crate::terraform::function::{Function, FunctionError, Parameter, Signature};
use crate::terraform::types::Type;
use crate::terraform::value::Value;

use environment::{Environment, HOST_ID};
use manifest::Manifests;
use options::Options;

/// What a connector needs to run on Kubernetes.
#[derive(Debug)]
pub(crate) struct KubernetesManifests;

impl Function for KubernetesManifests {
    fn name(&self) -> &'static str {
        "kubernetes_manifests"
    }

    fn signature(&self) -> Signature {
        let environment = Parameter {
            name: "environment",
            ty: Type::Map(Box::new(Type::String)),
            nullable: false,
            description: "The variables that the connector reads: the attribute `environment` of a \
                          `confluence_datacenter_integration`, or, for Confluence Cloud, a map with \
                          `BATON_DOMAIN_URL`, `BATON_USERNAME`, `BATON_API_KEY`, `BATON_CLIENT_ID` and \
                          `BATON_CLIENT_SECRET`.",
        };
        let options = Parameter {
            name: "options",
            ty: Type::Dynamic,
            nullable: true,
            description: "An object with any of `name`, `namespace`, `image`, `replicas`, `secret_name`, `labels` and \
                          `resources`. `{}` or null: none of them.",
        };
        Signature {
            parameters: vec![environment, options],
            returns: Type::String,
            summary: "Kubernetes manifests of a self-hosted connector",
            description: "Returns a Secret and a Deployment as YAML that `kubectl apply` accepts. They run the connector \
                          for Confluence Data Center or Confluence Cloud, whichever the variables are for. When a \
                          variable changes, the pods are replaced. The result holds the secrets in plain text; it is \
                          sensitive if `environment` is.",
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [environment, options] = arguments else {
            return Err(FunctionError {
                text: "an environment and options are expected".to_owned(),
                argument: None,
            });
        };
        let environment = Environment::read(environment).map_err(blame(0))?;
        let options = Options::read(options).map_err(blame(1))?;
        if options.is_scaled_out() && environment.variables.contains_key(HOST_ID) {
            return Err(blame(0)(format!(
                "{HOST_ID} is the same for all replicas, but each instance needs its own; leave it out, or set replicas \
                 to 1"
            )));
        }
        let manifests = Manifests::new(&environment, &options).yaml();
        Ok(Value::from(manifests.as_str()))
    }
}

/// The error on the argument at this position.
fn blame(position: usize) -> impl Fn(String) -> FunctionError {
    move |text| FunctionError {
        text,
        argument: Some(position),
    }
}
