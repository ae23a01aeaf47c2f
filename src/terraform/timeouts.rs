//! How long the operations on a resource may take.

use std::time::Duration;

use super::context::Limit;
use super::schema::Behaviour::Optional;
use super::schema::duration;
use super::value::{Data, Value, model};

model! {
    /// How long each operation may take, with all its requests, retries and waits.
    pub struct Timeouts {
        /// Time to create the object, such as `15m`. Default: `10m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        create: String,
        /// Time to read the object. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        read: String,
        /// Time to change the object. Default: `10m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        update: String,
        /// Time to delete the object. It counts once it is in the state. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        delete: String,
    }
}

model! {
    /// How long a data source may take, with all its requests, retries and waits.
    pub struct ReadTimeout {
        /// Time to find everything, such as `5m`. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        read: String,
    }
}

/// An operation that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timed {
    Create,
    Read,
    Update,
    Delete,
}

impl Timed {
    /// Whether the operation creates, changes or deletes an object.
    pub(super) fn changes(self) -> bool {
        self != Self::Read
    }

    /// The name of its attribute and the path to it, and the time it has where the user sets none.
    fn attribute(self) -> (&'static str, Limit) {
        let limit = |attribute, minutes| Limit {
            attribute,
            time: Duration::from_mins(minutes),
        };
        match self {
            Self::Create => ("create", limit("timeouts.create", 10)),
            Self::Read => ("read", limit("timeouts.read", 2)),
            Self::Update => ("update", limit("timeouts.update", 10)),
            Self::Delete => ("delete", limit("timeouts.delete", 2)),
        }
    }

    /// The time it has on `object`, whose attribute `timeouts` may be null or missing.
    pub(super) fn limit(self, object: &Value) -> Limit {
        let (name, default) = self.attribute();
        let time = match object.attribute("timeouts").attribute(name) {
            Value::Known(Data::String(text)) => duration(text).unwrap_or(default.time),
            _ => default.time,
        };
        Limit { time, ..default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_takes_its_default() {
        let timeouts = Timeouts {
            create: Value::Known("1h30m".to_owned()),
            ..Timeouts::default()
        };
        let timeouts = Value::Known(timeouts).into_value();
        let object = Value::Known(Data::Map([("timeouts".to_owned(), timeouts)].into()));
        let limit = |attribute, minutes| Limit {
            attribute,
            time: Duration::from_mins(minutes),
        };
        assert_eq!(Timed::Create.limit(&object), limit("timeouts.create", 90));
        assert_eq!(Timed::Update.limit(&object), limit("timeouts.update", 10));
        assert_eq!(Timed::Read.limit(&Value::Null), limit("timeouts.read", 2));
    }
}
