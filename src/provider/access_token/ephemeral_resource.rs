//! The ephemeral resource `confluence_access_token`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::conductorone::IssuedToken;
use crate::provider::provider_data::ProviderData;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::ephemeral_resource::{EphemeralResource, Lease};
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::timeouts::OpenTimeout;
use crate::terraform::value::{Secret, Value, model};

use super::messages;

/// The maximum age of a token that is passed on. A tool can then use it for almost its whole lifetime.
const MAX_AGE: Duration = Duration::from_mins(1);

/// The ephemeral resource `confluence_access_token`.
#[derive(Debug)]
pub(crate) struct AccessTokenResource;

model! {
    /// An access token for ConductorOne's API, for other providers and tools in the same run. It belongs to the
    /// provider's own credentials and has all of their permissions. Terraform stores it in neither plan nor state.
    pub(crate) struct AccessTokenModel {
        /// The token, for the header `Authorization: Bearer <token>`.
        #[schemars(extend("x-terraform" = [Computed]))]
        token: Secret,
        /// When the token expires (RFC 3339), by the clock of the machine that runs Terraform. Null if the provider
        /// does not know, as for a configured `access_token`.
        #[schemars(extend("x-terraform" = [Computed]))]
        expires_at: String,
        /// How long opening may take, including all requests, retries and waits.
        #[schemars(extend("x-terraform" = [Optional]))]
        timeouts: OpenTimeout,
    }
}

/// What a renewal must know. It contains no secret.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct OpenToken {
    /// When the token that Terraform has expires. `None` after the warning about it.
    expires_at: Option<String>,
}

impl EphemeralResource for AccessTokenResource {
    type Model = AccessTokenModel;
    type Client = ProviderData;
    type Private = OpenToken;

    const TYPE_NAME: &'static str = "confluence_access_token";

    async fn open(
        &self,
        context: &Context<ProviderData>,
        config: &AccessTokenModel,
    ) -> Result<(AccessTokenModel, Lease<OpenToken>), Diagnostics> {
        let issued = ProviderData::api(context).access_token(MAX_AGE).await?;
        let expires_at = issued.expires_at.map(|time| time.to_string());
        let model = AccessTokenModel {
            token: Value::Known(issued.token.clone().into()),
            expires_at: expires_at.clone().into(),
            timeouts: config.timeouts.clone(),
        };
        Ok((model, lease(&issued, OpenToken { expires_at })))
    }

    /// Requests a new token for the provider, which shows whether ConductorOne still accepts the credentials. The protocol
    /// has no way to replace the token that Terraform has, so a warning says when that one expires.
    async fn renew(
        &self,
        context: &Context<ProviderData>,
        private: OpenToken,
        diagnostics: &mut Diagnostics,
    ) -> Result<Lease<OpenToken>, Diagnostics> {
        let issued = ProviderData::api(context)
            .access_token(Duration::ZERO)
            .await?;
        let expires_at = private.expires_at;
        diagnostics.extend(expires_at.map(|time| messages::token_expires(&time)));
        Ok(lease(&issued, OpenToken::default()))
    }
}

fn lease(issued: &IssuedToken, private: OpenToken) -> Lease<OpenToken> {
    Lease {
        renew_at: issued.renew_at.map(Into::into),
        private,
    }
}
