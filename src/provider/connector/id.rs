//! How a connector is found, and how users name it when they import it.

use crate::provider::problems::connectors as problems;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::value::Value;

use super::ConnectorAttributes;

/// The attributes that find a connector.
pub(crate) const IDENTITY: &[&str] = &["app_id", "id"];

/// Reads `<app_id>/<connector_id>`.
pub(crate) fn import(id: &str) -> Result<ConnectorAttributes, Diagnostics> {
    let is_id =
        |text: &str| !text.is_empty() && !text.contains(|c: char| c == '/' || c.is_whitespace());
    match id.split_once('/') {
        Some((app, connector)) if is_id(app) && is_id(connector) => Ok(ConnectorAttributes {
            app_id: Value::Known(app.to_owned()),
            id: Value::Known(connector.to_owned()),
            ..ConnectorAttributes::default()
        }),
        _ => Err(problems::invalid_import_id(id).into()),
    }
}

/// What [`import`] reads.
pub(crate) fn import_id(app_id: &str, connector_id: &str) -> String {
    format!("{app_id}/{connector_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ids_are_needed() {
        let imported = import(&import_id("app", "connector")).ok();
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
            assert!(import(id).is_err(), "{id:?}");
        }
    }
}
