//! The attributes of a login.

use crate::confluence::{Login, Product};
use crate::provider::site::Site;
use crate::terraform::value::{Secret, Value};

/// The attributes of a login to Confluence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LoginAttributes {
    /// A login to Confluence Cloud.
    Cloud {
        /// The attribute `site_domain`.
        site_domain: Value<String>,
        /// The attribute `username`.
        username: Value<String>,
        /// The API token.
        token: Value<Secret>,
        /// The name of the attribute that contains the API token.
        token_attribute: &'static str,
        /// The attribute `use_rbac`.
        use_rbac: Value<bool>,
    },
    /// A login to Confluence Data Center. An access token has precedence over the other two attributes.
    DataCenter {
        /// The attribute `hostname`.
        hostname: Value<String>,
        /// The attribute `access_token`.
        access_token: Value<Secret>,
        /// The attribute `username`.
        username: Value<String>,
        /// The attribute `password`.
        password: Value<Secret>,
    },
}

/// A complete login, and the names and values for its messages.
#[derive(Debug)]
pub(super) struct NamedLogin {
    pub(super) login: Login,
    /// The address as the user knows it, and its attribute.
    pub(super) address: String,
    pub(super) address_attribute: &'static str,
    /// A phrase that follows "signed in", and the attribute that names the account.
    pub(super) account: String,
    pub(super) account_attribute: &'static str,
    pub(super) secret_attribute: &'static str,
}

impl LoginAttributes {
    /// Returns the login. `None` if a part of it is missing or unknown.
    pub(super) fn complete(&self) -> Option<NamedLogin> {
        match self {
            Self::Cloud {
                site_domain,
                username,
                token,
                token_attribute,
                use_rbac,
            } => {
                let site: Site = site_domain.known()?.parse().ok()?;
                let (username, token) = (username.known()?, token.known()?);
                let use_rbac = match use_rbac {
                    Value::Known(flag) => *flag,
                    Value::Null => false,
                    Value::Unknown => return None,
                };
                let product = Product::Cloud { use_rbac };
                let token = token.clone().into();
                Some(NamedLogin {
                    login: Login::with_password(product, &site.url(), username, token)?,
                    address: site.to_string(),
                    address_attribute: "site_domain",
                    account: format!("as {username}"),
                    account_attribute: "username",
                    secret_attribute: token_attribute,
                })
            }
            Self::DataCenter {
                hostname,
                access_token,
                username,
                password,
            } => {
                let address = hostname.known()?;
                let named = |login, account, account_attribute, secret_attribute| NamedLogin {
                    login,
                    address: address.clone(),
                    address_attribute: "hostname",
                    account,
                    account_attribute,
                    secret_attribute,
                };
                match access_token {
                    Value::Unknown => None,
                    Value::Known(token) => {
                        let login = Login::with_token(address, token.clone().into())?;
                        let account = "with the access token".to_owned();
                        Some(named(login, account, "access_token", "access_token"))
                    }
                    Value::Null => {
                        let (username, password) = (username.known()?, password.known()?);
                        let (product, password) = (Product::DataCenter, password.clone().into());
                        let login = Login::with_password(product, address, username, password)?;
                        let account = format!("as {username}");
                        Some(named(login, account, "username", "password"))
                    }
                }
            }
        }
    }
}
