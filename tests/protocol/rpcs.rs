//! Every RPC of protocol 6.11 responds: with a result, an error that names the unknown type, or "not supported".

use tonic::{Code, Status};

use crate::provider::{Finding, Provider, errors, findings};
use crate::wire::tfplugin6::{self as rpc, RawState};

const NONSENSE: &str = "confluence_nonsense";

/// Calls an RPC and returns its name and diagnostics.
macro_rules! diagnostics {
    ($provider:expr, $method:ident $(, $field:ident: $value:expr)*) => {{
        let request = rpc::$method::Request { $($field: $value,)* ..Default::default() };
        let answer = $provider.rpc.$method(request).await.expect(stringify!($method));
        (stringify!($method), findings(answer.into_inner().diagnostics))
    }};
}

/// Calls each RPC with a type that does not exist in this field. Each must return one error that names the type.
macro_rules! assert_unknown {
    ($provider:expr, $field:ident, [$($method:ident),* $(,)?]) => {
        $(assert_named(&diagnostics!($provider, $method, $field: NONSENSE.to_owned()));)*
    };
}

/// Calls an RPC and returns the status of its failure.
macro_rules! failure {
    ($provider:expr, $method:ident) => {
        failure!($provider, $method, rpc::$method::Request::default())
    };
    ($provider:expr, $method:ident, $request:expr) => {
        (
            stringify!($method),
            $provider
                .rpc
                .$method($request)
                .await
                .expect_err("no answer"),
        )
    };
}

#[tokio::test]
async fn calls_without_a_type_are_served() {
    let (_plugin, mut provider) = Provider::launched().await;
    let served = [
        diagnostics!(provider, get_provider_schema),
        diagnostics!(provider, get_metadata),
        diagnostics!(provider, get_resource_identity_schemas),
        diagnostics!(provider, get_functions),
    ];
    for (rpc, findings) in served {
        assert_eq!(findings, [], "{rpc}");
    }
    provider.stop().await;
    let (_, later) = diagnostics!(provider, get_metadata);
    assert_eq!(later, [], "new calls come after a stop");
}

#[tokio::test]
async fn an_unknown_type_is_an_error_that_names_it() {
    let (_plugin, mut provider) = Provider::launched().await;
    assert_unknown!(
        provider,
        type_name,
        [
            validate_resource_config,
            validate_data_resource_config,
            upgrade_resource_identity,
            read_resource,
            plan_resource_change,
            apply_resource_change,
            read_data_source,
            generate_resource_config,
            validate_ephemeral_resource_config,
            open_ephemeral_resource,
            renew_ephemeral_resource,
            close_ephemeral_resource,
            validate_list_resource_config,
        ]
    );
    assert_unknown!(provider, action_type, [validate_action_config, plan_action]);
    let name = || NONSENSE.to_owned();
    let json = b"{}".to_vec();
    let raw_state = Some(RawState {
        json,
        ..RawState::default()
    });
    let source = "other_thing".to_owned();
    let answers = [
        diagnostics!(provider, upgrade_resource_state, type_name: name(), raw_state: raw_state),
        diagnostics!(provider, import_resource_state, type_name: name(), id: "a/b".to_owned()),
        diagnostics!(provider, move_resource_state, source_type_name: source, target_type_name: name()),
    ];
    answers.iter().for_each(assert_named);
}

#[tokio::test]
async fn listing_an_unknown_resource_is_one_event_with_an_error() {
    let (_plugin, mut provider) = Provider::launched().await;
    let type_name = NONSENSE.to_owned();
    let request = rpc::list_resource::Request {
        type_name,
        ..Default::default()
    };
    let events = provider.rpc.list_resource(request).await;
    let mut events = events.expect("a stream").into_inner();
    let event = events.message().await.expect("an event");
    let event = event.expect("one event");
    assert_named(&("list_resource", findings(event.diagnostic)));
    assert_eq!(events.message().await.expect("an end"), None);
}

#[tokio::test]
async fn invoking_an_unknown_action_completes_with_an_error() {
    let (_plugin, mut provider) = Provider::launched().await;
    let action_type = NONSENSE.to_owned();
    let request = rpc::invoke_action::Request {
        action_type,
        ..Default::default()
    };
    let events = provider.rpc.invoke_action(request).await;
    let mut events = events.expect("a stream").into_inner();
    let event = events.message().await.expect("an event");
    let event = event.expect("one event");
    let Some(rpc::invoke_action::event::Type::Completed(completed)) = event.r#type else {
        panic!("{event:?} would crash Terraform or leave the action unreported");
    };
    assert_named(&("invoke_action", findings(completed.diagnostics)));
    assert_eq!(events.message().await.expect("an end"), None);
}

#[tokio::test]
async fn an_unknown_function_is_an_error_that_names_it() {
    let (_plugin, mut provider) = Provider::launched().await;
    let request = rpc::call_function::Request {
        name: NONSENSE.to_owned(),
        arguments: Vec::new(),
    };
    let answer = provider.rpc.call_function(request).await;
    let answer = answer.expect("an answer").into_inner();
    let error = answer.error.expect("an error");
    assert!(error.text.contains(NONSENSE), "{}", error.text);
    assert_eq!(answer.result, None);
}

#[tokio::test]
async fn state_stores_are_not_supported() {
    let (_plugin, mut provider) = Provider::launched().await;
    let chunks = tokio_stream::iter([rpc::write_state_bytes::RequestChunk::default()]);
    let statuses: [(&str, Status); 8] = [
        failure!(provider, validate_state_store_config),
        failure!(provider, configure_state_store),
        failure!(provider, read_state_bytes),
        failure!(provider, write_state_bytes, chunks),
        failure!(provider, lock_state),
        failure!(provider, unlock_state),
        failure!(provider, get_states),
        failure!(provider, delete_state),
    ];
    for (rpc, status) in statuses {
        assert_eq!(status.code(), Code::Unimplemented, "{rpc}: {status}");
    }
}

fn assert_named((rpc, findings): &(&str, Vec<Finding>)) {
    let errors = errors(findings);
    assert_eq!(errors.len(), 1, "{rpc}: {findings:?}");
    let text = format!("{} {}", errors[0].summary, errors[0].detail);
    assert!(text.contains(NONSENSE), "{rpc}: {text}");
}
