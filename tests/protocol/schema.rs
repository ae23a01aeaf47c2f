//! The provider's schemas: the attributes that configurations rely on, and the rules that Terraform enforces.

use std::collections::{BTreeSet, HashMap};

use terraform_provider_confluence::provider::stored_settings;

use crate::provider::Provider;
use crate::value::attribute_type;
use crate::wire::tfplugin6::schema::{Attribute, Block};
use crate::wire::tfplugin6::{Schema, get_metadata, get_provider_schema};

const STRING: &str = "\"string\"";
const NUMBER: &str = "\"number\"";
const BOOL: &str = "\"bool\"";
const STRINGS: &str = "[\"set\",\"string\"]";
const SYNC: &str =
    "[\"object\",{\"cron\":\"string\",\"enabled\":\"bool\",\"timezone\":\"string\"}]";

const ALL_TIMEOUTS: &str = "[\"object\",{\"create\":\"string\",\"delete\":\"string\",\"read\":\"string\",\"update\":\"string\"}]";

/// Attribute, type and flags: Required, Optional, Computed, Sensitive, Write-only.
type Fact = (&'static str, &'static str, &'static str);
type Facts = &'static [Fact];

/// Where the settings that ConductorOne stores are attributes. The table in the provider lists them.
const WITH_SETTINGS: [Facts; 2] = [CLOUD, INTEGRATION];

/// Returns all attributes: those of the table, those that several resources share, and the stored settings. The settings are
/// optional in the resource and computed in the data source.
fn all(facts: Facts) -> Vec<Fact> {
    let mut all = facts.to_vec();
    if [CLOUD, DATA_CENTER, SELF_HOSTED].contains(&facts) {
        all.extend(EVERY_CONNECTOR);
    }
    if [DATA_CENTER, SELF_HOSTED].contains(&facts) {
        all.extend(EVERY_SELF_HOSTED);
    }
    if WITH_SETTINGS.contains(&facts) {
        let flags = if facts == CLOUD { "O" } else { "C" };
        let settings = stored_settings().into_iter();
        all.extend(settings.map(|setting| (setting.attribute, setting.attribute_type, flags)));
    }
    all
}

const PROVIDER: Facts = &[
    ("tenant_domain", STRING, "O"),
    ("server_url", STRING, "O"),
    ("client_id", STRING, "O"),
    ("client_secret", STRING, "OS"),
    ("oidc_token", STRING, "OS"),
    ("access_token", STRING, "OS"),
    ("owner_role_slug", STRING, "O"),
    ("plan_checks", BOOL, "O"),
    ("max_retries", NUMBER, "O"),
    ("request_timeout", STRING, "O"),
    ("max_concurrent_requests", NUMBER, "O"),
];

/// The attributes of every connector.
const EVERY_CONNECTOR: Facts = &[
    ("id", STRING, "C"),
    ("app_id", STRING, "R"),
    ("catalog_id", STRING, "C"),
    ("owner_ids", STRINGS, "OC"),
    ("owner_emails", STRINGS, "O"),
    ("display_name", STRING, "OC"),
    ("description", STRING, "OC"),
    ("sync", SYNC, "OC"),
    ("created_at", STRING, "C"),
    ("check_login", BOOL, "O"),
    ("timeouts", ALL_TIMEOUTS, "O"),
];

/// The other attributes of every self-hosted connector.
const EVERY_SELF_HOSTED: Facts = &[
    ("credential_version", NUMBER, "OC"),
    ("early_rotation_hours", NUMBER, "O"),
    ("revoke_previous_credential", BOOL, "OC"),
    ("previous_credential_id", STRING, "C"),
    ("credential_id", STRING, "C"),
    ("client_id", STRING, "C"),
    ("client_secret", STRING, "CS"),
    ("credential_expires_at", STRING, "C"),
    ("environment", "[\"map\",\"string\"]", "CS"),
    ("provisioning", BOOL, "O"),
];

const CLOUD: Facts = &[
    ("connector_version", NUMBER, "OC"),
    ("api_key", STRING, "OS"),
    ("api_key_wo", STRING, "OSW"),
    ("api_key_wo_version", NUMBER, "O"),
    ("wait_for_sync", BOOL, "O"),
];

const DATA_CENTER: Facts = &[
    ("hostname", STRING, "R"),
    ("access_token", STRING, "OS"),
    ("username", STRING, "O"),
    ("password", STRING, "OS"),
];

const SELF_HOSTED: Facts = &[
    ("site_domain", STRING, "R"),
    ("username", STRING, "R"),
    ("api_key", STRING, "OS"),
    ("skip_personal_spaces", BOOL, "O"),
    ("nouns", STRINGS, "O"),
    ("verbs", STRINGS, "O"),
    ("use_rbac", BOOL, "O"),
];

const APP: Facts = &[
    ("id", STRING, "C"),
    ("display_name", STRING, "OC"),
    ("description", STRING, "OC"),
    ("annotations", "[\"map\",\"string\"]", "O"),
    (
        "unmanaged_app",
        r#"["object",{"app_id":"string","resource_id":"string","resource_type_id":"string"}]"#,
        "O",
    ),
    ("owner_ids", STRINGS, "OC"),
    ("owner_emails", STRINGS, "O"),
    ("created_at", STRING, "C"),
    ("timeouts", ALL_TIMEOUTS, "O"),
];

/// Every resource with its attributes.
const RESOURCES: [(&str, Facts); 4] = [
    ("confluence_integration", CLOUD),
    ("confluence_datacenter_integration", DATA_CENTER),
    ("confluence_self_hosted_integration", SELF_HOSTED),
    ("confluence_app", APP),
];

const TIMEOUTS: &str = "[\"object\",{\"read\":\"string\"}]";

const FOUND_APP: Facts = &[
    ("id", STRING, "OC"),
    ("display_name", STRING, "OC"),
    ("description", STRING, "C"),
    ("annotations", "[\"map\",\"string\"]", "C"),
    ("created_at", STRING, "C"),
    ("timeouts", TIMEOUTS, "O"),
];

const USER: Facts = &[
    ("id", STRING, "OC"),
    ("email", STRING, "OC"),
    ("display_name", STRING, "C"),
    ("status", STRING, "C"),
    ("role_ids", STRINGS, "C"),
    ("timeouts", TIMEOUTS, "O"),
];

const INTEGRATION: Facts = &[
    ("app_id", STRING, "R"),
    ("id", STRING, "R"),
    ("connector_version", NUMBER, "C"),
    ("catalog_id", STRING, "C"),
    ("display_name", STRING, "C"),
    ("description", STRING, "C"),
    ("owner_ids", STRINGS, "C"),
    ("created_at", STRING, "C"),
    ("status", STRING, "C"),
    ("last_error", STRING, "C"),
    ("last_sync_at", STRING, "C"),
    ("wait_for_status", STRING, "O"),
    ("timeouts", TIMEOUTS, "O"),
];

const INTEGRATIONS: Facts = &[
    ("app_id", STRING, "O"),
    (
        "integrations",
        "[\"list\",[\"object\",{\"app_id\":\"string\",\"catalog_id\":\"string\",\"connector_version\":\"number\",\
         \"description\":\"string\",\"display_name\":\"string\",\"id\":\"string\",\"last_error\":\"string\",\
         \"last_sync_at\":\"string\",\"nouns\":[\"set\",\"string\"],\"site_domain\":\"string\",\
         \"skip_personal_spaces\":\"bool\",\"status\":\"string\",\"use_rbac\":\"bool\",\"username\":\"string\",\
         \"verbs\":[\"set\",\"string\"]}]]",
        "C",
    ),
    ("timeouts", TIMEOUTS, "O"),
];

const SYNCED_DATA: Facts = &[
    ("app_id", STRING, "R"),
    ("connector_id", STRING, "O"),
    ("count_limit", NUMBER, "O"),
    ("accounts", NUMBER, "C"),
    ("entitlements", NUMBER, "C"),
    ("resources", "[\"map\",\"number\"]", "C"),
    ("complete", BOOL, "C"),
    ("timeouts", TIMEOUTS, "O"),
];

/// Every data source with its attributes.
const DATA_SOURCES: [(&str, Facts); 5] = [
    ("confluence_app", FOUND_APP),
    ("confluence_user", USER),
    ("confluence_integration", INTEGRATION),
    ("confluence_integrations", INTEGRATIONS),
    ("confluence_synced_data", SYNCED_DATA),
];

const CONNECTORS: Facts = &[("app_id", STRING, "O"), ("timeouts", TIMEOUTS, "O")];

const APPS: Facts = &[("display_name", STRING, "O"), ("timeouts", TIMEOUTS, "O")];

/// Every list resource with the attributes of its `config` block.
const LIST_RESOURCES: [(&str, Facts); 4] = [
    ("confluence_integration", CONNECTORS),
    ("confluence_datacenter_integration", CONNECTORS),
    ("confluence_self_hosted_integration", CONNECTORS),
    ("confluence_app", APPS),
];

const ACCESS_TOKEN: Facts = &[
    ("token", STRING, "CS"),
    ("expires_at", STRING, "C"),
    ("timeouts", "[\"object\",{\"open\":\"string\"}]", "O"),
];

/// Every ephemeral resource with its attributes.
const EPHEMERAL_RESOURCES: [(&str, Facts); 1] = [("confluence_access_token", ACCESS_TOKEN)];

const INVOKE_TIMEOUT: &str = "[\"object\",{\"invoke\":\"string\"}]";

const PAUSE_SYNC: Facts = &[
    ("app_id", STRING, "R"),
    ("connector_id", STRING, "R"),
    ("timeouts", INVOKE_TIMEOUT, "O"),
];

const FORCE_SYNC: Facts = &[
    ("app_id", STRING, "R"),
    ("connector_id", STRING, "R"),
    ("wait", BOOL, "O"),
    ("timeouts", INVOKE_TIMEOUT, "O"),
];

const CONFIRM_SYNC: Facts = &[
    ("app_id", STRING, "R"),
    ("connector_id", STRING, "R"),
    ("sync_lifecycle_id", STRING, "R"),
    ("timeouts", INVOKE_TIMEOUT, "O"),
];

/// Every action with the attributes of its `config` block.
const ACTIONS: [(&str, Facts); 4] = [
    ("confluence_force_sync", FORCE_SYNC),
    ("confluence_pause_sync", PAUSE_SYNC),
    ("confluence_resume_sync", PAUSE_SYNC),
    ("confluence_confirm_sync", CONFIRM_SYNC),
];

/// Names that Terraform reserves.
const RESERVED: [&str; 9] = [
    "count",
    "for_each",
    "depends_on",
    "lifecycle",
    "provider",
    "provisioner",
    "connection",
    "alias",
    "version",
];

#[tokio::test]
async fn there_are_the_documented_attributes_and_no_others() {
    let (_plugin, Provider { schema, .. }) = Provider::launched().await;
    let provider = schema.provider.expect("a schema");
    let actions = schema.action_schemas.into_iter();
    let actions = actions.map(|(name, it)| (name, it.schema.expect("an action has a schema")));
    for (schemas, documented) in [
        (
            HashMap::from([(String::new(), provider)]),
            &[("", PROVIDER)][..],
        ),
        (schema.resource_schemas, &RESOURCES),
        (schema.data_source_schemas, &DATA_SOURCES),
        (schema.ephemeral_resource_schemas, &EPHEMERAL_RESOURCES),
        (schema.list_resource_schemas, &LIST_RESOURCES),
        (actions.collect(), &ACTIONS),
    ] {
        assert_eq!(schemas.len(), documented.len(), "{:?}", schemas.keys());
        for (name, facts) in documented {
            let mut expected = all(facts);
            expected.sort_unstable();
            let attributes = block_of(&schemas[*name]).attributes.iter();
            let found: Vec<_> = attributes
                .map(|it| {
                    (
                        it.name.as_str(),
                        attribute_type(it).to_string(),
                        flags_of(it),
                    )
                })
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, ty, flags)| (name, ty.to_owned(), flags.to_owned()))
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn nested_attributes_have_the_documented_flags() {
    let (_plugin, provider) = Provider::launched().await;
    for name in [
        "confluence_integration",
        "confluence_datacenter_integration",
        "confluence_self_hosted_integration",
    ] {
        let attributes = provider.attributes(name);
        let sync = attributes.iter().find(|attribute| attribute.name == "sync");
        let nested = sync.and_then(|sync| sync.nested_type.as_ref());
        let nested = nested.expect("nested attributes").attributes.iter();
        let mut flags: Vec<_> = nested.map(|it| (it.name.as_str(), flags_of(it))).collect();
        flags.sort();
        let expected = [("cron", "O"), ("enabled", "OC"), ("timezone", "O")];
        assert_eq!(
            flags,
            expected.map(|(name, flags)| (name, flags.to_owned())),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_schema_keeps_the_rules_that_terraform_enforces() {
    let (_plugin, provider) = Provider::launched().await;
    let schema = &provider.schema;
    assert!(schema.diagnostics.is_empty(), "{:?}", schema.diagnostics);
    assert!(
        schema.state_store_schemas.is_empty(),
        "state stores are not supported"
    );
    let actions = schema.action_schemas.values();
    let actions = actions.map(|action| action.schema.as_ref().expect("an action has a schema"));
    let schemas = schema
        .resource_schemas
        .values()
        .chain(schema.data_source_schemas.values());
    let schemas = schemas
        .chain(schema.ephemeral_resource_schemas.values())
        .chain(schema.list_resource_schemas.values())
        .chain(Some(
            schema.provider.as_ref().expect("the provider has a schema"),
        ));
    for schema in schemas.chain(actions) {
        assert!(schema.version >= 0);
        check_block(block_of(schema));
    }
    for function in schema.functions.values() {
        let result = function
            .r#return
            .as_ref()
            .expect("a function returns something");
        serde_json::from_slice::<serde_json::Value>(&result.r#type).expect("a type in JSON");
    }
}

#[tokio::test]
async fn the_schema_is_the_same_every_time_and_agrees_with_the_metadata() {
    let (_plugin, mut provider) = Provider::launched().await;
    let again = provider
        .rpc
        .get_provider_schema(get_provider_schema::Request {})
        .await;
    assert_eq!(again.expect("a schema").into_inner(), provider.schema);
    let metadata = provider.rpc.get_metadata(get_metadata::Request {}).await;
    let metadata = metadata.expect("metadata").into_inner();
    assert_eq!(
        metadata.server_capabilities,
        provider.schema.server_capabilities
    );
    let get_metadata::Response {
        resources,
        data_sources,
        ephemeral_resources,
        list_resources,
        actions,
        ..
    } = metadata;
    let resources = resources.into_iter().map(|it| it.type_name).collect();
    let sources = data_sources.into_iter().map(|it| it.type_name).collect();
    let ephemeral = ephemeral_resources.into_iter().map(|it| it.type_name);
    let lists = list_resources.into_iter().map(|it| it.type_name).collect();
    let actions = actions.into_iter().map(|it| it.type_name).collect();
    let schema = &provider.schema;
    for (found, expected) in [
        (resources, names(&schema.resource_schemas)),
        (sources, names(&schema.data_source_schemas)),
        (
            ephemeral.collect(),
            names(&schema.ephemeral_resource_schemas),
        ),
        (lists, names(&schema.list_resource_schemas)),
        (actions, names(&schema.action_schemas)),
    ] {
        let found: BTreeSet<String> = found;
        assert_eq!(found, expected);
    }
}

fn names<T>(schemas: &HashMap<String, T>) -> BTreeSet<String> {
    schemas.keys().cloned().collect()
}

fn flags_of(attribute: &Attribute) -> String {
    let flags = [
        ('R', attribute.required),
        ('O', attribute.optional),
        ('C', attribute.computed),
        ('S', attribute.sensitive),
        ('W', attribute.write_only),
    ];
    flags
        .iter()
        .filter(|(_, set)| *set)
        .map(|(flag, _)| flag)
        .collect()
}

fn block_of(schema: &Schema) -> &Block {
    schema.block.as_ref().expect("every schema has a block")
}

fn check_block(block: &Block) {
    for attribute in &block.attributes {
        assert!(
            !RESERVED.contains(&attribute.name.as_str()),
            "{} is reserved",
            attribute.name
        );
        check_attribute(attribute);
    }
    for nested in &block.block_types {
        check_block(
            nested
                .block
                .as_ref()
                .expect("every nested block has a block"),
        );
    }
}

fn check_attribute(attribute: &Attribute) {
    let Attribute {
        name,
        required,
        optional,
        computed,
        write_only,
        ..
    } = attribute;
    assert!(*required || *optional || *computed, "{name}: no flag");
    assert!(
        !(*required && (*optional || *computed)),
        "{name}: required and something else"
    );
    assert!(
        !(*write_only && *computed),
        "{name}: write-only and computed"
    );
    assert!(
        !attribute.description.trim().is_empty(),
        "{name}: no description"
    );
    match &attribute.nested_type {
        Some(nested) => {
            assert!(attribute.r#type.is_empty(), "{name}: two types");
            nested.attributes.iter().for_each(check_attribute);
        }
        None => drop(attribute_type(attribute)),
    }
}
