//! What is kept beside an object's state, for the provider alone.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::value::json;

/// A resource's private data. Terraform stores it, shows it to nobody, and hands it to the next call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Private {
    /// The object was imported, and nothing but the way to it is known.
    pub(super) imported: bool,
    /// What the resource itself keeps.
    #[serde(skip_serializing_if = "Json::is_null")]
    kept: Json,
}

impl Private {
    /// Of an object that was just imported.
    pub(super) fn of_import() -> Self {
        Self {
            imported: true,
            ..Self::default()
        }
    }

    /// Data of another release that cannot be read says nothing, and neither does more than this release ever writes.
    pub(super) fn read(bytes: &[u8]) -> Self {
        if json::holds_too_much(bytes) {
            return Self::default();
        }
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What the resource keeps, as its own type.
    pub(super) fn kept<T: DeserializeOwned + Default>(&self) -> T {
        T::deserialize(&self.kept).unwrap_or_default()
    }

    /// After an operation, which has looked at the object.
    pub(super) fn keeping<T: Serialize>(kept: &T) -> Self {
        Self {
            imported: false,
            kept: serde_json::to_value(kept).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for bytes in ["", "{", "[]", r#"{"imported":1}"#] {
            assert_eq!(
                Private::read(bytes.as_bytes()),
                Private::default(),
                "{bytes}"
            );
        }
        let endless = format!(r#"{{"imported":true,"kept":[{}0]}}"#, "0,".repeat(200_000));
        assert_eq!(Private::read(endless.as_bytes()), Private::default());
        let stranger = Private::keeping(&"text");
        assert_eq!(stranger.kept::<Vec<u8>>(), Vec::<u8>::new());
    }

    #[test]
    fn what_is_kept_comes_back() {
        let bytes = Private::keeping(&("a".to_owned(), 1_u8)).to_bytes();
        let read = Private::read(&bytes);
        assert_eq!(read.kept::<(String, u8)>(), ("a".to_owned(), 1));
        assert!(!read.imported);
        assert!(Private::read(&Private::of_import().to_bytes()).imported);
    }
}
