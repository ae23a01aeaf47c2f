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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
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

    /// Returns the private state after an operation, which has also read the object. It lacks the fields that have their
    /// default, because Terraform writes the whole state file after every change.
    pub(super) fn from_resource<T: Serialize + Default>(resource: &T) -> Self {
        let mut resource = serde_json::to_value(resource).unwrap_or_default();
        if let Json::Object(fields) = &mut resource {
            let default = serde_json::to_value(T::default()).unwrap_or_default();
            fields.retain(|name, value| default.get(name) != Some(value));
        }
        Self {
            imported: false,
            resource,
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
    fn fields_that_have_their_default_are_left_out() {
        #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        struct Kept {
            version: u8,
            is_sent: bool,
            time: Option<String>,
        }
        let kept = Kept {
            version: 1,
            ..Kept::default()
        };
        for (kept, expected) in [
            (kept, r#"{"kept":{"version":1}}"#),
            (Kept::default(), r#"{"kept":{}}"#),
        ] {
            let bytes = PrivateState::from_resource(&kept).encode();
            assert_eq!(String::from_utf8_lossy(&bytes), expected);
            assert_eq!(
                PrivateState::decode(&bytes).resource_private::<Kept>(),
                kept
            );
        }
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
