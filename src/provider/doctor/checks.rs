//! The table of checks.

use std::pin::Pin;

use super::facts::Facts;
use super::outcome::Outcome;
use super::{access, apps, catalog, environment, network};

/// One check.
#[derive(Debug)]
pub(super) struct Check {
    /// The name in the output.
    pub(super) name: &'static str,
    /// The names of the checks that must not fail before.
    pub(super) needs: &'static [&'static str],
    /// Whether the check is about an app that the arguments name.
    pub(super) requires_app: bool,
    /// Makes the check.
    pub(super) run: for<'a> fn(&'a mut Facts) -> Outcomes<'a>,
}

/// A future of the outcomes of a check.
type Outcomes<'a> = Pin<Box<dyn Future<Output = Vec<Outcome>> + 'a>>;

/// A check with this function. `one` stands for a function with one outcome, `all` for one with any number, and
/// `of_app` for one that the arguments must name an app for.
macro_rules! check {
    ($name:literal, $needs:expr, $requires_app:literal, $run:expr) => {
        Check {
            name: $name,
            needs: &$needs,
            requires_app: $requires_app,
            run: $run,
        }
    };
    ($name:literal, one $function:path, $needs:expr) => {
        check!($name, $needs, false, |facts| Box::pin(async {
            vec![$function(facts).await]
        }))
    };
    ($name:literal, all $function:path, $needs:expr) => {
        check!($name, $needs, false, |facts| Box::pin($function(facts)))
    };
    ($name:literal, of_app $function:path, $needs:expr) => {
        check!($name, $needs, true, |facts| Box::pin($function(facts)))
    };
}

/// All checks, in the order in which they run.
pub(super) const CHECKS: &[Check] = &[
    check!("environment", all environment::environment, []),
    check!("host", one environment::host, []),
    check!("credentials", one environment::credentials, []),
    check!("proxy", one environment::proxy, ["host"]),
    check!("dns", one network::dns, ["host", "proxy"]),
    check!("tcp", one network::tcp, ["dns"]),
    check!("tls", one network::tls, ["tcp"]),
    check!("clock", one network::clock, ["tls"]),
    check!("token", one access::token, ["credentials", "tls"]),
    check!("roles", one access::roles, ["token"]),
    check!("identity", one access::identity, ["token"]),
    check!("users", one access::users, ["identity"]),
    check!("apps", one apps::apps, ["token"]),
    check!("managed_state", one apps::managed_state, ["apps"]),
    check!("catalog", all catalog::catalog, ["token"]),
    check!("app", of_app apps::app, ["token"]),
    check!("connector", of_app apps::connectors, ["app"]),
    check!("owners_api", one apps::owners_api, ["token"]),
];
