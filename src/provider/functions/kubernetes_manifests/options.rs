//! The second argument: how the objects are called and what else they say.

use std::collections::BTreeMap;

use super::reader::{MapRule, Reader, Rule};
use super::syntax;
use crate::terraform::value::Value;

/// What the user chose. Nothing here is a secret.
pub(super) struct Options {
    /// Name of the Deployment, of its container, and in the label `app`.
    pub(super) name: Option<String>,
    /// Namespace of both objects.
    pub(super) namespace: Option<String>,
    /// Image of the container.
    pub(super) image: Option<String>,
    replicas: Option<i32>,
    /// Name of the Secret.
    pub(super) secret_name: Option<String>,
    /// Labels of both objects and the pods, none of which is one of [`OWN_LABELS`].
    pub(super) labels: BTreeMap<String, String>,
    /// What the container asks for.
    pub(super) resources: Resources,
}

/// Quantities by the name of a resource, such as `cpu`.
pub(super) struct Resources {
    /// What a node must have left to run a pod.
    pub(super) requests: BTreeMap<String, String>,
    /// More than that a pod does not get.
    pub(super) limits: BTreeMap<String, String>,
}

/// The labels by which the Deployment finds its pods, and people the connectors.
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
const REPLICAS: &str = "a whole number of at least 0, such as 2";
const SECRET_NAME: Rule = Rule {
    expected: "at most 253 lower-case letters, digits, inner hyphens and dots, such as wiki-secrets",
    holds: syntax::is_subdomain,
};
const LABELS: MapRule = MapRule {
    expected: "a map of labels, such as { team = \"iam\" }",
    key: Rule {
        expected: "a key of at most 63 letters, digits and inner -, _ and ., such as team or acme.com/team, and none of \
                   app, baton and baton-app, which the function sets",
        holds: |key| syntax::is_label_key(key) && !OWN_LABELS.contains(&key),
    },
    value: Rule {
        expected: "nothing, or at most 63 letters, digits and inner -, _ and ., such as iam",
        holds: syntax::is_label_value,
    },
};
const RESOURCES: &str =
    "an object such as { requests = { cpu = \"100m\" }, limits = { memory = \"256Mi\" } }";
const QUANTITIES: MapRule = MapRule {
    expected: "a map of quantities, such as { cpu = \"100m\", memory = \"128Mi\" }",
    key: Rule {
        expected: "the name cpu, memory or ephemeral-storage, or one with a domain, such as nvidia.com/gpu",
        holds: syntax::is_resource,
    },
    value: Rule {
        expected: "a quantity such as 0.5, 100m or 128Mi",
        holds: syntax::is_quantity,
    },
};

impl Options {
    /// Reads the argument, or says all that is wrong with it.
    pub(super) fn read(argument: &Value) -> Result<Self, String> {
        let mut reader = Reader::new(argument, OPTIONS);
        let options = Self {
            name: reader.text("name", NAME),
            namespace: reader.text("namespace", NAMESPACE),
            image: reader.text("image", IMAGE),
            replicas: reader.count("replicas", REPLICAS),
            secret_name: reader.text("secret_name", SECRET_NAME),
            labels: reader.map("labels", LABELS),
            resources: reader.object("resources", RESOURCES, |reader| Resources {
                requests: reader.map("requests", QUANTITIES),
                limits: reader.map("limits", QUANTITIES),
            }),
        };
        match reader.mistakes().as_slice() {
            [] => Ok(options),
            [mistake] => Err(mistake.clone()),
            mistakes => Err(format!("\n- {}", mistakes.join("\n- "))),
        }
    }

    /// How many pods there are.
    pub(super) fn replicas(&self) -> i32 {
        self.replicas.unwrap_or(1)
    }

    /// Whether there is more than one pod.
    pub(super) fn is_scaled_out(&self) -> bool {
        self.replicas() > 1
    }
}
