//! Syncs of connectors, `/api/v1/apps/{app_id}/connectors/{connector_id}/{action}`.

use serde_json::{Value, json};

use super::connectors::ConnectorStatus;
use crate::conductorone::http::{ApiPath, Client, Effect, Error, PeerText, Request};

impl ConnectorStatus {
    /// Returns the error of the sync for a message.
    pub fn failure(&self) -> PeerText {
        PeerText::new(&self.last_error)
    }
}

impl Client {
    /// Pauses syncs and provisioning: `POST .../pause`.
    pub async fn pause_connector(&self, app_id: &str, connector_id: &str) -> Result<(), Error> {
        self.connector_action("pause", app_id, connector_id, json!({}))
            .await
    }

    /// Resumes syncs and provisioning, and starts a sync: `POST .../resume`.
    pub async fn resume_connector(&self, app_id: &str, connector_id: &str) -> Result<(), Error> {
        self.connector_action("resume", app_id, connector_id, json!({}))
            .await
    }

    /// Sets the schedule of syncs, as a cron expression and an IANA time zone: `POST .../schedule`.
    pub async fn schedule_connector(
        &self,
        app_id: &str,
        connector_id: &str,
        cron_spec: &str,
        timezone: &str,
    ) -> Result<(), Error> {
        let body = json!({ "cron": { "cronSpec": cron_spec, "timezone": timezone } });
        self.connector_action("schedule", app_id, connector_id, body)
            .await
    }

    /// Queues a sync: `POST .../force_sync`. The connector's status shows its progress.
    pub async fn force_sync(&self, app_id: &str, connector_id: &str) -> Result<(), Error> {
        self.connector_action("force_sync", app_id, connector_id, json!({}))
            .await
    }

    /// Accepts a sync that the data-drop check stopped: `POST .../confirm_sync_valid/{sync_lifecycle_id}`.
    pub async fn confirm_sync(
        &self,
        app_id: &str,
        connector_id: &str,
        sync_lifecycle_id: &str,
    ) -> Result<(), Error> {
        let template = "/api/v1/apps/{app_id}/connectors/{connector_id}/confirm_sync_valid/{sync_lifecycle_id}";
        let path = ApiPath::fill(template, &[app_id, connector_id, sync_lifecycle_id])?;
        self.run(&Request::post(path, json!({}), Effect::Idempotent))
            .await
    }

    async fn connector_action(
        &self,
        action: &str,
        app_id: &str,
        connector_id: &str,
        body: Value,
    ) -> Result<(), Error> {
        let template = format!("/api/v1/apps/{{app_id}}/connectors/{{connector_id}}/{action}");
        let path = ApiPath::fill(&template, &[app_id, connector_id])?;
        self.run(&Request::post(path, body, Effect::Idempotent))
            .await
    }
}
