//! An ephemeral resource of the sample provider, and the RPCs for ephemeral resources.

use std::time::{Duration, SystemTime};

use super::rpcs::{configured, sent};
use super::sample::object_of;
use super::sample_messages::failed;
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::ephemeral_resource::{EphemeralResource, Lease};
use crate::terraform::proto::{self, DynamicValue};
use crate::terraform::schema::AttributeFlag::{Computed, Optional};
use crate::terraform::schema::Schema;
use crate::terraform::timeouts::Purpose;
use crate::terraform::value::{Secret, Value, model};

model! {
    /// A key that is never stored.
    pub(super) struct Key {
        /// What happens.
        #[schemars(extend("x-terraform" = [Optional], "format" = "not-blank"))]
        name: String,
        /// The key.
        #[schemars(extend("x-terraform" = [Computed]))]
        key: Secret,
    }
}

pub(super) struct Keys;

fn lease(renewals: u64) -> Lease<u64> {
    Lease {
        renew_at: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(renewals)),
        private: renewals,
    }
}

impl EphemeralResource for Keys {
    type Model = Key;
    type Client = ();
    /// How often the key was renewed.
    type Private = u64;

    const TYPE_NAME: &'static str = "sample_key";

    fn validate(&self, config: &Key, diagnostics: &mut Diagnostics) {
        if config.name == Value::Known("invalid".to_owned()) {
            diagnostics.push(failed());
        }
    }

    async fn open(
        &self,
        context: &Context<()>,
        config: &Key,
    ) -> Result<(Key, Lease<u64>), Diagnostics> {
        assert_eq!(context.purpose(), Purpose::Read);
        match config.name.known().map(String::as_str) {
            Some("fail") => Err(failed().into()),
            Some("panic") => panic!("hunter2"),
            _ => {
                let key = Value::Known("k".to_owned().into());
                let name = config.name.clone();
                Ok((Key { name, key }, lease(0)))
            }
        }
    }

    async fn renew(
        &self,
        _: &Context<()>,
        private: u64,
        diagnostics: &mut Diagnostics,
    ) -> Result<Lease<u64>, Diagnostics> {
        match private {
            0 => diagnostics.push(failed().into_warning()),
            1 => {}
            _ => return Err(failed().into()),
        }
        Ok(lease(private + 1))
    }
}

fn type_name() -> String {
    Keys::TYPE_NAME.to_owned()
}

fn config(json: &str) -> Option<DynamicValue> {
    sent(&object_of::<Key>(json))
}

#[tokio::test]
async fn a_resource_is_opened_renewed_and_closed() {
    let served = configured().await;
    let open = proto::open_ephemeral_resource::Request {
        type_name: type_name(),
        config: config(r#"{"name":"n"}"#),
        ..proto::open_ephemeral_resource::Request::default()
    };
    let opened = served.open_ephemeral_resource(open).await.unwrap();
    let schema = Schema::from_declaration::<Key>(0, &[]).unwrap();
    let result = DynamicValue::decode(opened.result.as_ref(), &schema.value_type()).unwrap();
    assert_eq!(result, object_of::<Key>(r#"{"name":"n","key":"k"}"#));
    assert_eq!(opened.renew_at, Some(SystemTime::UNIX_EPOCH.into()));
    let mut private = opened.private.clone();
    for warnings in [1, 0] {
        let request = proto::renew_ephemeral_resource::Request {
            type_name: type_name(),
            private,
        };
        let renewed = served.renew_ephemeral_resource(request).await.unwrap();
        assert_eq!(renewed.diagnostics.len(), warnings);
        assert_eq!(
            renewed.renew_at.map(|time| time.seconds),
            Some(2 - i64::try_from(warnings).unwrap())
        );
        private = renewed.private;
    }
    let request = proto::renew_ephemeral_resource::Request {
        type_name: type_name(),
        private,
    };
    let failure = served.renew_ephemeral_resource(request).await;
    assert_eq!(failure, Err(failed().into()));
    let close = proto::close_ephemeral_resource::Request {
        type_name: type_name(),
        private: opened.private,
    };
    let closed = served.close_ephemeral_resource(close).await.unwrap();
    assert_eq!(closed.diagnostics, []);
}

#[tokio::test]
async fn a_failure_to_open_is_an_error() {
    let served = configured().await;
    for (name, summary) in [("fail", "It failed"), ("panic", "The provider crashed")] {
        let open = proto::open_ephemeral_resource::Request {
            type_name: type_name(),
            config: config(&format!(r#"{{"name":{name:?}}}"#)),
            ..proto::open_ephemeral_resource::Request::default()
        };
        let failure = served.open_ephemeral_resource(open).await.unwrap_err();
        let summaries: Vec<_> = failure.iter().map(|said| said.summary.as_str()).collect();
        assert_eq!(summaries, [summary]);
    }
}

#[tokio::test]
async fn a_configuration_is_validated() {
    let served = configured().await;
    for (name, mistakes) in [("n", 0), ("?", 0), ("invalid", 1), (" ", 1)] {
        let request = proto::validate_ephemeral_resource_config::Request {
            type_name: type_name(),
            config: config(&format!(r#"{{"name":{name:?}}}"#)),
        };
        let found = served.validate_ephemeral_resource_config(request).await;
        assert_eq!(found.unwrap().diagnostics.len(), mistakes, "{name}");
    }
}
