//! The provider's RPCs, with values as JSON.

use serde_json::{Map, Value};
use tonic::Status;

use crate::plugin::{Launch, Plugin};
use crate::value::{block_type, complete, decode, encode, object_fields};
use crate::wire::Channel;
use crate::wire::tfplugin6::attribute_path::{self, step::Selector};
use crate::wire::tfplugin6::provider_client::ProviderClient;
use crate::wire::tfplugin6::schema::Attribute;
use crate::wire::tfplugin6::{
    self as rpc, AttributePath, ClientCapabilities, DynamicValue, RawState, Schema, diagnostic,
};

/// The text of the failed assertion if a plugin does not respond.
const NO_ANSWER: &str = "an answer, not a failed call";

/// A client of one plugin with the plugin's schemas.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    /// The generated client, for direct calls.
    pub(crate) rpc: ProviderClient<Channel>,
    /// The response to `GetProviderSchema`.
    pub(crate) schema: rpc::get_provider_schema::Response,
}

/// A diagnostic in a format for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Whether it is an error; otherwise it is a warning.
    pub(crate) is_error: bool,
    /// The attribute, for example `sync.cron` or `owner_ids`. Empty if there is none.
    pub(crate) attribute: String,
    /// The short text.
    pub(crate) summary: String,
    /// The long text.
    pub(crate) detail: String,
}

/// The response to `PlanResourceChange`.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The planned state.
    pub(crate) state: Value,
    /// The encoded planned state.
    pub(crate) bytes: Vec<u8>,
    /// Attributes whose change forces replacement.
    pub(crate) replace: Vec<String>,
    /// The planned private data.
    pub(crate) private: Vec<u8>,
    /// The diagnostics.
    pub(crate) findings: Vec<Finding>,
}

/// A state in the response of an RPC.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The object, or null if there is none.
    pub(crate) value: Value,
    /// The encoded object.
    pub(crate) bytes: Vec<u8>,
    /// The private data.
    pub(crate) private: Vec<u8>,
    /// The diagnostics.
    pub(crate) findings: Vec<Finding>,
}

impl Provider {
    /// Starts a plugin as Terraform does, without configuring its provider.
    pub(crate) async fn launched() -> (Plugin, Self) {
        let plugin = Launch::like_terraform().start().await;
        let provider = Self::over(plugin.connect().await).await;
        (plugin, provider)
    }

    /// Reads the schemas over `channel`.
    pub(crate) async fn over(channel: Channel) -> Self {
        let mut rpc = ProviderClient::new(channel).max_decoding_message_size(usize::MAX);
        let answer = rpc
            .get_provider_schema(rpc::get_provider_schema::Request {})
            .await;
        let schema = answer.expect(NO_ANSWER).into_inner();
        Self { rpc, schema }
    }

    /// The type of a resource's objects.
    pub(crate) fn resource_type(&self, name: &str) -> Value {
        type_of(self.schema.resource_schemas.get(name), name)
    }

    /// The type of a list resource's `config` block.
    pub(crate) fn list_type(&self, name: &str) -> Value {
        type_of(self.schema.list_resource_schemas.get(name), name)
    }

    /// The type of a data source's configuration and answer.
    pub(crate) fn data_source_type(&self, name: &str) -> Value {
        type_of(self.schema.data_source_schemas.get(name), name)
    }

    /// The type of an ephemeral resource's configuration and values.
    pub(crate) fn ephemeral_type(&self, name: &str) -> Value {
        type_of(self.schema.ephemeral_resource_schemas.get(name), name)
    }

    /// The type of an action's `config` block.
    pub(crate) fn action_type(&self, name: &str) -> Value {
        let action = self.schema.action_schemas.get(name);
        type_of(action.and_then(|action| action.schema.as_ref()), name)
    }

    /// The type of the provider's configuration.
    pub(crate) fn config_type(&self) -> Value {
        type_of(self.schema.provider.as_ref(), "the provider")
    }

    /// `ValidateProviderConfig`.
    pub(crate) async fn validate_provider(&self, config: &Value) -> Vec<Finding> {
        let config = dynamic(encode(config, &self.config_type()));
        let request = rpc::validate_provider_config::Request { config };
        let answer = self.rpc.clone().validate_provider_config(request).await;
        findings(answer.expect(NO_ANSWER).into_inner().diagnostics)
    }

