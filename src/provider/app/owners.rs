//! Who owns an app. Writes show late.

use std::collections::BTreeSet;

use crate::conductorone::{Client, Error};
use crate::provider::poll::until;

/// What the wait is for, in the log.
const SHOW: &str = "the app's owners to show";

/// Waits until a new app has at least the owners that it was made with, then makes them the only ones: ConductorOne may
/// have added whoever made the app.
pub(super) async fn settle(api: &Client, id: &str, sent: &[String]) -> Result<Vec<String>, Error> {
    let wanted = set(sent);
    let look = || async {
        let found = api.list_app_owners(id).await?;
        Ok(wanted.is_subset(&set(&found)).then_some(found))
    };
    let found = until(api, SHOW, look).await?;
    if set(&found) == wanted {
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
) -> Result<Vec<String>, Error> {
    api.set_app_owners(id, wanted).await?;
    let expected = set(wanted);
    let look = || async {
        let found = api.list_app_owners(id).await?;
        Ok((set(&found) == expected).then_some(found))
    };
    until(api, SHOW, look).await
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}
