//! The connectors that existed in an app before a creation.

use std::sync::Arc;

use crate::conductorone::{Connector, Error};
use crate::provider::session::Session;

use super::catalog::resource_type;

/// Returns the connectors of an app before this process created the first one in it.
pub(super) async fn list_existing(
    session: &Session,
    app_id: &str,
) -> Result<Arc<[Connector]>, Error> {
    let (lookups, api) = (session.lookups(), session.api());
    lookups
        .connectors_before_creation(api, app_id, outline)
        .await
}

/// Removes the attributes that creations do not use, because the connectors stay in memory until the end of the run.
fn outline(connector: Connector) -> Connector {
    let (id, unset) = (connector.id, Connector::default());
    if resource_type(&connector.catalog_id).is_none() {
        return Connector { id, ..unset };
    }
    Connector {
        id,
        app_id: connector.app_id,
        catalog_id: connector.catalog_id,
        display_name: connector.display_name,
        description: connector.description,
        config: connector.config,
        status: connector.status,
        created_at: connector.created_at,
        ..unset
    }
}
