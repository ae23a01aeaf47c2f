//! The login of a self-hosted connector.

use crate::provider::login_check::LoginAttributes;

use super::model::SelfHostedModel;

/// Returns the planned login if it is to be checked: it is new, it differs from `prior`, or `check_login` is new.
pub(super) fn login_to_check<M: SelfHostedModel>(
    planned: &M,
    prior: Option<&M>,
) -> Option<LoginAttributes> {
    let is_same = |prior: &M| prior.connector().checks_login() && prior.login() == planned.login();
    if !planned.connector().checks_login() || prior.is_some_and(is_same) {
        return None;
    }
    planned.login()
}
