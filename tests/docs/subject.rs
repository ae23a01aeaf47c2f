//! The subjects of pages: the provider and everything that it has.

use std::collections::HashMap;

use tokio::sync::OnceCell;

use crate::examples::Example;
use crate::plugin::Launch;
use crate::wire::tfplugin6::provider_client::ProviderClient;
use crate::wire::tfplugin6::schema::{Attribute, Block};
use crate::wire::tfplugin6::{
    Function, ResourceIdentitySchema, Schema, get_provider_schema, get_resource_identity_schemas,
};

/// The name of the provider, which is the prefix of its resources.
pub(crate) const PROVIDER: &str = "confluence";

/// The schemas of the plugin.
#[derive(Debug)]
pub(crate) struct Plugin {
    schema: get_provider_schema::Response,
    identities: HashMap<String, ResourceIdentitySchema>,
}

/// The subject of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// The full name, such as `confluence_integration`.
    pub(crate) name: &'a str,
    /// Its kind and its schema.
    pub(crate) kind: Kind<'a>,
}

/// The kinds of subjects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Provider(&'a Schema),
    Resource(&'a Schema, Option<&'a ResourceIdentitySchema>),
    DataSource(&'a Schema),
    EphemeralResource(&'a Schema),
    ListResource(&'a Schema),
    Action(&'a Schema),
    Function(&'a Function),
}

impl Plugin {
    /// Reads the schemas of the built plugin once for all tests.
    pub(crate) async fn get() -> &'static Self {
        static PLUGIN: OnceCell<Plugin> = OnceCell::const_new();
        PLUGIN.get_or_init(Self::ask).await
    }

    async fn ask() -> Self {
        let mut process = Launch::like_terraform().start().await;
        let mut client = ProviderClient::new(process.connect().await);
        let schema = client.get_provider_schema(get_provider_schema::Request {});
        let schema = schema.await.expect("schemas").into_inner();
        let identities =
            client.get_resource_identity_schemas(get_resource_identity_schemas::Request {});
        let identities = identities.await.expect("identities").into_inner();
        process.shut_down().await;
        Self {
            schema,
            identities: identities.identity_schemas,
        }
    }

    /// Returns all subjects, sorted by kind and name.
    pub(crate) fn subjects(&self) -> Vec<Subject<'_>> {
        let Self { schema, identities } = self;
        assert!(
            schema.state_store_schemas.is_empty(),
            "`Kind` does not know state stores"
        );
        let provider = schema.provider.as_ref().expect("the provider's schema");
        let mut subjects = vec![Subject {
            name: PROVIDER,
            kind: Kind::Provider(provider),
        }];
        subjects.extend(sorted(&schema.resource_schemas, |name, schema| {
            Kind::Resource(schema, identities.get(name))
        }));
        subjects.extend(sorted(&schema.data_source_schemas, |_, schema| {
            Kind::DataSource(schema)
        }));
        subjects.extend(sorted(&schema.ephemeral_resource_schemas, |_, schema| {
            Kind::EphemeralResource(schema)
        }));
        subjects.extend(sorted(&schema.list_resource_schemas, |_, schema| {
            Kind::ListResource(schema)
        }));
        subjects.extend(sorted(&schema.action_schemas, |_, action| {
            Kind::Action(action.schema.as_ref().expect("every action has a schema"))
        }));
        subjects.extend(sorted(&schema.functions, |_, function| {
            Kind::Function(function)
        }));
        subjects
    }
}

fn sorted<'a, T>(
    things: &'a HashMap<String, T>,
    kind: impl Fn(&str, &'a T) -> Kind<'a>,
) -> Vec<Subject<'a>> {
    let subject = |(name, thing): (&'a String, &'a T)| Subject {
        name,
        kind: kind(name, thing),
    };
    let mut subjects: Vec<_> = things.iter().map(subject).collect();
    subjects.sort_by_key(|subject| subject.name);
    subjects
}

impl<'a> Subject<'a> {
    /// Returns the path of its page. The Registry adds the name of the provider.
    pub(crate) fn path(&self) -> String {
        let own = self.name.strip_prefix(PROVIDER);
        let own = own.and_then(|rest| rest.strip_prefix('_'));
        let name = own.unwrap_or(self.name);
        match self.folder() {
            Some(folder) => format!("docs/{folder}/{name}.md"),
            None => "docs/index.md".to_owned(),
        }
    }

    /// Returns the name of its kind, as the Registry writes it.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Provider(_) => "Provider",
            Kind::Resource(..) => "Resource",
            Kind::DataSource(_) => "Data Source",
            Kind::EphemeralResource(_) => "Ephemeral Resource",
            Kind::ListResource(_) => "List Resource",
            Kind::Action(_) => "Action",
            Kind::Function(_) => "function",
        }
    }

    /// Returns the folder of its kind in `docs/` and `examples/`.
    fn folder(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Provider(_) => None,
            Kind::Resource(..) => Some("resources"),
            Kind::DataSource(_) => Some("data-sources"),
            Kind::EphemeralResource(_) => Some("ephemeral-resources"),
            Kind::ListResource(_) => Some("list-resources"),
            Kind::Action(_) => Some("actions"),
            Kind::Function(_) => Some("functions"),
        }
    }

    /// Returns the folder of its examples.
    pub(crate) fn examples_folder(&self) -> String {
        match self.folder() {
            Some(folder) => format!("examples/{folder}/{}", self.name),
            None => "examples/provider".to_owned(),
        }
    }

    /// Returns its examples, without those for imports.
    pub(crate) fn examples(&self) -> Vec<Example> {
        let (prefix, ending) = match self.kind {
            Kind::Provider(_) => ("provider", ".tf"),
            Kind::Resource(..) => ("resource", ".tf"),
            Kind::DataSource(_) => ("data-source", ".tf"),
            Kind::EphemeralResource(_) => ("ephemeral-resource", ".tf"),
            Kind::ListResource(_) => ("list-resource", ".tfquery.hcl"),
            Kind::Action(_) => ("action", ".tf"),
            Kind::Function(_) => ("function", ".tf"),
        };
        Example::named(&self.examples_folder(), prefix, ending)
    }

    /// Returns its block of attributes. A function has none.
    fn block(&self) -> Option<&'a Block> {
        let schema = match self.kind {
            Kind::Function(_) => return None,
            Kind::Provider(schema)
            | Kind::Resource(schema, _)
            | Kind::DataSource(schema)
            | Kind::EphemeralResource(schema)
            | Kind::ListResource(schema)
            | Kind::Action(schema) => schema,
        };
        Some(schema.block.as_ref().expect("every schema has a block"))
    }

    /// Returns its description.
    pub(crate) fn description(&self) -> &'a str {
        match self.kind {
            Kind::Function(function) => &function.description,
            _ => self.block().map_or("", |block| &block.description),
        }
    }

    /// Returns why it is deprecated and what replaces it, if it is deprecated.
    pub(crate) fn deprecation(&self) -> Option<&'a str> {
        let block = self.block().filter(|block| block.deprecated)?;
        Some(&block.deprecation_message)
    }

    /// Returns its attributes. A function has none.
    pub(crate) fn attributes(&self) -> &'a [Attribute] {
        self.block().map_or(&[], |block| {
            assert!(block.block_types.is_empty(), "blocks are not documented");
            &block.attributes
        })
    }
}
