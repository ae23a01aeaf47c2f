//! `data.confluence_user`: a user, by ID or email address.

use crate::conductorone::User;
use crate::provider::owners::email_address::{EmailAttribute, select_user};
use crate::provider::provider_data::ProviderData;
use crate::provider::session::Session;
use crate::terraform::context::Context;
use crate::terraform::data_source::DataSource;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::ReadTimeout;
use crate::terraform::value::{Set, Value, model};

use crate::provider::search::{Key, Search};

/// The data source `confluence_user`.
#[derive(Debug)]
pub(crate) struct UserDataSource;

model! {
    /// A ConductorOne user, found by ID or email address, for example the owner of a connector.
    pub(crate) struct UserModel {
        /// ID of the user. Set either this or `email`.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "id"))]
        id: String,
        /// Email address of the user, case-insensitive. Set either this or `id`. If several users have the address, the
        /// data source returns the only enabled one. Null if the credential's user may not see it.
        #[schemars(extend("x-terraform" = [Optional, Computed], "format" = "email"))]
        email: String,
        /// Name of the user.
        #[schemars(extend("x-terraform" = [Computed]))]
        display_name: String,
        /// `ENABLED`, `DISABLED` or `DELETED`; `UNKNOWN` if ConductorOne does not return a status. Only an enabled user
        /// can sign in.
        #[schemars(extend("x-terraform" = [Computed]))]
        status: String,
        /// IDs of the ConductorOne roles that the user has.
        #[schemars(extend("x-terraform" = [Computed]))]
        role_ids: Set<String>,
        /// How long the lookup may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: ReadTimeout,
    }
}

const EMAIL_ATTRIBUTE: EmailAttribute = EmailAttribute {
    attribute: "email",
    id_attribute: "id",
};

const SEARCH: Search = Search {
    what: "user",
    title: "User",
    attribute: "email",
    example: "email = \"alice@acme.com\"",
    check_id: "Check the ID, and that the credential's user may see users. ConductorOne does not return deleted users.",
    check_attribute: "Compare it with the user's page in ConductorOne, which shows users after a directory sync and does not return \
                      deleted users. If the credential may not see email addresses, set id instead.",
};

impl DataSource for UserDataSource {
    type Model = UserModel;
    type Client = ProviderData;

    const TYPE_NAME: &'static str = "confluence_user";

    fn validate(&self, config: &UserModel, diagnostics: &mut Diagnostics) {
        SEARCH.validate(&config.id, &config.email, diagnostics);
    }

    async fn read(
        &self,
        context: &Context<ProviderData>,
        config: &UserModel,
    ) -> Result<UserModel, Diagnostics> {
        let session = Session::new(context);
        let lookups = session.lookups();
        let key = SEARCH.key(&config.id, &config.email)?;
        let found = match key {
            Key::Id(id) => lookups.user(session.api(), id).await?,
            Key::Attribute(email) => {
                let holders = lookups.users_with_email(session.api(), email).await?;
                match select_user(holders) {
                    Ok(user) => Some(user),
                    Err(reason) => match reason.diagnose(email, EMAIL_ATTRIBUTE) {
                        Some(problem) => return Err(problem.into()),
                        None => None,
                    },
                }
            }
        };
        let found = Vec::from_iter(found);
        let user = SEARCH.only(key, found, |user| (&user.display_name, &user.id))?;
        Ok(config.with_user(user))
    }
}

impl UserModel {
    fn with_user(&self, user: User) -> Self {
        Self {
            id: Value::Known(user.id),
            email: user.email.into(),
            display_name: Value::Known(user.display_name),
            status: Value::Known(user.status.name().to_owned()),
            role_ids: Value::Known(user.role_ids.into_iter().collect()),
            timeouts: self.timeouts.clone(),
        }
    }
}
