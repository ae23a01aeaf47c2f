//! The settings of a Confluence Data Center connector, which reads them from environment variables.

use crate::provider::connector::Variable;

use super::attributes::DatacenterIntegrationModel;

/// Returns the table of environment variables.
pub(super) fn variables(model: &DatacenterIntegrationModel) -> Vec<Variable> {
    vec![
        Variable::text("BATON_HOSTNAME", &model.hostname),
        Variable::secret("BATON_ACCESS_TOKEN", &model.access_token),
        Variable::text("BATON_USERNAME", &model.username),
        Variable::secret("BATON_PASSWORD", &model.password),
    ]
}
