//! The pods of the Deployment and their container.

use std::collections::BTreeMap;

use super::environment::{HOST_ID, Variables};
use super::options::{CHECKSUM, Options};
use super::product::Product;
use super::yaml::{Yaml, object};

/// The directory for temporary files. The connector writes synced data there before it sends the data to ConductorOne.
const TEMPORARY: &str = "/tmp";
/// The volume for that directory. Each pod has its own.
const VOLUME: &str = "tmp";
/// The variable that sets that directory. By default, the connector uses the temporary directory of its image.
const TEMPORARY_VARIABLE: &str = "BATON_C1Z_TEMP_DIR";

/// The template of the pods.
pub(super) struct Pod<'a> {
    product: &'a Product,
    options: &'a Options,
    name: &'a str,
    secret_name: String,
    checksum: String,
    /// Variables of the container that are not in the Secret.
    variables: Vec<(&'static str, &'a str)>,
}

impl<'a> Pod<'a> {
    /// Creates the template for pods that read the variables in `secret` from the Secret.
    pub(super) fn new(
        product: &'a Product,
        secret: &Variables<'_>,
        options: &'a Options,
        name: &'a str,
        secret_name: &str,
        checksum: String,
    ) -> Self {
        // By default, the host ID is the name of the pod. Several pods require different host IDs, but a single pod
        // keeps the same one when it is replaced.
        let host_id = (!options.is_scaled_out()).then_some((HOST_ID, name));
        let variables = [host_id, Some((TEMPORARY_VARIABLE, TEMPORARY))];
        let variables = variables.into_iter().flatten();
        Self {
            product,
            options,
            name,
            secret_name: secret_name.to_owned(),
            checksum,
            variables: variables
                .filter(|(name, _)| !secret.contains_key(name))
                .collect(),
        }
    }

    /// Returns the label by which the Deployment selects its pods.
    pub(super) fn app_label(&self) -> (&'static str, &'a str) {
        ("app", self.name)
    }

    /// Returns the template.
    pub(super) fn yaml(&self) -> Yaml<'_> {
        object([("metadata", self.metadata()), ("spec", self.spec())])
    }

    fn metadata(&self) -> Yaml<'_> {
        let labels = self.options.labels_and([
            self.app_label(),
            ("baton", "true"),
            ("baton-app", self.product.app),
        ]);
        let annotations = self.options.annotations.iter();
        let mut annotations: BTreeMap<_, _> = annotations
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        annotations.insert(CHECKSUM, &self.checksum);
        object([
            ("labels", Yaml::Map(labels)),
            ("annotations", Yaml::Map(annotations)),
        ])
    }

    fn spec(&self) -> Yaml<'_> {
        let options = self.options;
        let pull_secrets = options.image_pull_secrets.iter();
        let pull_secrets = pull_secrets.map(|name| object([("name", name.as_str().into())]));
        let tolerations = options
            .tolerations
            .iter()
            .map(|toleration| toleration.yaml());
        let volume = object([
            ("name", VOLUME.into()),
            ("emptyDir", Yaml::Map(BTreeMap::new())),
        ]);
        let token = options.automount_service_account_token;
        object([
            (
                "serviceAccountName",
                options.service_account_name.as_deref().into(),
            ),
            ("automountServiceAccountToken", Yaml::Flag(token)),
            ("imagePullSecrets", Yaml::list(pull_secrets)),
            ("nodeSelector", Yaml::map(&options.node_selector)),
            ("tolerations", Yaml::list(tolerations)),
            ("containers", Yaml::List(vec![self.container()])),
            ("volumes", Yaml::List(vec![volume])),
        ])
    }

    fn container(&self) -> Yaml<'_> {
        let image = self.options.image.as_deref();
        let pull_policy = self.options.image_pull_policy.as_deref();
        let secret = object([("name", self.secret_name.as_str().into())]);
        let mount = object([("name", VOLUME.into()), ("mountPath", TEMPORARY.into())]);
        object([
            ("name", self.name.into()),
            ("image", image.unwrap_or(self.product.image).into()),
            (
                "imagePullPolicy",
                pull_policy.unwrap_or("IfNotPresent").into(),
            ),
            ("securityContext", self.options.security_context.yaml()),
            ("env", self.env()),
            ("envFrom", Yaml::List(vec![object([("secretRef", secret)])])),
            ("resources", self.resources()),
            ("volumeMounts", Yaml::List(vec![mount])),
        ])
    }

    fn env(&self) -> Yaml<'_> {
        let variables = self.variables.iter();
        let variable = |(name, value): &(&'static str, &'a str)| {
            object([("name", (*name).into()), ("value", (*value).into())])
        };
        Yaml::list(variables.map(variable))
    }

    fn resources(&self) -> Yaml<'_> {
        let resources = &self.options.resources;
        object([
            ("requests", Yaml::map(&resources.requests)),
            ("limits", Yaml::map(&resources.limits)),
        ])
    }
}
