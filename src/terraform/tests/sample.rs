//! A sample provider. The name of a thing, its one resource, decides what an operation does.

use futures_util::stream::{self, Stream, StreamExt as _};
use schemars::JsonSchema;

use crate::terraform::action::{AnyAction, action};
use crate::terraform::context::Context;
use crate::terraform::data_source::{AnyDataSource, DataSource, data_source};
use crate::terraform::diagnostics::Diagnostics;
use crate::terraform::ephemeral_resource::{AnyEphemeralResource, ephemeral_resource};
use crate::terraform::function::{Function, FunctionError, Parameter, Signature};
use crate::terraform::list_resource::{AnyListResource, ListResource, Listed, list_resource};
use crate::terraform::managed::{AnyResource, managed};
use crate::terraform::provider::{Configured, Provider};
use crate::terraform::resource::{Operation, Plan, Resource};
use crate::terraform::schema::AttributeFlag::{
    Computed, ForcesReplacement, Optional, Required, WriteOnly,
};
use crate::terraform::schema::{Format, Schema};
use crate::terraform::state_migration::{StateMover, StateUpgrader, StoredAttributes};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Secret, Set, Value, json, model};

use super::actions::Shout;
use super::ephemeral_resources::Keys;
use super::sample_messages::{failed, missing_paint};

/// A case-insensitive format.
const CASELESS: Format = Format {
    name: "caseless",
    expected: "letters such as abc",
    normalize: |text| {
        let letters = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic());
        if letters {
            Ok(text.to_lowercase())
        } else {
            Err("it contains other characters".to_owned())
        }
    },
};

pub(super) const FORMATS: &[Format] = &[CASELESS];

model! {
    /// Attributes that several declarations share.
    pub(super) struct Shared {
        /// ID of the thing.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
    }
}

model! {
    /// How a thing is
    /// painted.
    pub(super) struct Paint {
        /// Its color.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = "red"))]
        color: String,
        /// How many coats.
        #[schemars(extend("x-terraform" = [Optional]), range(min = 1, max = 3))]
        coats: i64,
    }
}

model! {
    /// A thing.
    ///
    /// With a second paragraph.
    pub(super) struct Thing {
        ..shared: Shared,
        /// What happens to it.
        #[schemars(extend("x-terraform" = [Required]))]
        name: String,
        /// Where it stands.
        #[schemars(extend("x-terraform" = [Required, ForcesReplacement], "format" = "caseless"))]
        region: String,
        /// Which kind.
        #[schemars(extend("x-terraform" = [Optional, Computed], "default" = "plain", "enum" = ["plain", "fancy"]))]
        kind: String,
        /// Words about it.
        #[schemars(extend("x-terraform" = [Optional], "format" = "caseless", "minItems" = 1))]
        tags: Set<String>,
        /// Its secret.
        #[schemars(extend("x-terraform" = [Optional], "format" = "token"))]
        secret: Secret,
        /// A secret that is never kept.
        #[schemars(extend("x-terraform" = [Optional, WriteOnly]))]
        write_only: Secret,
        /// Its paint.
        #[schemars(extend("x-terraform" = [Optional]))]
        paint: Paint,
        /// How often it was changed.
        #[schemars(extend("x-terraform" = [Computed]))]
        changes: i64,
    }
}

pub(super) struct Things;

/// The private state of a thing.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct SamplePrivate {
    /// Whether the last change had a write-only secret.
    passed: bool,
}

/// Upgrades state of the first version, in which the name of a thing was its title.
fn title_becomes_name(mut stored: StoredAttributes) -> StoredAttributes {
    if let Some(title) = stored.remove("title") {
        stored.insert("name".to_owned(), title);
    }
    stored
}

const FROM_OTHER: StateMover = StateMover {
    provider: "acme/other",
    type_name: "other_thing",
    attributes: &[("key", "id"), ("label", "name")],
    implied: &[("changes", 7)],
};

