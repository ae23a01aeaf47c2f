//! The identity and the import ID of a connector.

use crate::provider::connector::messages;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::attributes::ConnectorAttributes;

/// The attributes of the identity.
pub(crate) const IDENTITY: &[&str] = &["app_id", "id"];

/// Parses an import ID, `<app_id>/<connector_id>`.
pub(crate) fn parse_import_id(id: &str) -> Result<ConnectorAttributes, Diagnostics> {
    let is_id =
        |text: &str| !text.is_empty() && !text.contains(|c: char| c == '/' || c.is_whitespace());
    match id.split_once('/') {
        Some((app, connector)) if is_id(app) && is_id(connector) => Ok(ConnectorAttributes {
            app_id: Value::Known(app.to_owned()),
            id: Value::Known(connector.to_owned()),
            ..ConnectorAttributes::default()
        }),
        _ => Err(messages::invalid_import_id(id).into()),
    }
}

/// Returns the import ID of a connector.
pub(crate) fn import_id(app_id: &str, connector_id: &str) -> String {
    format!("{app_id}/{connector_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ids_are_needed() {
        let imported = parse_import_id(&import_id("app", "connector")).ok();
        let ids = imported.as_ref().map(ConnectorAttributes::ids);
        assert_eq!(ids, Some(("app", "connector")));
        for id in [
            "",
            "connector",
            "/connector",
            "app/",
            "app/connector/more",
            "app /connector",
        ] {
            assert!(parse_import_id(id).is_err(), "{id:?}");
        }
    }
}
