//! Time limits of operations.

use std::time::Duration;

use super::schema::AttributeFlag::Optional;
use super::schema::duration;
use super::value::{Data, Value, model};

model! {
    /// Time limits of the operations, each including all requests, retries and waits.
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
        /// Time to delete the object. A change takes effect after it has been applied. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        delete: String,
    }
}

model! {
    /// Time limit of the data source, including all requests, retries and waits.
    pub struct ReadTimeout {
        /// Time to read the data source, such as `5m`. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        read: String,
    }
}

model! {
    /// Time limit of the action, including all requests, retries and waits.
    pub struct InvokeTimeout {
        /// Time to run the action, such as `30m`. Default: `10m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        invoke: String,
    }
}

model! {
    /// Time limit of the ephemeral resource, including all requests, retries and waits.
    pub struct OpenTimeout {
        /// Time to open the resource, such as `5m`. Default: `2m`.
        #[schemars(extend("x-terraform" = [Optional], "format" = "duration"))]
        open: String,
    }
}

/// The time limit of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    /// The attribute that sets the limit, such as `timeouts.create`.
    pub attribute: &'static str,
    /// The time that the call may take.
    pub time: Duration,
}

/// What a call is for. It decides how the user continues after the call ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The call changes nothing.
    Read,
    /// The call creates, changes or deletes an object. The state records how far it came.
    Change,
    /// The call runs an action, which has no state.
    Action,
}

/// An operation with a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimedOperation {
    Create,
    Read,
    Update,
    Delete,
    /// Opens or renews an ephemeral resource.
    Open,
    /// Checks the configuration of an action.
    PlanAction,
    /// Runs an action.
    Invoke,
}

impl TimedOperation {
    /// Returns what the operation is for.
    pub(super) fn purpose(self) -> Purpose {
        match self {
            Self::Read | Self::Open | Self::PlanAction => Purpose::Read,
            Self::Create | Self::Update | Self::Delete => Purpose::Change,
            Self::Invoke => Purpose::Action,
        }
    }

    /// Returns the name of the operation's attribute in `timeouts`, and the default limit.
    fn default_limit(self) -> (&'static str, TimeLimit) {
        let limit = |attribute, minutes| TimeLimit {
            attribute,
            time: Duration::from_mins(minutes),
        };
        match self {
            Self::Create => ("create", limit("timeouts.create", 10)),
            Self::Read => ("read", limit("timeouts.read", 2)),
            Self::Update => ("update", limit("timeouts.update", 10)),
            Self::Delete => ("delete", limit("timeouts.delete", 2)),
            Self::Open => ("open", limit("timeouts.open", 2)),
            Self::PlanAction | Self::Invoke => ("invoke", limit("timeouts.invoke", 10)),
        }
    }

    /// Returns the limit for `object`, whose attribute `timeouts` may be null or missing.
    pub(super) fn limit(self, object: &Value) -> TimeLimit {
        let (name, default) = self.default_limit();
        let time = match object.attribute("timeouts").attribute(name) {
            Value::Known(Data::String(text)) => duration(text).unwrap_or(default.time),
            _ => default.time,
        };
        TimeLimit { time, ..default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_without_a_timeout_has_the_default_limit() {
        let timeouts = Timeouts {
            create: Value::Known("1h30m".to_owned()),
            ..Timeouts::default()
        };
        let timeouts = Value::Known(timeouts).into_value();
        let object = Value::Known(Data::Map([("timeouts".to_owned(), timeouts)].into()));
        let limit = |attribute, minutes| TimeLimit {
            attribute,
            time: Duration::from_mins(minutes),
        };
        assert_eq!(
            TimedOperation::Create.limit(&object),
            limit("timeouts.create", 90)
        );
        assert_eq!(
            TimedOperation::Update.limit(&object),
            limit("timeouts.update", 10)
        );
        assert_eq!(
            TimedOperation::Read.limit(&Value::Null),
            limit("timeouts.read", 2)
        );
    }
}
