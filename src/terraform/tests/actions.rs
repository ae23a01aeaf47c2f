//! An action of the sample provider, and the RPCs for actions. The name in its configuration decides what it does.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::rpcs::{configured, sent};
use super::sample::{Sample, object_of};
use super::sample_messages::failed;
use crate::terraform::action::{Action, Progress};
use crate::terraform::context::Context;
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::proto::invoke_action::{Event, Request};
use crate::terraform::proto::{self, configure_provider};
use crate::terraform::schema::AttributeFlag::Required;
use crate::terraform::service::ServedProvider;
use crate::terraform::timeouts::Purpose;
use crate::terraform::value::{Value, model};

model! {
    /// What to shout.
    pub(super) struct Words {
        /// What happens.
        #[schemars(extend("x-terraform" = [Required], "format" = "not-blank"))]
        name: String,
    }
}

pub(super) struct Shout;

impl Action for Shout {
    type Config = Words;
    type Client = ();

    const TYPE_NAME: &'static str = "sample_shout";

    fn validate(&self, config: &Words, diagnostics: &mut Diagnostics) {
        if config.name == Value::Known("invalid".to_owned()) {
            diagnostics.push(failed());
        }
    }

    async fn plan(&self, context: &Context<()>, config: &Words) -> Diagnostics {
        assert_eq!(context.purpose(), Purpose::Read);
        match config.name.known().map(String::as_str) {
            Some("panic") => panic!("hunter2"),
            Some("fail") => failed().into(),
            _ => Diagnostics::default(),
        }
    }

    async fn invoke(
        &self,
        context: &Context<()>,
        config: &Words,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        assert_eq!(context.purpose(), Purpose::Action);
        progress.report("first\nline").await;
        match config.name.known().map(String::as_str) {
            Some("panic") => panic!("hunter2"),
            Some("fail") => return Err(failed().into()),
            Some("wait") => {
                context.cancellation().cancelled().await;
                return Err(failed().into());
            }
            _ => {}
        }
        progress.report("second").await;
        Ok(())
    }
}

fn config(name: &str) -> Value {
    object_of::<Words>(&format!(r#"{{"name":{name}}}"#))
}

fn request(name: &str) -> Request {
    Request {
        action_type: Shout::TYPE_NAME.to_owned(),
        config: sent(&config(&format!("{name:?}"))),
        ..Request::default()
    }
}

/// Returns the events and the result of a call.
async fn invoke(
    served: &ServedProvider<Sample>,
    name: &str,
) -> (Vec<Event>, Result<(), Diagnostics>) {
    let (sender, mut receiver) = mpsc::channel(100);
    let end = served.invoke_action(request(name), sender).await;
    let mut events = Vec::new();
    receiver.recv_many(&mut events, 100).await;
    (events, end)
}

fn first() -> Event {
    Event::progress("first\\nline".to_owned())
}

#[tokio::test]
async fn progress_comes_before_the_end() {
    let (events, end) = invoke(&*configured().await, "n").await;
    let expected = [
        first(),
        Event::progress("second".to_owned()),
        Event::completed(Diagnostics::default()),
    ];
    assert_eq!((events.as_slice(), end), (&expected[..], Ok(())));
}

#[tokio::test]
async fn a_failed_action_ends_with_its_error() {
    let served = configured().await;
    let (events, end) = invoke(&served, "fail").await;
    assert_eq!((events, end), (vec![first()], Err(failed().into())));
    let (events, end) = invoke(&served, "panic").await;
    assert_eq!(events, [first()]);
    let said = format!("{:?}", end.unwrap_err());
    assert!(
        said.contains("crashed") && !said.contains("hunter2"),
        "{said}"
    );
}

#[tokio::test]
async fn an_interrupt_ends_an_action() {
    let served = configured().await;
    let (sender, mut receiver) = mpsc::channel(1);
    let running = Arc::clone(&served);
    let call = tokio::spawn(async move { running.invoke_action(request("wait"), sender).await });
    assert_eq!(receiver.recv().await, Some(first()));
    let stop = proto::stop_provider::Request::default();
    served.stop_provider(stop).await.unwrap();
    assert_eq!(call.await.unwrap(), Err(failed().into()));
}

#[tokio::test]
async fn an_action_is_validated_and_planned() {
    async fn plan(served: &ServedProvider<Sample>, name: &str) -> usize {
        let request = proto::plan_action::Request {
            action_type: Shout::TYPE_NAME.to_owned(),
            config: sent(&config(name)),
            ..proto::plan_action::Request::default()
        };
        let planned = served.plan_action(request).await;
        planned.map_or(100, |planned| planned.diagnostics.len())
    }
    let served = configured().await;
    for (name, mistakes) in [
        (r#""n""#, 0),
        (r#""invalid""#, 1),
        (r#"" ""#, 1),
        (r#""?""#, 0),
    ] {
        let request = proto::validate_action_config::Request {
            action_type: Shout::TYPE_NAME.to_owned(),
            config: sent(&config(name)),
        };
        let found = served.validate_action_config(request).await.unwrap();
        assert_eq!(found.diagnostics.len(), mistakes, "{name}");
    }
    for (name, mistakes) in [
        (r#""n""#, 0),
        (r#""?""#, 0),
        (r#""fail""#, 1),
        (r#""panic""#, 100),
    ] {
        assert_eq!(plan(&served, name).await, mistakes, "{name}");
    }
    // Nothing can be checked while the provider's configuration is unknown.
    let config = object_of::<super::sample::Config>(r#"{"good":"?"}"#);
    let request = configure_provider::Request {
        config: sent(&config),
        ..configure_provider::Request::default()
    };
    served.configure_provider(request).await.unwrap();
    assert_eq!(plan(&served, r#""fail""#).await, 0);
    let (events, end) = invoke(&served, "n").await;
    assert_eq!((events.len(), end.is_err()), (0, true));
}
