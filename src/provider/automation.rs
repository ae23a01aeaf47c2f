//! The tool and the workspace that this process works for.

/// The tool that started this process, and its workspace.
#[derive(Debug)]
pub(crate) struct Automation {
    /// `terraform` or `opentofu`.
    pub(crate) tool: &'static str,
    /// The workspace, if the environment names it.
    pub(crate) workspace: Option<String>,
}

impl Automation {
    /// Reads the environment.
    pub(crate) fn from_environment(env: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str, values: [&str; 2]| {
            env(name).is_some_and(|value| values.contains(&value.as_str()))
        };
        let is_opentofu = is("OPENTOFU", ["true", "1"]) || is("TF_FORK", ["opentofu", "tofu"]);
        Self {
            tool: if is_opentofu { "opentofu" } else { "terraform" },
            workspace: env("TF_WORKSPACE"),
        }
    }
}
