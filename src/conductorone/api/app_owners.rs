//! Owners of apps, `/api/v1/apps/{app_id}/owners`.

use serde::Deserialize;
use serde_json::json;

use crate::conductorone::http::{ApiPath, Client, Error, Request, ids};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OwnerIds {
    #[serde(deserialize_with = "ids")]
    user_ids: Vec<String>,
}

impl Client {
    /// Returns the IDs of the users who own an app: `GET /api/v1/apps/{app_id}/ownerids`. For an app that does not
    /// exist, the service returns an empty list.
    pub async fn list_app_owners(&self, app_id: &str) -> Result<Vec<String>, Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/ownerids", &[app_id])?;
        let ids = |answer: OwnerIds| Some(answer.user_ids);
        self.call(&Request::get(path), "a list of owner IDs", ids)
            .await
    }

    /// Replaces all users who own an app: `PUT /api/v1/apps/{app_id}/owners`. The change can take minutes to show:
    /// read the owners until they match.
    pub async fn set_app_owners(&self, app_id: &str, user_ids: &[String]) -> Result<(), Error> {
        let path = ApiPath::fill("/api/v1/apps/{app_id}/owners", &[app_id])?;
        self.run(&Request::put(path, json!({ "userIds": user_ids })))
            .await
    }
}
