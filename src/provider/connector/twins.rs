//! Finished connectors like the one to be created. A run that was killed may have made one and lost its state, and nothing
//! marks such a connector any more. It may as well belong to somebody else, so users are only told.

use crate::conductorone::{Connector, Error};
use crate::provider::mark::Mark;
use crate::provider::problems::{MOST_LISTED, connectors as problems, import_command};
use crate::terraform::diagnostics::Diagnostic;

use super::{CatalogEntry, ConnectorAttributes, Session, import_id};

/// The setting that says which site a connector reads: its key and value.
pub(crate) type Site = (&'static str, String);

/// What a connector to be created is like.
#[derive(Debug)]
pub(crate) struct Likeness<'a> {
    pub(super) entry: CatalogEntry,
    pub(super) connector: &'a ConnectorAttributes,
    /// `None` for a connector without settings.
    pub(super) site: Option<Site>,
}

impl Likeness<'_> {
    fn fits(&self, other: &Connector) -> bool {
        let name = self.connector.display_name.known().map(String::as_str);
        // ConductorOne names a connector with settings by itself.
        let name = name.or(self.site.is_none().then_some(self.entry.display_name));
        other.catalog_id == self.entry.id
            && Mark::in_description(&other.description).is_none()
            && name.is_none_or(|name| name == other.display_name)
            && (self.site.as_ref())
                .is_none_or(|(key, site)| other.config.plain(key) == Some(site.as_str()))
    }
}

/// Names the connectors like the one to be created that no resource of this run holds, each once.
pub(super) async fn name(
    session: &Session,
    type_name: &str,
    likeness: &Likeness<'_>,
) -> Result<Vec<Diagnostic>, Error> {
    let Some(app_id) = likeness.connector.app_id.known() else {
        return Ok(Vec::new());
    };
    let ledger = &session.conductorone.ledger;
    let before = ledger.before(&session.api, app_id).await?;
    let twins = before.iter().filter(|connector| {
        likeness.fits(connector)
            && !ledger.has_claimed(&connector.id)
            && ledger.name_once(&connector.id)
    });
    let ids = twins.map(|connector| connector.id.clone()).collect();
    let ids = ledger.unclaimed(&session.conductorone.place, ids).await;
    let twins = before
        .iter()
        .filter(|connector| ids.contains(&connector.id))
        .take(MOST_LISTED);
    let told = twins.map(|Connector { id, created_at, .. }| {
        let command = import_command(type_name, &import_id(app_id, id));
        let created = created_at.as_deref().unwrap_or("at an unknown time");
        problems::twin(id, created, &command)
    });
    Ok(told.collect())
}