impl Things {
    /// Does what the name of the thing says.
    async fn act(
        &self,
        operation: &mut Operation<Self>,
        thing: &Thing,
        changes: i64,
    ) -> Result<Thing, Diagnostics> {
        let name = thing.name.known().map_or("", String::as_str);
        if name == "fail early" {
            return Err(failed().into());
        }
        let mut made = thing.clone();
        made.shared.id = Value::Known("1".to_owned());
        made.changes = Value::Known(changes);
        operation.save(made.clone());
        operation.private.passed = operation
            .config()
            .is_some_and(|config| !config.write_only.is_null());
        if name == "fail unready" {
            return Err(failed().into());
        }
        operation.ready();
        match name {
            "fail late" => return Err(failed().into()),
            "panic late" => panic!("hunter2"),
            "wait" => {
                operation.context().cancellation().cancelled().await;
                return Err(failed().into());
            }
            _ => {}
        }
        Ok(made)
    }
}

impl Resource for Things {
    type Model = Thing;
    type Client = ();
    type Private = SamplePrivate;

    const TYPE_NAME: &'static str = "sample_thing";
    const IDENTITY: &'static [&'static str] = &["id"];
    const UPGRADES: &'static [StateUpgrader] = &[title_becomes_name];
    const MOVES: &'static [StateMover] = &[FROM_OTHER];

    fn validate(&self, config: &Thing, diagnostics: &mut Diagnostics) {
        if config.kind == Value::Known("fancy".to_owned()) && config.paint.is_null() {
            diagnostics.push(missing_paint());
        }
    }

    async fn plan(&self, plan: &mut Plan<Self>) {
        if plan
            .prior
            .as_ref()
            .is_some_and(|prior| prior.name != plan.planned.name)
        {
            plan.planned.changes = Value::Unknown;
        }
    }

    async fn create(
        &self,
        operation: &mut Operation<Self>,
        planned: &Thing,
    ) -> Result<Thing, Diagnostics> {
        self.act(operation, planned, 0).await
    }

    async fn read(
        &self,
        operation: &mut Operation<Self>,
        state: &Thing,
    ) -> Result<Option<Thing>, Diagnostics> {
        let mut read = state.clone();
        if operation.imported() {
            read.name = Value::Known("imported".to_owned());
        }
        read.region = read.region.map(|region| region.to_uppercase());
        Ok((read.shared.id != Value::Known("gone".to_owned())).then_some(read))
    }

    async fn update(
        &self,
        operation: &mut Operation<Self>,
        prior: &Thing,
        planned: &Thing,
    ) -> Result<Thing, Diagnostics> {
        let changes = prior.changes.known().copied().unwrap_or_default();
        self.act(operation, planned, changes + 1).await
    }

    async fn delete(&self, _: &mut Operation<Self>, state: &Thing) -> Result<(), Diagnostics> {
        if state.name == Value::Known("stay".to_owned()) {
            Err(failed().into())
        } else {
            Ok(())
        }
    }

    fn import(&self, id: &str) -> Result<Thing, Diagnostics> {
        Ok(Thing {
            shared: Shared {
                id: Value::Known(id.to_owned()),
            },
            ..Thing::default()
        })
    }
}

model! {
    /// Looks a thing up.
    pub(super) struct Wanted {
        /// Its name.
        #[schemars(extend("x-terraform" = [Required], "format" = "caseless"))]
        name: String,
        /// Its ID.
        #[schemars(extend("x-terraform" = [Computed]))]
        id: String,
    }
}

struct Lookup;

impl DataSource for Lookup {
    type Model = Wanted;
    type Client = ();

    const TYPE_NAME: &'static str = "sample_lookup";

    async fn read(&self, _: &Context<()>, config: &Wanted) -> Result<Wanted, Diagnostics> {
        match config.name.known().map(String::as_str) {
            Some("nobody") => Err(failed().into()),
            _ => Ok(Wanted {
                id: Value::Known("1".to_owned()),
                ..config.clone()
            }),
        }
    }
}

model! {
    /// Lists things.
    pub(super) struct Which {
        /// IDs of the things, in the order in which they are found.
        #[schemars(extend("x-terraform" = [Required], "format" = "caseless"))]
        ids: Vec<String>,
    }
}

struct AllThings;

impl ListResource for AllThings {
    type Config = Which;
    type Client = ();

