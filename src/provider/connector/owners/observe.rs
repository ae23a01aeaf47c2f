//! The owners of a connector in a refresh.

use crate::conductorone::{Connector, Error};
use crate::provider::connector::attributes::ConnectorAttributes;
use crate::provider::owners::{OwnerAttributes, describe_user, messages};
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::current::Owners;

/// Writes the owners to the state, and adds warnings about them. `owner_emails` becomes the addresses that identify the owners.
pub(crate) async fn observe(
    session: &Session,
    state: &mut ConnectorAttributes,
    mut owners: Owners,
    connector: &Connector,
    diagnostics: &mut Diagnostics,
) -> Result<(), Error> {
    let before = std::mem::replace(&mut state.owner_ids, owners.users.to_value());
    let recorded = OwnerAttributes {
        ids: &before,
        emails: &state.owner_emails,
    };
    let Connector {
        id, display_name, ..
    } = connector;
    let object = format!("connector {id}");
    let addresses = (owners.users)
        .changed_addresses(session, recorded, &object, diagnostics)
        .await?;
    if let Some(addresses) = addresses {
        state.owner_emails = Value::Known(addresses);
        if state.owner_ids == before {
            // The plan replaces the owners.
            return Ok(());
        }
    }
    if owners.users.are_all_disabled() && !has_entitlement_owners(session, state, &owners).await {
        let users: Vec<_> = owners.users.users().map(describe_user).collect();
        let attribute = state.owners().attribute();
        let users = users.join(", ");
        diagnostics.push(messages::all_disabled(id, display_name, &users, attribute));
    }
    Ok(())
}

/// Returns whether entitlements own the connector, too. If this is not known, they may.
async fn has_entitlement_owners(
    session: &Session,
    state: &ConnectorAttributes,
    owners: &Owners,
) -> bool {
    let (app_id, id) = state.ids();
    match session.api().list_entitlement_owners(app_id, id).await {
        Ok(Some(found)) => {
            let mut roles = found.into_iter().map(|owner| owner.role_slug);
            roles.any(|slug| Some(slug) == owners.role_slug)
        }
        Ok(None) => false,
        Err(error) => {
            tracing::debug!(%error, "could not read the entitlements that own the connector");
            true
        }
    }
}
