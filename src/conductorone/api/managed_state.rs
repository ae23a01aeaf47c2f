//! Apps that an identity provider discovered,
//! `/api/v1/apps/{app_id}/resource_types/{resource_type_id}/managed_state_bindings`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::conductorone::http::{
    ApiPath, Client, Effect, Error, InvalidId, Request, is_id, none_if_not_found,
    none_if_unavailable, or_default,
};

/// The reference to a discovered app (`c1.api.app.v1.AppManagedStateBindingRef`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiscoveredApp {
    /// The identity provider's app.
    pub app_id: String,
    /// The resource type that the identity provider uses for apps.
    pub resource_type_id: String,
    /// The resource of this type that is the discovered app.
    pub resource_id: String,
}

/// The managed state of a discovered app (`c1.api.app.v1.AppManagedStateBinding`).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, rename_all = "camelCase")]
pub struct ManagedStateBinding {
    /// The app's name at the identity provider.
    #[serde(deserialize_with = "or_default")]
    pub display_name: String,
    /// Whether the app is managed.
    #[serde(deserialize_with = "or_default")]
    pub state: ManagedState,
    /// When the binding was deleted, RFC 3339. A deleted binding can still be read.
    pub deleted_at: Option<String>,
}

/// Whether a discovered app is managed. The service may add states.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "State")]
#[non_exhaustive]
pub enum ManagedState {
    /// The app was discovered, but not promoted.
    Unmanaged,
    /// The app was promoted to a managed app.
    Managed {
        /// The managed app.
        app_id: String,
    },
    /// A state that this version does not know.
    #[default]
    Unknown,
}

/// The state as a protobuf `oneof`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    unmanaged: Option<IgnoredAny>,
    managed: Option<Managed>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Managed {
    #[serde(deserialize_with = "or_default")]
    app_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BindingResponse {
    app_management_state: Option<BindingView>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BindingView {
    app_management_state_binding: Option<ManagedStateBinding>,
}

impl From<State> for ManagedState {
    fn from(state: State) -> Self {
        match state {
            State {
                managed: Some(Managed { app_id }),
                ..
            } if is_id(&app_id) => Self::Managed { app_id },
            State {
                unmanaged: Some(_),
                managed: None,
            } => Self::Unmanaged,
            State { .. } => Self::Unknown,
        }
    }
}

impl BindingResponse {
    fn into_binding(self) -> Option<ManagedStateBinding> {
        self.app_management_state?.app_management_state_binding
    }

    fn into_managed_app_id(self) -> Option<String> {
        match self.into_binding()?.state {
            ManagedState::Managed { app_id } => Some(app_id),
            ManagedState::Unmanaged | ManagedState::Unknown => None,
        }
    }
}

impl Client {
    /// Reads a discovered app: `GET .../managed_state_bindings/{resource_id}`. Returns `None` if it does not exist or
    /// is deleted. A tenant without this API responds in the same way or with status 501.
    pub async fn get_managed_state(
        &self,
        app: &DiscoveredApp,
    ) -> Result<Option<ManagedStateBinding>, Error> {
        let request = Request::get(app.path("")?);
        let found = self
            .call(&request, "a discovered app", BindingResponse::into_binding)
            .await;
        Ok(none_if_not_found(found)?.filter(|binding| binding.deleted_at.is_none()))
    }

    /// Returns the number of apps that an identity provider's app discovered among its resources of a type:
    /// `GET .../managed_state_bindings`. Returns `None` if the tenant does not have this API.
    pub async fn count_managed_states(
        &self,
        app_id: &str,
        resource_type_id: &str,
    ) -> Result<Option<usize>, Error> {
        let template =
            "/api/v1/apps/{app_id}/resource_types/{resource_type_id}/managed_state_bindings";
        let path = ApiPath::fill(template, &[app_id, resource_type_id])?;
        let count = self.count(&path, usize::MAX, |_: IgnoredAny| true).await;
        Ok(none_if_unavailable(count)?.map(|count| count.number))
    }

    /// Promotes a discovered app to a managed app: `POST .../managed_state_bindings/{resource_id}/promote`. The users
    /// become its owners. Without users, it gets the owners of the identity provider's app.
    ///
    /// Returns the ID of the managed app, or `None` if the app was already managed. Does not retry once the service
    /// may have promoted the app. The service does not support concurrent promotions.
    pub async fn promote_app(
        &self,
        app: &DiscoveredApp,
        user_ids: &[String],
    ) -> Result<Option<String>, Error> {
        let body = json!({ "userIds": user_ids });
        let request = Request::post(app.path("/promote")?, body, Effect::NonIdempotent);
        let promoted = self
            .call(
                &request,
                "a managed app",
                BindingResponse::into_managed_app_id,
            )
            .await;
        match promoted {
            Err(error) if error.status() == Some(409) => Ok(None),
            promoted => promoted.map(Some),
        }
    }
}

impl DiscoveredApp {
    fn path(&self, action: &str) -> Result<ApiPath, InvalidId> {
        let template = "/api/v1/apps/{app_id}/resource_types/{resource_type_id}/managed_state_bindings/{resource_id}";
        let ids = [&self.app_id, &self.resource_type_id, &self.resource_id];
        ApiPath::fill(&format!("{template}{action}"), &ids.map(String::as_str))
    }
}
