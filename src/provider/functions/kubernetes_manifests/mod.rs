//! `provider::confluence::kubernetes_manifests`.

mod environment;
mod manifest;
mod options;
mod pod;
mod product;
mod reader;
mod security;
mod syntax;
mod tolerations;
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

/// The function that returns Kubernetes manifests for a connector.
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
            nullable: true,
            takes_unknown: true,
            description: "The environment variables of the connector: the attribute `environment` of a \
                          `confluence_datacenter_integration` or a `confluence_self_hosted_integration`. If it is \
                          unknown or null, the result is too, but the function still checks the options.",
        };
        // OpenTofu does not pass a bare null to a parameter of the dynamic type. It treats the result as unknown
        // instead, on every run. With a parameter that does not allow null, OpenTofu reports an error, as Terraform
        // does.
        let options = Parameter {
            name: "options",
            ty: Type::Dynamic,
            nullable: false,
            takes_unknown: true,
            description: "An object with any of `name`, `namespace`, `image`, `image_pull_policy`, `image_pull_secrets`, \
                          `replicas`, `secret_name`, `labels`, `annotations`, `resources`, `security_context`, \
                          `node_selector`, `tolerations`, `service_account_name` and \
                          `automount_service_account_token`. `{}` uses the defaults.",
        };
        Signature {
            parameters: vec![environment, options],
            returns: Type::String,
            summary: "Kubernetes manifests for a self-hosted connector",
            description: "Returns a Secret and a Deployment as YAML for `kubectl apply`. They run the connector for Confluence Data \
                          Center or Confluence Cloud, depending on the variables. A changed variable replaces the pods. \
                          The result contains the secrets in plain text, and is sensitive if `environment` is.",
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [environment, options] = arguments else {
            return Err(FunctionError {
                text: "expected an environment and options".to_owned(),
                argument: None,
            });
        };
        let variables = Environment::read(environment).map_err(blame(0))?;
        let chosen = Options::read(options).map_err(blame(1))?;
        let Some(variables) = variables else {
            return Ok(match (environment, options.is_wholly_known()) {
                (Value::Null, true) => Value::Null,
                _ => Value::Unknown,
            });
        };
        if chosen.is_scaled_out() && variables.has(HOST_ID) {
            return Err(blame(0)(format!(
                "{HOST_ID} is the same for all replicas, but each instance requires its own; remove it, or set replicas to 1"
            )));
        }
        let known = variables.known().filter(|_| options.is_wholly_known());
        Ok(known.map_or(Value::Unknown, |known| {
            let manifests = Manifests::new(variables.product, &known, &chosen);
            Value::from(manifests.yaml().as_str())
        }))
    }
}

/// Returns a function that turns a text into an error about the argument at this position.
fn blame(position: usize) -> impl Fn(String) -> FunctionError {
    move |text| FunctionError {
        text,
        argument: Some(position),
    }
}
