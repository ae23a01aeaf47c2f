//! The two objects, from what the arguments say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};

use super::environment::{Environment, HOST_ID};
use super::options::Options;
use super::yaml::{Yaml, object};

/// A Secret, and a Deployment whose pods read it.
pub(super) struct Manifests<'a> {
    environment: &'a Environment<'a>,
    options: &'a Options,
    name: &'a str,
    secret_name: String,
    checksum: String,
}

impl<'a> Manifests<'a> {
    /// The manifests, with the product's names where the options have none.
    pub(super) fn new(environment: &'a Environment<'a>, options: &'a Options) -> Self {
        let name = options.name.as_deref().unwrap_or(environment.product.name);
        let secret_name = options.secret_name.clone();
        Self {
            environment,
            options,
            name,
            secret_name: secret_name.unwrap_or_else(|| format!("{name}-secrets")),
            checksum: checksum(&environment.variables),
        }
    }

    /// Both objects, as a stream of YAML documents.
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
            ("stringData", Yaml::Map(self.environment.variables.clone())),
        ])
    }

    fn deployment(&self) -> Yaml<'_> {
        let labels = Yaml::Map([self.app_label()].into());
        let spec = object([
            ("replicas", Yaml::Number(self.options.replicas())),
            ("strategy", self.strategy()),
            ("selector", object([("matchLabels", labels)])),
            ("template", self.pod()),
        ]);
        object([
            ("apiVersion", "apps/v1".into()),
            ("kind", "Deployment".into()),
            ("metadata", self.metadata(self.name)),
            ("spec", spec),
        ])
    }

    fn metadata<'s>(&'s self, name: &'s str) -> Yaml<'s> {
        object([
            ("name", name.into()),
            ("namespace", self.options.namespace.as_deref().into()),
            ("labels", self.labels([self.app_label()])),
        ])
    }

    /// An update stops the running pod first: two pods must not have one host ID, not even for a moment.
    fn strategy(&self) -> Yaml<'_> {
        if self.options.is_scaled_out() {
            Yaml::Nothing
        } else {
            object([("type", "Recreate".into())])
        }
    }

    fn pod(&self) -> Yaml<'_> {
        let labels = [
            self.app_label(),
            ("baton", "true"),
            ("baton-app", self.environment.product.app),
        ];
        let annotations = [("checksum/secret", self.checksum.as_str())];
        let metadata = object([
            ("labels", self.labels(labels)),
            ("annotations", Yaml::Map(annotations.into())),
        ]);
        let spec = object([("containers", Yaml::List(vec![self.container()]))]);
        object([("metadata", metadata), ("spec", spec)])
    }

    fn container(&self) -> Yaml<'_> {
        let image = self.options.image.as_deref();
        let secret = object([("name", self.secret_name.as_str().into())]);
        object([
            ("name", self.name.into()),
            (
                "image",
                image.unwrap_or(self.environment.product.image).into(),
            ),
            ("imagePullPolicy", "IfNotPresent".into()),
            ("env", self.host_id()),
            ("envFrom", Yaml::List(vec![object([("secretRef", secret)])])),
            ("resources", self.resources()),
        ])
    }

    /// The host ID, unless the Secret has one. By default it is the name of the pod, of which each has its own.
    fn host_id(&self) -> Yaml<'_> {
        if self.options.is_scaled_out() || self.environment.variables.contains_key(HOST_ID) {
            return Yaml::Nothing;
        }
        let variable = object([("name", HOST_ID.into()), ("value", self.name.into())]);
        Yaml::List(vec![variable])
    }

    fn resources(&self) -> Yaml<'_> {
        let resources = &self.options.resources;
        let fields = [
            ("requests", &resources.requests),
            ("limits", &resources.limits),
        ];
        let fields = fields.into_iter().filter(|(_, map)| !map.is_empty());
        let fields: Vec<_> = fields
            .map(|(name, map)| (name, Yaml::Map(texts(map).collect())))
            .collect();
        if fields.is_empty() {
            Yaml::Nothing
        } else {
            Yaml::Object(fields)
        }
    }

    fn app_label(&self) -> (&'static str, &str) {
        ("app", self.name)
    }

    /// The user's labels and these, which the user cannot have chosen too.
    fn labels<'s, const N: usize>(&'s self, own: [(&'s str, &'s str); N]) -> Yaml<'s> {
        Yaml::Map(texts(&self.options.labels).chain(own).collect())
    }
}

fn texts(map: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    map.iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
}

/// A hash over names and values, each after its length, so that no two sets of variables are hashed as the same bytes.
///
/// Whoever may see pods but no Secrets sees it. It gives no weak password away: the client secret, which is random and
/// long, goes into the same hash, so that there is nothing to guess one by one.
fn checksum(variables: &BTreeMap<&str, &str>) -> String {
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
