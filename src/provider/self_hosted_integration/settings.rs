//! The settings of a self-hosted Confluence Cloud connector, which reads them from environment variables.

use crate::provider::connector::Variable;
use crate::provider::site::Site;

use super::attributes::SelfHostedIntegrationModel;

/// Returns the table of environment variables.
pub(super) fn variables(model: &SelfHostedIntegrationModel) -> Vec<Variable> {
    let content = &model.content;
    let url = model.site_domain.clone().map(to_url);
    vec![
        Variable::text("BATON_DOMAIN_URL", &url),
        Variable::text("BATON_USERNAME", &model.username),
        Variable::secret("BATON_API_KEY", &model.api_key),
        Variable::flag("BATON_SKIP_PERSONAL_SPACES", content.skip_personal_spaces),
        Variable::list("BATON_NOUN", &content.nouns),
        Variable::list("BATON_VERB", &content.verbs),
        Variable::flag("BATON_USE_RBAC", content.use_rbac),
    ]
}

/// Returns the URL of a site. The schema refuses a text that is not a site.
fn to_url(site: String) -> String {
    site.parse::<Site>().map_or(site, |site| site.url())
}
