//! The Secret and the Deployment.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::environment::Variables;
use super::options::Options;
use super::pod::Pod;
use super::product::Product;
use super::yaml::{Yaml, object};

/// A Secret, and a Deployment whose pods read it.
pub(super) struct Manifests<'a> {
    options: &'a Options,
    name: &'a str,
    secret_name: String,
    /// The variables by name, encoded in base64. `stringData` would be simpler, but Kubernetes only adds its keys to
    /// the Secret. A key that is removed later would stay in the cluster. With `data`, `kubectl apply` removes it.
    data: BTreeMap<String, String>,
    pod: Pod<'a>,
}

impl<'a> Manifests<'a> {
    /// Creates the manifests. Names that the options do not set come from the product.
    pub(super) fn new(
        product: &'a Product,
        variables: &Variables<'_>,
        options: &'a Options,
    ) -> Self {
        let name = options.name.as_deref().unwrap_or(product.name);
        let secret_name = options.secret_name.clone();
        let secret_name = secret_name.unwrap_or_else(|| format!("{name}-secrets"));
        let encoded = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), STANDARD.encode(value)));
        Self {
            options,
            name,
            data: encoded.collect(),
            pod: Pod::new(
                product,
                variables,
                options,
                name,
                &secret_name,
                checksum(variables),
            ),
            secret_name,
        }
    }

    /// Returns both objects as a stream of YAML documents.
    pub(super) fn yaml(&self) -> String {
        format!(
            "{}---\n{}",
            self.secret().document(),
            self.deployment().document()
        )
    }

    fn secret(&self) -> Yaml<'_> {
        object([
            ("apiVersion", "v1".into()),
            ("kind", "Secret".into()),
            ("metadata", self.metadata(&self.secret_name)),
            ("type", "Opaque".into()),
            ("data", Yaml::map(&self.data)),
        ])
    }

    fn deployment(&self) -> Yaml<'_> {
        let labels = Yaml::Map([self.pod.app_label()].into());
        let spec = object([
            ("replicas", Yaml::Number(self.options.replicas())),
            ("strategy", self.strategy()),
            ("selector", object([("matchLabels", labels)])),
            ("template", self.pod.yaml()),
        ]);
        object([
            ("apiVersion", "apps/v1".into()),
            ("kind", "Deployment".into()),
            ("metadata", self.metadata(self.name)),
            ("spec", spec),
        ])
    }

    fn metadata<'s>(&'s self, name: &'s str) -> Yaml<'s> {
        let labels = self.options.labels_and([self.pod.app_label()]);
        object([
            ("name", name.into()),
            ("namespace", self.options.namespace.as_deref().into()),
            ("labels", Yaml::Map(labels)),
            ("annotations", Yaml::map(&self.options.annotations)),
        ])
    }

    /// Returns the update strategy. With a single replica, an update stops the running pod before it starts the new
    /// one, because two pods must never have the same host ID.
    fn strategy(&self) -> Yaml<'_> {
        if self.options.is_scaled_out() {
            Yaml::Nothing
        } else {
            object([("type", "Recreate".into())])
        }
    }
}

/// Returns a hash of the variables. The hash includes the length of each name and value, so that no two sets of
/// variables produce the same input.
///
/// The hash is visible to users who may see pods but not Secrets. It does not help them guess a weak password, because
/// the hash also covers the client secret, which is long and random.
fn checksum(variables: &Variables<'_>) -> String {
    let mut hash = Context::new(&SHA256);
    for text in variables.iter().flat_map(|(name, value)| [name, value]) {
        hash.update(&(text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let mut hex = String::new();
    for byte in hash.finish().as_ref() {
        // Writing to memory cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
