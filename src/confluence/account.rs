//! The account that signs in.

use serde::Deserialize;

use super::login::Product;
use super::outcome::{NotConfluence, Outcome, Refusal};
use super::requests::{Requests, unexpected};

/// The current user. Cloud identifies it by `accountId`, and Data Center by `userKey`.
#[derive(Deserialize)]
struct CurrentUser {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "accountId")]
    account_id: Option<String>,
    #[serde(rename = "userKey")]
    user_key: Option<String>,
}

/// Checks that Confluence accepts the login, as the connectors do.
///
/// Endpoints: `GET /wiki/rest/api/user/current` (Cloud), `GET /rest/api/user/current` (Data Center).
pub(super) async fn check_current_user(requests: &Requests<'_>) -> Result<(), Outcome> {
    let product = requests.login.product;
    let response = requests.get(&rest(product, "user/current"), None).await?;
    let Some(user) = response.json::<CurrentUser>() else {
        return Err(unexpected(&response));
    };
    let id = match product {
        Product::Cloud { .. } => user.account_id,
        Product::DataCenter => user.user_key,
    };
    let is_anonymous = user.kind.as_deref() == Some("anonymous");
    if is_anonymous || id.is_none_or(|id| id.is_empty()) {
        return Err(Refusal::Anonymous.into());
    }
    Ok(())
}

/// Checks that the account may read groups, which only administrators may.
///
/// Endpoints: `GET /wiki/rest/api/group` (Cloud), `GET /rest/api/group` (Data Center).
pub(super) async fn check_administrator(requests: &Requests<'_>) -> Result<(), Outcome> {
    let path = rest(requests.login.product, "group");
    match requests.get(&path, Some("limit=1")).await {
        // The login itself was accepted before.
        Err(Outcome::Refused(Refusal::WrongLogin | Refusal::NoAccess | Refusal::Captcha)) => {
            Err(Outcome::NotAdministrator)
        }
        Ok(_) | Err(Outcome::Refused(_)) => Ok(()),
        Err(outcome) => Err(outcome),
    }
}

/// Returns the path of a resource of the REST API.
fn rest(product: Product, resource: &str) -> String {
    let context = match product {
        Product::Cloud { .. } => "wiki/",
        Product::DataCenter => "",
    };
    format!("{context}rest/api/{resource}")
}

/// Returns whether an outcome says that there is nothing at the path.
pub(super) fn is_not_found(outcome: &Outcome) -> bool {
    *outcome == Outcome::from(NotConfluence::NotFound)
}
