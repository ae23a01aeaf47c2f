//! What a Confluence contains, and who may see it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::random;

/// The product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfluenceProduct {
    /// Confluence Cloud, whose paths begin with `/wiki`.
    #[default]
    Cloud,
    /// Confluence Data Center.
    DataCenter,
}

/// The state of space roles, which only Cloud has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpaceRoleMode {
    /// The site does not know them.
    #[default]
    NotSupported,
    /// `PRE_ROLES`: they are not switched on.
    PreRoles,
    /// `ROLES_TRANSITION`.
    Transition,
    /// `ROLES`.
    Roles,
    /// `ROLES`, but the right to use them has run out.
    Expired,
}

/// An account.
#[derive(Clone, Debug)]
pub struct ConfluenceAccount {
    /// The user name, which is an email address on Cloud.
    pub username: String,
    /// The API tokens (Cloud), or the password (Data Center).
    pub secrets: Vec<String>,
    /// The personal access tokens, which only Data Center accepts.
    pub access_tokens: Vec<String>,
    /// Whether the account may use Confluence.
    pub has_access: bool,
    /// Whether the account is an administrator, who may read groups and users.
    pub is_administrator: bool,
    /// The ID, as `accountId` or `userKey`.
    pub id: String,
    /// The number of failed logins since the last successful one.
    pub failed_logins: usize,
}

impl ConfluenceAccount {
    /// Returns an administrator with this secret, which Data Center also accepts as a personal access token.
    pub fn administrator(username: &str, secret: &str) -> Self {
        Self {
            username: username.to_owned(),
            secrets: vec![secret.to_owned()],
            access_tokens: vec![secret.to_owned()],
            has_access: true,
            is_administrator: true,
            id: random::id(),
            failed_logins: 0,
        }
    }
}

/// The contents and the behavior of a Confluence.
#[derive(Clone, Debug, Default)]
pub struct ConfluenceSite {
    /// The product.
    pub product: ConfluenceProduct,
    /// The path before all others, such as `/confluence`. Only Data Center has one.
    pub context_path: String,
    /// Whether the site has Confluence at all. Without it, every path is unknown.
    pub is_missing: bool,
    /// Whether every path is a web page, as of a parked domain.
    pub is_web_page: bool,
    /// The URL to which every path redirects.
    pub redirect: Option<String>,
    /// The accounts.
    pub accounts: Vec<ConfluenceAccount>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// The keys of the spaces.
    pub spaces: Vec<String>,
    /// The state of space roles.
    pub space_roles: SpaceRoleMode,
    /// Whether visitors who are not signed in may read. A wrong login then counts as none.
    pub anonymous_access: bool,
    /// The number of failed logins after which an account must solve a captcha. Only Data Center has captchas.
    pub captcha_after: Option<usize>,
    /// The status of every response, and its `Retry-After`.
    pub outage: Option<(u16, Option<u64>)>,
}

/// The visitor that a request comes from.
pub(super) enum Visitor {
    Account {
        id: String,
        username: String,
        is_administrator: bool,
    },
    Anonymous,
    /// The login is wrong.
    Unknown,
    /// The account may not use Confluence.
    NoAccess,
    Captcha,
}

impl ConfluenceSite {
    /// Returns the visitor who sends this `Authorization`, and counts a failed login.
    pub(super) fn sign_in(&mut self, authorization: Option<&str>) -> Visitor {
        let anonymous = if self.anonymous_access {
            Visitor::Anonymous
        } else {
            Visitor::Unknown
        };
        let Some(authorization) = authorization else {
            return anonymous;
        };
        let (product, limit) = (self.product, self.captcha_after);
        let is_data_center = product == ConfluenceProduct::DataCenter;
        if let Some(token) = authorization.strip_prefix("Bearer ") {
            let mut accounts = self.accounts.iter();
            let owns = |account: &&ConfluenceAccount| {
                is_data_center && account.access_tokens.iter().any(|it| it == token)
            };
            return accounts.find(owns).map_or(Visitor::Unknown, visitor);
        }
        let Some((username, secret)) = basic(authorization) else {
            return Visitor::Unknown;
        };
        let mut accounts = self.accounts.iter_mut();
        let Some(account) = accounts.find(|account| account.username == username) else {
            return anonymous;
        };
        if is_data_center && limit.is_some_and(|limit| account.failed_logins >= limit) {
            return Visitor::Captcha;
        }
        if account.secrets.contains(&secret) {
            account.failed_logins = 0;
            return visitor(account);
        }
        account.failed_logins += 1;
        // Data Center refuses a wrong login even where everybody may read.
        if is_data_center {
            Visitor::Unknown
        } else {
            anonymous
        }
    }
}

fn visitor(account: &ConfluenceAccount) -> Visitor {
    if !account.has_access {
        return Visitor::NoAccess;
    }
    Visitor::Account {
        id: account.id.clone(),
        username: account.username.clone(),
        is_administrator: account.is_administrator,
    }
}

/// Returns the user name and the password of HTTP Basic.
fn basic(authorization: &str) -> Option<(String, String)> {
    let decoded = STANDARD
        .decode(authorization.strip_prefix("Basic ")?)
        .ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (username, secret) = decoded.split_once(':')?;
    Some((username.to_owned(), secret.to_owned()))
}
