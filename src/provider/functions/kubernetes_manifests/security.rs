//! The security context of the container: the option `security_context`.

use super::reader::{ListRule, Reader, Rule};
use super::syntax;
use super::yaml::{Yaml, object};

/// The user ID and group ID of the published images, which are based on distroless images with the tag `nonroot`. The
/// images name their user by a word. Without a number, Kubernetes cannot verify that this user is not root.
const NON_ROOT: i32 = 65532;
/// The value that leaves a user or a group to the image and the cluster. `OpenShift` assigns IDs per namespace and
/// rejects others.
const ANY: &str = "any";

/// Security context of the container. The defaults satisfy the profile "restricted" of Kubernetes. In addition, the
/// root file system is read-only.
pub(super) struct SecurityContext {
    run_as_non_root: bool,
    run_as_user: Option<i32>,
    run_as_group: Option<i32>,
    allow_privilege_escalation: bool,
    read_only_root_filesystem: bool,
    capabilities: Capabilities,
    seccomp_profile: SeccompProfile,
}

struct Capabilities {
    add: Vec<String>,
    drop: Vec<String>,
}

struct SeccompProfile {
    r#type: String,
    localhost_profile: Option<String>,
}

/// The expected value of the whole option. Completes "expected …".
pub(super) const EXPECTED: &str = "an object such as { run_as_user = 1000 }";

const ID: Rule = Rule {
    expected: "a whole number of at least 0, such as 1000, or \"any\"",
    holds: |text| text == ANY || text.parse().is_ok_and(|id: i32| id >= 0),
};
const CAPABILITIES: &str = "an object such as { add = [\"NET_BIND_SERVICE\"] }";
const CAPABILITY_LIST: ListRule = ListRule {
    expected: "a list of capabilities, such as [\"NET_BIND_SERVICE\"]",
    item: Rule {
        expected: "ALL or the name of a capability without CAP_, such as NET_BIND_SERVICE",
        holds: syntax::is_capability,
    },
};
const SECCOMP_PROFILE: &str = "an object such as { type = \"RuntimeDefault\" }";
const LOCALHOST: &str = "Localhost";
const SECCOMP_TYPE: Rule = Rule {
    expected: "RuntimeDefault, Localhost or Unconfined",
    holds: |text| ["RuntimeDefault", LOCALHOST, "Unconfined"].contains(&text),
};
const LOCALHOST_PROFILE: Rule = Rule {
    expected: "a path below the kubelet's profile folder, such as profiles/baton.json",
    holds: syntax::is_descending_path,
};

impl SecurityContext {
    /// Takes the entries of the option.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let context = Self {
            run_as_non_root: reader.flag("run_as_non_root").unwrap_or(true),
            run_as_user: id(reader.text("run_as_user", ID)),
            run_as_group: id(reader.text("run_as_group", ID)),
            allow_privilege_escalation: reader.flag("allow_privilege_escalation").unwrap_or(false),
            read_only_root_filesystem: reader.flag("read_only_root_filesystem").unwrap_or(true),
            capabilities: reader.object("capabilities", CAPABILITIES, Capabilities::read),
            seccomp_profile: reader.object("seccomp_profile", SECCOMP_PROFILE, |reader| {
                SeccompProfile::read(reader)
            }),
        };
        if reader.is_known() && context.run_as_non_root && context.run_as_user == Some(0) {
            let why = "0 is root; also set run_as_non_root = false, or choose another user";
            reader.refuse("run_as_user", why);
        }
        context
    }

    /// Returns the object for Kubernetes.
    pub(super) fn yaml(&self) -> Yaml<'_> {
        let Capabilities { add, drop } = &self.capabilities;
        let (add, drop) = (Yaml::texts(add), Yaml::texts(drop));
        let seccomp_profile = object([
            ("type", self.seccomp_profile.r#type.as_str().into()),
            (
                "localhostProfile",
                self.seccomp_profile.localhost_profile.as_deref().into(),
            ),
        ]);
        object([
            ("runAsNonRoot", Yaml::Flag(self.run_as_non_root)),
            ("runAsUser", self.run_as_user.map(Yaml::Number).into()),
            ("runAsGroup", self.run_as_group.map(Yaml::Number).into()),
            (
                "allowPrivilegeEscalation",
                Yaml::Flag(self.allow_privilege_escalation),
            ),
            (
                "readOnlyRootFilesystem",
                Yaml::Flag(self.read_only_root_filesystem),
            ),
            ("capabilities", object([("add", add), ("drop", drop)])),
            ("seccompProfile", seccomp_profile),
        ])
    }
}

impl Capabilities {
    fn read(reader: &mut Reader<'_>) -> Self {
        let add = reader.texts("add", CAPABILITY_LIST);
        let drop = reader.texts("drop", CAPABILITY_LIST);
        Self {
            add: add.unwrap_or_default(),
            drop: drop.unwrap_or_else(|| vec!["ALL".to_owned()]),
        }
    }
}

impl SeccompProfile {
    fn read(reader: &mut Reader<'_>) -> Self {
        let r#type = reader.text("type", SECCOMP_TYPE);
        let profile = Self {
            r#type: r#type.unwrap_or_else(|| "RuntimeDefault".to_owned()),
            localhost_profile: reader.text("localhost_profile", LOCALHOST_PROFILE),
        };
        let is_local = profile.r#type == LOCALHOST;
        if reader.is_known() && is_local != profile.localhost_profile.is_some() {
            let why = "set it if and only if type = \"Localhost\"";
            reader.refuse("localhost_profile", why);
        }
        profile
    }
}

/// Returns the ID of a user or a group. `None` if the image and the cluster choose it.
fn id(option: Option<String>) -> Option<i32> {
    option.map_or(Some(NON_ROOT), |text| text.parse().ok())
}
