//! Finished connectors that are similar to a new one.

use crate::conductorone::{Connector, Error};
use crate::provider::connector::messages;
use crate::provider::create_once::report_similar;
use crate::provider::message_values::import_command;
use crate::provider::session::Session;
use crate::terraform::diagnostics::Diagnostics;

use super::attributes::ConnectorAttributes;
use super::catalog::CatalogEntry;
use super::existing::list_existing;
use super::import::import_id;

/// The setting that names the site of a connector: its key and its value.
pub(crate) type SiteSetting = (&'static str, String);

/// What identifies a new connector to users.
#[derive(Debug)]
pub(crate) struct Identification<'a> {
    pub(super) entry: CatalogEntry,
    pub(super) connector: &'a ConnectorAttributes,
    /// `None` for a connector without settings.
    pub(super) site: Option<SiteSetting>,
}

impl Identification<'_> {
    fn is_similar(&self, other: &Connector) -> bool {
        let default = self.entry.display_name;
        let planned = self.connector.display_name.known();
        let name = planned.map_or(default, String::as_str);
        // Connectors for several sites can all have the default name.
        let has_name = other.display_name == name || self.site.is_some() && name == default;
        let has_site = (self.site.as_ref())
            .is_none_or(|(key, site)| other.config.plain(key) == Some(site.as_str()));
        other.catalog_id == self.entry.id && has_name && has_site
    }

    /// Returns a warning for each similar connector that no resource of this run manages.
    pub(super) async fn find_similar(
        &self,
        session: &Session,
        type_name: &str,
    ) -> Result<Diagnostics, Error> {
        let Some(app_id) = self.connector.app_id.known() else {
            return Ok(Diagnostics::default());
        };
        let existing = list_existing(session, app_id).await?;
        let warning = |Connector { id, .. }: &Connector, created: &str| {
            let command = import_command(type_name, &import_id(app_id, id));
            messages::may_exist_already(id, created, &command)
        };
        let is_similar = |connector: &Connector| self.is_similar(connector);
        Ok(report_similar(session, &existing, is_similar, warning).await)
    }
}