    /// `ConfigureProvider`.
    pub(crate) async fn configure(&self, config: &Value) -> Vec<Finding> {
        let request = rpc::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: dynamic(encode(config, &self.config_type())),
            client_capabilities: capabilities(),
        };
        let answer = self.rpc.clone().configure_provider(request).await;
        findings(answer.expect(NO_ANSWER).into_inner().diagnostics)
    }

    /// `ValidateResourceConfig`.
    pub(crate) async fn validate(&self, name: &str, config: &Value) -> Vec<Finding> {
        let config = encode(config, &self.resource_type(name));
        self.validate_bytes(name, config).await.expect(NO_ANSWER)
    }

    /// `ValidateResourceConfig` with a configuration that need not be well-formed.
    pub(crate) async fn validate_bytes(
        &self,
        name: &str,
        config: Vec<u8>,
    ) -> Result<Vec<Finding>, Status> {
        let request = rpc::validate_resource_config::Request {
            type_name: name.to_owned(),
            config: dynamic(config),
            client_capabilities: capabilities(),
        };
        let answer = self.rpc.clone().validate_resource_config(request).await?;
        Ok(findings(answer.into_inner().diagnostics))
    }

    /// `PlanResourceChange` as Terraform calls it: the proposed state is computed from the prior one and `config`.
    pub(crate) async fn plan(
        &self,
        name: &str,
        prior: &Value,
        config: &Value,
        prior_private: &[u8],
    ) -> Plan {
        let ty = self.resource_type(name);
        let (prior, config) = (complete(prior, &ty), complete(config, &ty));
        let proposed = propose(&self.attributes(name), &prior, &config);
        let request = rpc::plan_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: dynamic(encode(&prior, &ty)),
            proposed_new_state: dynamic(encode(&proposed, &ty)),
            config: dynamic(encode(&config, &ty)),
            prior_private: prior_private.to_vec(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let answer = self.rpc.clone().plan_resource_change(request).await;
        let answer = answer.expect(NO_ANSWER).into_inner();
        assert!(
            !answer.legacy_type_system,
            "the legacy type system is for the old SDK"
        );
        let (state, bytes) = object(answer.planned_state);
        Plan {
            state,
            bytes,
            replace: answer.requires_replace.iter().map(path).collect(),
            private: answer.planned_private,
            findings: findings(answer.diagnostics),
        }
    }

    /// `ApplyResourceChange` of a plan made from `prior` and `config`.
    pub(crate) async fn apply(
        &self,
        name: &str,
        prior: &Value,
        config: &Value,
        plan: &Plan,
    ) -> State {
        let ty = self.resource_type(name);
        let request = rpc::apply_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: dynamic(encode(prior, &ty)),
            planned_state: dynamic(plan.bytes.clone()),
            config: dynamic(encode(config, &ty)),
            planned_private: plan.private.clone(),
            ..Default::default()
        };
        let answer = self.rpc.clone().apply_resource_change(request).await;
        let answer = answer.expect(NO_ANSWER).into_inner();
        state(answer.new_state, answer.private, answer.diagnostics)
    }

    /// `ReadResource`.
    pub(crate) async fn read(&self, name: &str, current: &State) -> State {
        let request = rpc::read_resource::Request {
            type_name: name.to_owned(),
            current_state: dynamic(current.bytes.clone()),
            private: current.private.clone(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let answer = self.rpc.clone().read_resource(request).await;
        let answer = answer.expect(NO_ANSWER).into_inner();
        state(answer.new_state, answer.private, answer.diagnostics)
    }

    /// `ValidateDataResourceConfig` of a configuration with these attributes.
    pub(crate) async fn validate_data(&self, name: &str, config: &Value) -> Vec<Finding> {
        let request = rpc::validate_data_resource_config::Request {
            type_name: name.to_owned(),
            config: self.data_config(name, config),
        };
        let answer = self
            .rpc
            .clone()
            .validate_data_resource_config(request)
            .await;
        findings(answer.expect(NO_ANSWER).into_inner().diagnostics)
    }

    /// `ReadDataSource` of a configuration with these attributes.
    pub(crate) async fn read_data(&self, name: &str, config: &Value) -> (Value, Vec<Finding>) {
        let request = rpc::read_data_source::Request {
            type_name: name.to_owned(),
            config: self.data_config(name, config),
            ..Default::default()
        };
        let answer = self.rpc.clone().read_data_source(request).await;
        let answer = answer.expect(NO_ANSWER).into_inner();
        (object(answer.state).0, findings(answer.diagnostics))
    }

    fn data_config(&self, name: &str, config: &Value) -> Option<DynamicValue> {
        let ty = self.data_source_type(name);
        dynamic(encode(&complete(config, &ty), &ty))
    }

    /// `UpgradeResourceState` of a state file's text.
    pub(crate) async fn upgrade(&self, name: &str, version: i64, json: &str) -> State {
        let request = rpc::upgrade_resource_state::Request {
            type_name: name.to_owned(),
            version,
            raw_state: Some(RawState {
                json: json.into(),
                ..RawState::default()
            }),
        };
        let answer = self.rpc.clone().upgrade_resource_state(request).await;
        let answer = answer.expect(NO_ANSWER).into_inner();
        state(answer.upgraded_state, Vec::new(), answer.diagnostics)
    }

    /// `StopProvider`, which must succeed.
    pub(crate) async fn stop(&self) {
        let request = rpc::stop_provider::Request {};
        let answer = self.rpc.clone().stop_provider(request).await;
        assert_eq!(answer.expect(NO_ANSWER).into_inner().error, "");
    }

    /// The attributes of a resource.
    pub(crate) fn attributes(&self, name: &str) -> Vec<Attribute> {
        let block = self.schema.resource_schemas[name].block.as_ref();
        block.expect("every schema has a block").attributes.clone()
    }
}

/// Returns Terraform's proposed state: configured values, and prior values of computed attributes.
fn propose(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    let Value::Object(fields) = config else {
        return config.clone();
    };
    let proposed = attributes.iter().map(|attribute| {
        let name = attribute.name.as_str();
        let (before, configured) = (prior.get(name).unwrap_or(&Value::Null), &fields[name]);
        let value = match &attribute.nested_type {
            _ if configured.is_null() && attribute.computed => before.clone(),
            Some(nested) if configured.get("$unknown").is_none() => {
                propose(&nested.attributes, before, configured)
            }
            _ => configured.clone(),
        };
        (name.to_owned(), value)
    });
    Value::Object(proposed.collect::<Map<_, _>>())
}

fn type_of(schema: Option<&Schema>, name: &str) -> Value {
    let schema = schema.unwrap_or_else(|| panic!("no schema of {name}"));
    let ty = block_type(schema.block.as_ref().expect("every schema has a block"));
    assert!(
        object_fields(&ty).is_some_and(|fields| !fields.is_empty()),
        "{name} is empty"
    );
    ty
}

/// The message that carries a MessagePack value.
#[expect(clippy::unnecessary_wraps, reason = "message fields are optional")]
pub(crate) fn dynamic(msgpack: Vec<u8>) -> Option<DynamicValue> {
    Some(DynamicValue {
        msgpack,
        json: Vec::new(),
    })
}

/// Returns the client capabilities of Terraform 1.11.
#[expect(clippy::unnecessary_wraps, reason = "message fields are optional")]
pub(crate) fn capabilities() -> Option<ClientCapabilities> {
    Some(ClientCapabilities {
        write_only_attributes_allowed: true,
        ..Default::default()
    })
}

/// Returns the object of a response and its bytes. A missing object is null.
pub(crate) fn object(value: Option<DynamicValue>) -> (Value, Vec<u8>) {
    let bytes = value.unwrap_or_default().msgpack;
    let value = if bytes.is_empty() {
        Value::Null
    } else {
        decode(&bytes)
    };
    (value, bytes)
}

fn state(value: Option<DynamicValue>, private: Vec<u8>, list: Vec<rpc::Diagnostic>) -> State {
    let (value, bytes) = object(value);
    State {
        value,
        bytes,
        private,
        findings: findings(list),
    }
}

/// Returns the diagnostics of a response, and checks each against Terraform's rules.
pub(crate) fn findings(diagnostics: Vec<rpc::Diagnostic>) -> Vec<Finding> {
    let finding = |diagnostic: rpc::Diagnostic| {
        let severity = diagnostic.severity();
        assert_ne!(
            severity,
            diagnostic::Severity::Invalid,
            "neither error nor warning"
        );
        assert!(
            !diagnostic.summary.is_empty(),
            "a diagnostic without a summary"
        );
        let text = format!("{}{}", diagnostic.summary, diagnostic.detail);
        assert!(
            !text.contains(|c: char| c != '\n' && c.is_control()),
            "a control character: {text:?}"
        );
        Finding {
            is_error: severity == diagnostic::Severity::Error,
            attribute: diagnostic.attribute.as_ref().map(path).unwrap_or_default(),
            summary: diagnostic.summary,
            detail: diagnostic.detail,
        }
    };
    diagnostics.into_iter().map(finding).collect()
}

/// Returns the errors among the findings.
pub(crate) fn errors(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.is_error).collect()
}

fn path(path: &AttributePath) -> String {
    let step = |step: &attribute_path::Step| match step.selector.as_ref() {
        Some(Selector::AttributeName(name)) => format!(".{name}"),
        Some(Selector::ElementKeyString(key)) => format!("[{key:?}]"),
        Some(Selector::ElementKeyInt(index)) => format!("[{index}]"),
        None => panic!("a step that leads nowhere"),
    };
    let path: String = path.steps.iter().map(step).collect();
    path.trim_start_matches('.').to_owned()
}
