//! Checks of the environment variables.

use crate::conductorone::Credentials;
use crate::provider::config;
use crate::terraform::diagnostics::Diagnostics;

use super::facts::Facts;
use super::outcome::Outcome;

/// Where the settings come from. The messages of the provider also name its configuration.
const SOURCE: &str = "This examination reads the environment only.";

/// Checks that the variables can be used, and names those that are set.
pub(super) async fn environment(facts: &mut Facts) -> Vec<Outcome> {
    let environment = &facts.environment;
    let is_set = |name: &&str| {
        environment
            .text(name)
            .is_some_and(|it| !it.trim().is_empty())
    };
    let set: Vec<_> = config::connection_variables().filter(is_set).collect();
    let unusable = environment.check(Ok(())).err();
    let problems: Vec<_> = unusable
        .into_iter()
        .flat_map(Diagnostics::into_iter)
        .map(Outcome::from)
        .collect();
    if !problems.is_empty() {
        return problems;
    }
    vec![Outcome::ok(&match set.as_slice() {
        [] => "no variable of the provider is set".to_owned(),
        set => format!("set: {}", set.join(", ")),
    })]
}

/// Checks which tenant the variables name.
pub(super) async fn host(facts: &mut Facts) -> Outcome {
    let environment = &facts.environment;
    match config::find_host(&|name| environment.text(name)) {
        Ok(host) => {
            let detail = format!("{}, from {}", host.value, host.variables.join(" and "));
            facts.host = Some(host.value);
            Outcome::ok(&detail)
        }
        Err(problem) => Outcome::from(problem).adding(SOURCE),
    }
}

/// Checks which credentials there are.
pub(super) async fn credentials(facts: &mut Facts) -> Outcome {
    let environment = &facts.environment;
    match config::find_credentials(&|name| environment.text(name)) {
        Ok(found) => {
            let kind = describe(&found.value);
            let detail = format!("{kind}, from {}", found.variables.join(" and "));
            facts.credentials = Some(found.value);
            Outcome::ok(&detail)
        }
        Err(problem) => Outcome::from(problem).adding(SOURCE),
    }
}

/// Describes the kind of credentials. The end of a client ID tells what it belongs to.
fn describe(credentials: &Credentials) -> String {
    let (kind, client_id) = match credentials {
        Credentials::AccessToken(_) => return "an access token".to_owned(),
        Credentials::OidcToken { client_id, .. } => ("an OIDC token", client_id),
        Credentials::ClientCredentials { client_id, .. } => ("a client ID and secret", client_id),
    };
    let owner = match client_id.rsplit('/').next() {
        Some("spc") => "a service principal",
        Some("pcc") => "a person",
        Some("wfe") => "a federation trust",
        _ => "an owner of unknown kind",
    };
    format!("{kind} of {owner}")
}

/// Checks which proxy requests go through.
pub(super) async fn proxy(facts: &mut Facts) -> Outcome {
    let environment = &facts.environment;
    let Some(host) = &facts.host else {
        return Outcome::skipped("there is no host");
    };
    match config::find_proxy(host, &|name| environment.text(name)) {
        Ok(Some(proxy)) => {
            let detail = format!("{proxy}, from {}", proxy.variable());
            facts.proxy = Some(proxy);
            Outcome::ok(&detail)
        }
        Ok(None) => Outcome::ok("none"),
        Err(problem) => problem.into(),
    }
}
