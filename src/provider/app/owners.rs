//! The owners of an app. Changes show late.

use std::collections::BTreeSet;

use crate::conductorone::Client;
use crate::provider::owners::waiting::{
    EmailsById, FormerOwners, describe_pending, diagnose_owner_write,
};
use crate::provider::polling::{Poll, poll_until_ready};
use crate::terraform::diagnostics::Diagnostics;

/// The attribute that names the owners.
const ATTRIBUTE: &str = "owner_ids";

/// Sets the owners of a new app if the plan names any, and returns the owners. `sent` says whether the request that created the
/// app contained them.
pub(super) async fn set_first_owners(
    api: &Client,
    id: &str,
    desired: Option<&[String]>,
    sent: bool,
) -> Result<Vec<String>, Diagnostics> {
    match desired {
        None => Ok(api.list_app_owners(id).await?),
        Some(desired) if sent => confirm_owners(api, id, desired).await,
        Some(desired) => replace_owners(api, id, desired).await,
    }
}

/// Waits until a new app has at least the owners of the request, and removes all others. ConductorOne may have added the user who
/// created the app.
async fn confirm_owners(
    api: &Client,
    id: &str,
    sent: &[String],
) -> Result<Vec<String>, Diagnostics> {
    let found = wait_until_visible(api, id, sent, FormerOwners::MayRemain).await?;
    if set(&found) == set(sent) {
        Ok(found)
    } else {
        replace_owners(api, id, sent).await
    }
}

/// Makes the desired users the owners, and waits until the change shows.
pub(super) async fn replace_owners(
    api: &Client,
    id: &str,
    desired: &[String],
) -> Result<Vec<String>, Diagnostics> {
    api.set_app_owners(id, desired).await?;
    wait_until_visible(api, id, desired, FormerOwners::MustDisappear).await
}

async fn wait_until_visible(
    api: &Client,
    id: &str,
    desired: &[String],
    former_owners: FormerOwners,
) -> Result<Vec<String>, Diagnostics> {
    let poll = || async {
        let found = api.list_app_owners(id).await?;
        let pending = describe_pending(
            &set(desired),
            &set(&found),
            former_owners,
            &EmailsById::new(),
        );
        Ok(pending.map_or(Poll::Ready(found), Poll::Pending))
    };
    let owned = poll_until_ready(api, poll).await;
    Ok(owned.map_err(|error| diagnose_owner_write(&error, ATTRIBUTE))?)
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}
