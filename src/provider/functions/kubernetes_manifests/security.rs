//! What the container may do: the option `security_context`.

use super::reader::{ListRule, Reader, Rule};
use super::syntax;
use super::yaml::{Yaml, object};

/// The user and the group of the published images, which are built on distroless images of the kind `nonroot`. Those name
/// the user by a word, so that Kubernetes cannot tell that it is not root without this number.
const NON_ROOT: i32 = 65532;
/// Leaves a user or a group to the image and to the cluster: `OpenShift` assigns them by namespace, and refuses others.
const ANY: &str = "any";

/// Security context of the container. Whatever the user leaves out is as strict as Kubernetes' profile "restricted" asks
/// for, and stricter: the root file system is read-only.
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

/// Completes "expected …" for the whole option.
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
    expected: "a path below the kubelet's folder of profiles, such as profiles/baton.json",
    holds: syntax::is_descending_path,
};

impl SecurityContext {
    /// Takes the entries of the option out.
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
            let why = "0 is root; set run_as_non_root = false too, or choose another user";
            reader.refuse("run_as_user", why);
        }
        context
    }

    /// The object of Kubernetes.
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
            let why = "set it together with type = \"Localhost\", and only then";
            reader.refuse("localhost_profile", why);
        }
        profile
    }
}

/// The number of a user or a group, unless it is left to others.
fn id(option: Option<String>) -> Option<i32> {
    option.map_or(Some(NON_ROOT), |text| text.parse().ok())
}
