//! The status of a connector, as ConductorOne's web page shows it. The API returns its parts.

use crate::conductorone::{Connector, ConnectorStatus, SyncStatus};

/// The status of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// No sync has ended yet, for example because the settings are missing.
    NotConnected,
    /// A sync is running.
    Syncing,
    /// The last sync succeeded.
    Connected,
    /// The last sync failed.
    Error,
    /// Syncs are paused, by a person or by ConductorOne.
    Disabled,
}

impl Status {
    /// Returns the status of a connector. An unknown sync status counts as none.
    pub(crate) fn from_connector(connector: &Connector) -> Self {
        let sync = connector.status.as_ref().map(|status| &status.status);
        match sync {
            // A paused connector keeps the status of its last sync.
            _ if connector.sync_disabled_at.is_some() => Self::Disabled,
            Some(SyncStatus::Disabled) => Self::Disabled,
            Some(SyncStatus::Error) => Self::Error,
            Some(SyncStatus::Running) => Self::Syncing,
            Some(SyncStatus::Done) => Self::Connected,
            Some(_) | None => Self::NotConnected,
        }
    }

    /// Returns the name for configurations.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotConnected => "NOT_CONNECTED",
            Self::Syncing => "SYNCING",
            Self::Connected => "CONNECTED",
            Self::Error => "ERROR",
            Self::Disabled => "DISABLED",
        }
    }
}

/// Returns the connector's own words about a failed sync.
pub(super) fn failure_reason(status: &ConnectorStatus) -> String {
    let reason = status.failure();
    if reason.is_empty() {
        return "ConductorOne gave no reason.".to_owned();
    }
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_for_every_combination() {
        let other = SyncStatus::Other("SYNC_STATUS_NEW".to_owned());
        let cases = [
            (None, false, "NOT_CONNECTED"),
            (Some(SyncStatus::Unspecified), false, "NOT_CONNECTED"),
            (Some(other), false, "NOT_CONNECTED"),
            (Some(SyncStatus::Running), false, "SYNCING"),
            (Some(SyncStatus::Done), false, "CONNECTED"),
            (Some(SyncStatus::Error), false, "ERROR"),
            (Some(SyncStatus::Disabled), false, "DISABLED"),
            (None, true, "DISABLED"),
            (Some(SyncStatus::Running), true, "DISABLED"),
            (Some(SyncStatus::Done), true, "DISABLED"),
            (Some(SyncStatus::Error), true, "DISABLED"),
        ];
        for (sync, paused, expected) in cases {
            let status = sync.clone().map(|status| ConnectorStatus {
                status,
                ..ConnectorStatus::default()
            });
            let connector = Connector {
                status,
                sync_disabled_at: paused.then(|| "2026-01-01T00:00:00Z".to_owned()),
                ..Connector::default()
            };
            let found = Status::from_connector(&connector).name();
            assert_eq!(found, expected, "{sync:?}, paused: {paused}");
        }
    }
}
