//! The second argument: names and other settings of the objects.

use std::collections::BTreeMap;

use super::reader::{ListRule, MapRule, Reader, Rule};
use super::security::{self, SecurityContext};
use super::syntax;
use super::tolerations::{self, Toleration};
use crate::terraform::value::Value;

/// The options that the user chose. They contain no secrets.
pub(super) struct Options {
    /// Name of the Deployment and its container, and value of the label `app`.
    pub(super) name: Option<String>,
    /// Namespace of both objects.
    pub(super) namespace: Option<String>,
    /// Image of the container.
    pub(super) image: Option<String>,
    /// When a node pulls the image.
    pub(super) image_pull_policy: Option<String>,
    /// Names of the Secrets with credentials for the registry.
    pub(super) image_pull_secrets: Vec<String>,
    replicas: Option<i32>,
    /// Name of the Secret.
    pub(super) secret_name: Option<String>,
    /// Labels of both objects and the pods, without the keys in [`OWN_LABELS`].
    pub(super) labels: BTreeMap<String, String>,
    /// Annotations of both objects and the pods, without the key [`CHECKSUM`].
    pub(super) annotations: BTreeMap<String, String>,
    /// Resource requests and limits of the container.
    pub(super) resources: Resources,
    /// Security context of the container.
    pub(super) security_context: SecurityContext,
    /// Labels of the nodes that may run the pods.
    pub(super) node_selector: BTreeMap<String, String>,
    /// Taints of nodes that the pods tolerate.
    pub(super) tolerations: Vec<Toleration>,
    /// Name of the service account of the pods.
    pub(super) service_account_name: Option<String>,
    /// Whether the pods get a token of the service account. The connector does not use one.
    pub(super) automount_service_account_token: bool,
}

/// Quantities by resource name, such as `cpu`.
pub(super) struct Resources {
    /// Resources that a node must have available to run a pod.
    pub(super) requests: BTreeMap<String, String>,
    /// The maximum resources of a pod.
    pub(super) limits: BTreeMap<String, String>,
}

/// The annotation that causes new pods when a variable changes.
pub(super) const CHECKSUM: &str = "checksum/secret";
/// The labels that the function sets. The Deployment selects its pods by `app`.
const OWN_LABELS: [&str; 3] = ["app", "baton", "baton-app"];

const OPTIONS: &str = "an object such as { namespace = \"connectors\" }";
const NAME: Rule = Rule {
    expected: "at most 63 lower-case letters, digits and inner hyphens, such as wiki-connector",
    holds: syntax::is_label,
};
const NAMESPACE: Rule = Rule {
    expected: "at most 63 lower-case letters, digits and inner hyphens, such as connectors",
    holds: syntax::is_label,
};
const IMAGE: Rule = Rule {
    expected: "an image without blanks, such as registry.acme.com/baton-confluence:1.2.3",
    holds: syntax::is_image,
};
const PULL_POLICY: Rule = Rule {
    expected: "Always, IfNotPresent or Never",
    holds: |text| ["Always", "IfNotPresent", "Never"].contains(&text),
};
const PULL_SECRETS: ListRule = ListRule {
    expected: "a list of names, such as [\"registry\"]",
    item: Rule {
        expected: "the name of a Secret, such as registry",
        holds: syntax::is_subdomain,
    },
};
const REPLICAS: &str = "a whole number of at least 0, such as 2";
const SECRET_NAME: Rule = Rule {
    expected: "at most 253 lower-case letters, digits, inner hyphens and dots, such as wiki-secrets",
    holds: syntax::is_subdomain,
};
const LABELS: MapRule = MapRule {
    expected: "a map of labels, such as { team = \"iam\" }",
    key: Rule {
        expected: "a key of at most 63 letters, digits and inner -, _ and ., such as team or acme.com/team, except app, baton and \
                   baton-app, which the function sets",
        holds: |key| syntax::is_label_key(key) && !OWN_LABELS.contains(&key),
    },
    value: Rule {
        expected: "an empty text, or at most 63 letters, digits and inner -, _ and ., such as iam",
        holds: syntax::is_label_value,
    },
};
const ANNOTATIONS: MapRule = MapRule {
    expected: "a map of annotations, such as { \"acme.com/contact\" = \"iam@acme.com\" }",
    key: Rule {
        expected: "a key of at most 63 letters, digits and inner -, _ and ., such as contact or acme.com/contact, except \
                   checksum/secret, which the function sets",
        holds: |key| syntax::is_annotation_key(key) && key != CHECKSUM,
    },
    value: Rule {
        expected: "text",
        holds: |_| true,
    },
};
const NODE_SELECTOR: MapRule = MapRule {
    expected: "a map of node labels, such as { \"kubernetes.io/arch\" = \"amd64\" }",
    key: Rule {
        expected: "the key of a node label, such as kubernetes.io/arch",
        holds: syntax::is_label_key,
    },
    value: Rule {
        expected: "the value of a node label, such as amd64",
        holds: syntax::is_label_value,
    },
};
const SERVICE_ACCOUNT: Rule = Rule {
    expected: "the name of a service account, such as connectors",
    holds: syntax::is_subdomain,
};
const RESOURCES: &str =
    "an object such as { requests = { cpu = \"100m\" }, limits = { memory = \"256Mi\" } }";
