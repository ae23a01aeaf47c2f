//! The check of a login.

use std::time::Duration;

use tokio::time::timeout;

use crate::conductorone::{Cause, PlainClient, Proxy};

use super::account::{check_administrator, check_current_user};
use super::login::{Login, Product};
use super::outcome::{NotJudged, Outcome};
use super::requests::Requests;
use super::space_roles::check_space_roles;

/// The longest time of a whole check, so that an address without an answer does not hold up a plan.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// How to connect to Confluence.
#[derive(Clone, Debug)]
pub(crate) struct Connection<'a> {
    /// The value of the `User-Agent` header.
    pub(crate) user_agent: &'a str,
    /// The proxy for the host of the login.
    pub(crate) proxy: Option<Proxy>,
}

/// Signs in to Confluence as the connector does when it validates its settings, and asks for one group to see whether the
/// account is an administrator. Sends each request once, because failed logins can lock an account. Takes at most 20
/// seconds.
pub(crate) async fn check(login: &Login, connection: Connection<'_>) -> Outcome {
    let Some(authorization) = login.authorization() else {
        let reason = "an HTTP header cannot contain the login".to_owned();
        return NotJudged::NoAnswer(Cause::Unsendable(reason)).into();
    };
    let client = PlainClient::new(connection.user_agent, TIME_LIMIT, connection.proxy);
    let requests = match client {
        Ok(client) => Requests {
            login,
            client,
            authorization,
        },
        Err(cause) => return NotJudged::NoAnswer(cause).into(),
    };
    match timeout(TIME_LIMIT, judge(&requests)).await {
        Ok(judged) => judged.err().unwrap_or(Outcome::Accepted),
        Err(_) => NotJudged::NoAnswer(Cause::Timeout(TIME_LIMIT)).into(),
    }
}

async fn judge(requests: &Requests<'_>) -> Result<(), Outcome> {
    match requests.login.product {
        Product::Cloud { use_rbac: true } => check_space_roles(requests).await?,
        Product::Cloud { use_rbac: false } | Product::DataCenter => {
            check_current_user(requests).await?;
        }
    }
    check_administrator(requests).await
}
