//! The declaration of a type of self-hosted connector.

use crate::provider::connector::attributes::ConnectorModel;
use crate::provider::login_check::LoginAttributes;
use crate::terraform::diagnostics::Diagnostics;

use super::attributes::SelfHostedAttributes;
use super::variable::Variable;

/// The attributes of a type of self-hosted connector. They include
/// [`ConnectorAttributes`](crate::provider::connector::ConnectorAttributes) and [`SelfHostedAttributes`].
pub(crate) trait SelfHostedModel:
    ConnectorModel + AsRef<SelfHostedAttributes> + AsMut<SelfHostedAttributes>
{
    /// The full type name of the resource.
    const TYPE_NAME: &'static str;
    /// The default display name.
    const DISPLAY_NAME: &'static str;
    /// A clause for an error that names the resource for hosted connectors.
    const OTHER: &'static str;

    /// Returns the table of environment variables from which the connector process reads its settings.
    fn variables(&self) -> Vec<Variable>;

    /// Returns the login to Confluence. `None` if the connector signs in elsewhere.
    fn login(&self) -> Option<LoginAttributes> {
        None
    }

    /// Validates the rules between the attributes of a configuration. Any value may be unknown.
    fn validate(&self, _diagnostics: &mut Diagnostics) {}

    /// Adds diagnostics about the creation of a connector or a change from `prior`.
    fn validate_change(&self, _prior: Option<&Self>, _diagnostics: &mut Diagnostics) {}

    /// Returns the attributes that every self-hosted connector has.
    fn self_hosted(&self) -> &SelfHostedAttributes {
        self.as_ref()
    }

    /// Returns the attributes that every self-hosted connector has, for changes.
    fn self_hosted_mut(&mut self) -> &mut SelfHostedAttributes {
        self.as_mut()
    }
}
