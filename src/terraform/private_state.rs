//! Private state: data that Terraform stores beside the state of an object for the provider.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::value::json;

/// The private state of an object. Terraform stores it, never shows it, and passes it to the next call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrivateState {
    /// Whether the object was imported and has not been read since.
    pub(super) imported: bool,
    /// The private state of the resource type.
    #[serde(rename = "kept", skip_serializing_if = "Json::is_null")]
    resource: Json,
}

impl PrivateState {
    /// Returns the private state of an object that was just imported.
    pub(super) fn imported() -> Self {
        Self {
            imported: true,
            ..Self::default()
        }
    }

    /// Decodes private state. It ignores private state of an incompatible release, and private state with more values than
    /// this release can write.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        if json::exceeds_limit(bytes) {
            return Self::default();
        }
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Returns the private state of the resource type.
    pub(super) fn resource_private<T: DeserializeOwned + Default>(&self) -> T {
        T::deserialize(&self.resource).unwrap_or_default()
    }

    /// Returns the private state after an operation, which has also read the object.
    pub(super) fn from_resource<T: Serialize>(resource: &T) -> Self {
        Self {
            imported: false,
            resource: serde_json::to_value(resource).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incompatible_private_state_is_ignored() {
        for bytes in ["", "{", "[]", r#"{"imported":1}"#] {
            assert_eq!(
                PrivateState::decode(bytes.as_bytes()),
                PrivateState::default(),
                "{bytes}"
            );
        }
        let too_large = format!(r#"{{"imported":true,"kept":[{}0]}}"#, "0,".repeat(200_000));
        assert_eq!(
            PrivateState::decode(too_large.as_bytes()),
            PrivateState::default()
        );
        let other_type = PrivateState::from_resource(&"text");
        assert_eq!(other_type.resource_private::<Vec<u8>>(), Vec::<u8>::new());
    }

    #[test]
    fn private_state_survives_a_round_trip() {
        let bytes = PrivateState::from_resource(&("a".to_owned(), 1_u8)).encode();
        let decoded = PrivateState::decode(&bytes);
        assert_eq!(
            decoded.resource_private::<(String, u8)>(),
            ("a".to_owned(), 1)
        );
        assert!(!decoded.imported);
        assert!(PrivateState::decode(&PrivateState::imported().encode()).imported);
    }
}
