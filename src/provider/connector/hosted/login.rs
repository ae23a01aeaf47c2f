//! The login of a hosted connector.

use crate::provider::login_check::LoginAttributes;

use super::model::HostedModel;

/// Returns the planned login if it is to be checked: it is new, it differs from `prior`, or `check_login` is new.
pub(super) fn login_to_check<M: HostedModel>(
    planned: &M,
    prior: Option<&M>,
    config: &M,
) -> Option<LoginAttributes> {
    let of = |model: &M, config: &M| {
        let secret = M::SECRET;
        model.login(secret.attribute(config), secret.value(model, config))
    };
    // A write-only secret is in no state, so the versions are compared.
    let is_same = |prior: &M| {
        prior.connector().checks_login()
            && of(prior, prior) == of(planned, planned)
            && !M::SECRET.differs(planned, prior, config)
    };
    if !planned.connector().checks_login() || prior.is_some_and(is_same) {
        return None;
    }
    of(planned, config)
}
