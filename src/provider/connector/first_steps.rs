//! The steps after the creation of a connector on which no other object depends: its name and its owners.

use crate::conductorone::{DelegatedUpdate, Error};
use crate::provider::owners::DesiredOwners;
use crate::provider::polling::poll_until_found;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;

use super::owners::{self, Owners};

/// The steps after the creation of a connector.
#[derive(Debug)]
pub(super) struct FirstSteps {
    pub(super) session: Session,
    pub(super) app_id: String,
    pub(super) id: String,
    /// Whether the request that created the connector contained the owners. An adopted connector may have other owners.
    pub(super) is_new: bool,
    /// The owners in the response.
    pub(super) user_ids: Vec<String>,
    pub(super) desired: Option<DesiredOwners>,
    pub(super) display_name: Option<String>,
}

impl FirstSteps {
    /// Returns the IDs of the owners after these steps, if they are known before.
    pub(super) fn known_owners(&self) -> Option<Vec<String>> {
        let answered = || (!self.user_ids.is_empty()).then(|| self.user_ids.clone());
        let desired = self.desired.as_ref().map(DesiredOwners::to_ids);
        desired.or_else(answered)
    }

    /// Sets the name and the owners, and waits until both the connector and its owners show, so that no refresh considers the
    /// connector deleted or its owners changed. The name does not have to wait, which saves time.
    pub(super) async fn run(self) -> Result<Owners, Diagnostics> {
        let (owners, renamed) = tokio::join!(self.set_owners(), self.rename());
        let renamed = match renamed {
            // The connector did not show yet.
            Err(error) if error.is_not_found() && owners.is_ok() => self.rename().await,
            renamed => renamed,
        };
        match (owners, renamed) {
            (owners, Ok(())) => owners,
            (Ok(_), Err(error)) => Err(error.into()),
            (Err(mut failures), Err(error)) => {
                failures.append(error.into());
                Err(failures)
            }
        }
    }

    async fn rename(&self) -> Result<(), Error> {
        if self.display_name.is_none() {
            return Ok(());
        }
        // The description keeps the mark until Terraform has saved the state.
        let update = DelegatedUpdate {
            display_name: self.display_name.clone(),
            ..DelegatedUpdate::default()
        };
        let api = self.session.api();
        let updated = api.update_delegated_connector(&self.app_id, &self.id, &update);
        updated.await.map(drop)
    }

    async fn set_owners(&self) -> Result<Owners, Diagnostics> {
        let session = &self.session;
        let (app_id, id) = (self.app_id.as_str(), self.id.as_str());
        let shows = async {
            let get = || session.api().get_connector(app_id, id);
            Ok(poll_until_found(session.api(), "the connector to appear", get).await?)
        };
        let (_, owners) = tokio::try_join!(shows, self.find_owners())?;
        match &self.desired {
            Some(desired) if !desired.are(owners.users.ids()) => {
                owners::replace(session, app_id, id, desired).await
            }
            _ => Ok(owners),
        }
    }

    async fn find_owners(&self) -> Result<Owners, Diagnostics> {
        let (app_id, id) = (self.app_id.as_str(), self.id.as_str());
        match &self.desired {
            Some(desired) if self.is_new => {
                owners::wait_until_visible(&self.session, app_id, id, desired).await
            }
            None if !self.user_ids.is_empty() => {
                Ok(Owners::from_api(&self.session, None, &self.user_ids))
            }
            _ => Ok(Owners::read(&self.session, app_id, id, &self.user_ids).await?),
        }
    }
}
