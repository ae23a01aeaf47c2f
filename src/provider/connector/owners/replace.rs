//! Replacing the owners of a connector.

use crate::conductorone::DelegatedUpdate;
use crate::provider::owners::{DesiredOwners, FormerOwners};
use crate::provider::polling::{Poll, poll_until_ready};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;

use super::current::Owners;

/// Makes the desired users the owners, and waits until the change shows. Entitlements that own the connector stay owners.
pub(crate) async fn replace(
    session: &Session,
    app_id: &str,
    id: &str,
    desired: &DesiredOwners,
) -> Result<Owners, Diagnostics> {
    let api = session.api();
    let ids = desired.to_ids();
    let Some(role_slug) = Owners::read(session, app_id, id, &[]).await?.role_slug else {
        let update = DelegatedUpdate {
            user_ids: Some(ids),
            ..DelegatedUpdate::default()
        };
        api.update_delegated_connector(app_id, id, &update).await?;
        return wait_until_visible(session, app_id, id, desired).await;
    };
    let mut entitlements = api
        .list_entitlement_owners(app_id, id)
        .await?
        .unwrap_or_default();
    entitlements.retain(|owner| owner.role_slug == role_slug);
    api.set_owners(app_id, id, &role_slug, &ids, &entitlements)
        .await?;
    wait_until_visible(session, app_id, id, desired).await
}

/// Waits until the API shows the desired owners. This may take minutes. Tenants without the owners API show them at once.
pub(crate) async fn wait_until_visible(
    session: &Session,
    app_id: &str,
    id: &str,
    desired: &DesiredOwners,
) -> Result<Owners, Diagnostics> {
    let ids = desired.to_ids();
    let poll = || async {
        let owners = Owners::read(session, app_id, id, &ids).await?;
        let pending = desired.describe_pending(owners.users.ids(), FormerOwners::MustDisappear);
        Ok(pending.map_or(Poll::Ready(owners), Poll::Pending))
    };
    let visible = poll_until_ready(session.api(), poll).await;
    Ok(visible.map_err(|error| desired.diagnose_write(error))?)
}
