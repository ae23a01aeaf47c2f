//! Who owns an app. Writes show late.

use std::collections::BTreeSet;

use crate::conductorone::Client;
use crate::provider::people::{Names, Surplus, awaited, late};
use crate::provider::poll::{Look, until};
use crate::terraform::diagnostics::Diagnostics;

/// The attribute that names the owners.
const ATTRIBUTE: &str = "owner_ids";

/// Waits until a new app has at least the owners that it was made with, then makes them the only ones: ConductorOne may
/// have added whoever made the app.
pub(super) async fn settle(
    api: &Client,
    id: &str,
    sent: &[String],
) -> Result<Vec<String>, Diagnostics> {
    let found = until_owned(api, id, sent, Surplus::Stays).await?;
    if set(&found) == set(sent) {
        Ok(found)
    } else {
        replace(api, id, sent).await
    }
}

/// Makes `wanted` the owners and waits until that shows.
pub(super) async fn replace(
    api: &Client,
    id: &str,
    wanted: &[String],
) -> Result<Vec<String>, Diagnostics> {
    api.set_app_owners(id, wanted).await?;
    until_owned(api, id, wanted, Surplus::Goes).await
}

async fn until_owned(
    api: &Client,
    id: &str,
    wanted: &[String],
    surplus: Surplus,
) -> Result<Vec<String>, Diagnostics> {
    let look = || async {
        let found = api.list_app_owners(id).await?;
        let awaited = awaited(&set(wanted), &set(&found), surplus, &Names::new());
        Ok(awaited.map_or(Look::Shows(found), Look::Lacks))
    };
    let owned = until(api, look).await;
    Ok(owned.map_err(|error| late(&error, ATTRIBUTE))?)
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}
