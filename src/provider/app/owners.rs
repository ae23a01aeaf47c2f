//! The owners of an app. Changes show late.

use crate::conductorone::{Client, Error};
use crate::provider::owners::{CurrentOwners, DesiredOwners, FormerOwners, OwnerAttributes};
use crate::provider::polling::{Poll, poll_until_ready};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::attributes::AppModel;

/// Sets the owners of a new app if the plan names any, and returns the owners. `sent` says whether the request that created the
/// app contained them.
pub(super) async fn set_first_owners(
    api: &Client,
    id: &str,
    desired: Option<&DesiredOwners>,
    sent: bool,
) -> Result<CurrentOwners, Diagnostics> {
    match desired {
        None => Ok(list_owners(api, id).await?),
        Some(desired) if sent => confirm_owners(api, id, desired).await,
        Some(desired) => replace_owners(api, id, desired).await,
    }
}

/// Waits until a new app has at least the owners of the request, and removes all others. ConductorOne may have added the user who
/// created the app.
async fn confirm_owners(
    api: &Client,
    id: &str,
    sent: &DesiredOwners,
) -> Result<CurrentOwners, Diagnostics> {
    let found = wait_until_visible(api, id, sent, FormerOwners::MayRemain).await?;
    if sent.are(found.ids()) {
        Ok(found)
    } else {
        replace_owners(api, id, sent).await
    }
}

/// Makes the desired users the owners, and waits until the change shows.
pub(super) async fn replace_owners(
    api: &Client,
    id: &str,
    desired: &DesiredOwners,
) -> Result<CurrentOwners, Diagnostics> {
    api.set_app_owners(id, &desired.to_ids()).await?;
    wait_until_visible(api, id, desired, FormerOwners::MustDisappear).await
}

async fn wait_until_visible(
    api: &Client,
    id: &str,
    desired: &DesiredOwners,
    former_owners: FormerOwners,
) -> Result<CurrentOwners, Diagnostics> {
    let poll = || async {
        let found = list_owners(api, id).await?;
        let pending = desired.describe_pending(found.ids(), former_owners);
        Ok(pending.map_or(Poll::Ready(found), Poll::Pending))
    };
    let owned = poll_until_ready(api, poll).await;
    Ok(owned.map_err(|error| desired.diagnose_write(error))?)
}

async fn list_owners(api: &Client, id: &str) -> Result<CurrentOwners, Error> {
    Ok(api.list_app_owners(id).await?.into_iter().collect())
}

/// Writes the owners of a refresh to the state. `owner_emails` becomes the addresses that identify them.
pub(super) async fn observe_owners(
    session: &Session,
    state: &mut AppModel,
    mut owners: CurrentOwners,
    diagnostics: &mut Diagnostics,
) -> Result<(), Error> {
    let before = std::mem::replace(&mut state.owner_ids, owners.to_value());
    let recorded = OwnerAttributes {
        ids: &before,
        emails: &state.owner_emails,
    };
    let object = format!("app {}", state.id());
    let addresses = owners.changed_addresses(session, recorded, &object, diagnostics);
    if let Some(addresses) = addresses.await? {
        state.owner_emails = Value::Known(addresses);
    }
    Ok(())
}