const QUANTITIES: MapRule = MapRule {
    expected: "a map of quantities, such as { cpu = \"100m\", memory = \"128Mi\" }",
    key: Rule {
        expected: "cpu, memory, ephemeral-storage, or a name with a domain, such as nvidia.com/gpu",
        holds: syntax::is_resource,
    },
    value: Rule {
        expected: "a quantity such as 0.5, 100m or 128Mi",
        holds: syntax::is_quantity,
    },
};

impl Options {
    /// Reads the argument. The message lists all errors. Values that are not known yet count as missing.
    pub(super) fn read(argument: &Value) -> Result<Self, String> {
        let mut reader = Reader::new(argument, OPTIONS);
        let options = Self {
            name: reader.text("name", NAME),
            namespace: reader.text("namespace", NAMESPACE),
            image: reader.text("image", IMAGE),
            image_pull_policy: reader.text("image_pull_policy", PULL_POLICY),
            image_pull_secrets: reader
                .texts("image_pull_secrets", PULL_SECRETS)
                .unwrap_or_default(),
            replicas: reader.count("replicas", REPLICAS),
            secret_name: reader.text("secret_name", SECRET_NAME),
            labels: reader.map("labels", LABELS),
            annotations: reader.map("annotations", ANNOTATIONS),
            resources: reader.object("resources", RESOURCES, |reader| Resources {
                requests: reader.map("requests", QUANTITIES),
                limits: reader.map("limits", QUANTITIES),
            }),
            security_context: reader.object(
                "security_context",
                security::EXPECTED,
                SecurityContext::read,
            ),
            node_selector: reader.map("node_selector", NODE_SELECTOR),
            tolerations: reader.objects(
                "tolerations",
                tolerations::EXPECTED,
                tolerations::EXPECTED_ITEM,
                Toleration::read,
            ),
            service_account_name: reader.text("service_account_name", SERVICE_ACCOUNT),
            automount_service_account_token: reader
                .flag("automount_service_account_token")
                .unwrap_or(false),
        };
        match reader.errors().as_slice() {
            [] => Ok(options),
            [error] => Err(error.clone()),
            errors => Err(format!("\n- {}", errors.join("\n- "))),
        }
    }

    /// Returns the user's labels together with `own`. The user cannot set the keys of `own`.
    pub(super) fn labels_and<'s, const N: usize>(
        &'s self,
        own: [(&'s str, &'s str); N],
    ) -> BTreeMap<&'s str, &'s str> {
        let labels = self.labels.iter();
        let labels = labels.map(|(key, value)| (key.as_str(), value.as_str()));
        labels.chain(own).collect()
    }

    /// Returns the number of pods.
    pub(super) fn replicas(&self) -> i32 {
        self.replicas.unwrap_or(1)
    }

    /// Returns whether there is more than one pod.
    pub(super) fn is_scaled_out(&self) -> bool {
        self.replicas() > 1
    }
}