    const TYPE_NAME: &'static str = Things::TYPE_NAME;

    fn validate(&self, config: &Which, diagnostics: &mut Diagnostics) {
        if config.ids == Value::Known(Vec::new()) {
            diagnostics.push(failed());
        }
    }

    fn list(
        &self,
        context: Context<()>,
        config: Which,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send {
        let ids = config.ids.into_known().unwrap_or_default();
        stream::iter(ids).then(move |id| {
            let cancellation = context.cancellation().clone();
            async move {
                match id.as_str() {
                    "fail" => Err(failed().into()),
                    "wait" => {
                        cancellation.cancelled().await;
                        Err(failed().into())
                    }
                    _ => Ok(Listed {
                        display_name: format!("thing {id}"),
                        import_id: id,
                    }),
                }
            }
        })
    }
}

struct Echo;

impl Function for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn signature(&self) -> Signature {
        let parameter = Parameter {
            name: "value",
            ty: Type::Dynamic,
            nullable: false,
            takes_unknown: false,
            description: "Anything.",
        };
        Signature {
            parameters: vec![parameter],
            returns: Type::Dynamic,
            summary: "Gives back",
            description: "Gives back what it is given.",
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        match arguments {
            [argument] if *argument != Value::Null => Ok(argument.clone()),
            _ => Err(FunctionError {
                text: "nothing to give back".to_owned(),
                argument: Some(0),
            }),
        }
    }
}

model! {
    /// The provider.
    pub(super) struct Config {
        /// Whether the configuration is good.
        #[schemars(extend("x-terraform" = [Optional]))]
        good: bool,
    }
}

pub(super) struct Sample;

impl Provider for Sample {
    type Config = Config;
    type Client = ();

    const FORMATS: &'static [Format] = FORMATS;

    fn validate(&self, _: &Config, _: &mut Diagnostics) {}

    fn configure(&self, config: Config, _: &str) -> Result<Configured<()>, Diagnostics> {
        match config.good {
            Value::Unknown => Ok(Configured::Unknown),
            Value::Known(false) => Err(failed().into()),
            Value::Known(true) | Value::Null => Ok(Configured::Ready(())),
        }
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<()>>> {
        vec![managed(Things, FORMATS)]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<()>>> {
        vec![data_source(Lookup, FORMATS)]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<()>>> {
        vec![list_resource(AllThings, FORMATS)]
    }

    fn ephemeral_resources(&self) -> Vec<Box<dyn AnyEphemeralResource<()>>> {
        vec![ephemeral_resource(Keys, FORMATS)]
    }

    fn actions(&self) -> Vec<Box<dyn AnyAction<()>>> {
        vec![action(Shout, FORMATS)]
    }

    fn functions(&self) -> Vec<Box<dyn Function>> {
        vec![Box::new(Echo)]
    }
}

/// Returns a thing from JSON. Missing attributes are null, and `"?"` is unknown.
pub(super) fn object(json: &str) -> Value {
    object_of::<Thing>(json)
}

/// Returns an object of another declaration from JSON, as [`object`] does.
pub(super) fn object_of<M: JsonSchema>(json: &str) -> Value {
    let schema = Schema::from_declaration::<M>(0, FORMATS).unwrap();
    let known = json::decode(
        json.replace(r#""?""#, "null").as_bytes(),
        &schema.value_type(),
    )
    .unwrap();
    with_unknowns(known, &serde_json::from_str(json).unwrap())
}

fn with_unknowns(value: Value, json: &serde_json::Value) -> Value {
    match value {
        Value::Null if json == "?" => Value::Unknown,
        Value::Known(Data::Map(items)) => {
            let nested = |(name, value): (String, Value)| {
                let value = with_unknowns(value, &json[name.as_str()]);
                (name, value)
            };
            Value::Known(Data::Map(items.into_iter().map(nested).collect()))
        }
        Value::Known(Data::List(items)) => {
            let element = |(index, value): (usize, Value)| with_unknowns(value, &json[index]);
            Value::Known(Data::List(
                items.into_iter().enumerate().map(element).collect(),
            ))
        }
        other => other,
    }
}
