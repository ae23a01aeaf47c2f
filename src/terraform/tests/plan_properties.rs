//! The rules that Terraform enforces on plans and states, for generated schemas, configurations, states and answers of an
//! API. Terraform's functions `AssertPlanValid` and `AssertObjectCompatible` contain these rules.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::sample::FORMATS;
use crate::terraform::schema::{Attribute, AttributeFlag, AttributeType, Rules, Schema};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Number, Value};

/// A strategy for the flags of an attribute, and whether it may have a default. No nested attribute is write-only.
fn flags(is_nested: bool) -> impl Strategy<Value = (Vec<AttributeFlag>, bool)> {
    use AttributeFlag::{Computed, ForcesReplacement, Optional, Required, WriteOnly};
    let flags = [
        (vec![Optional, WriteOnly], false),
        (vec![Required], false),
        (vec![Required, ForcesReplacement], false),
        (vec![Optional], false),
        (vec![Optional, Computed], true),
        (vec![Optional, Computed, ForcesReplacement], true),
        (vec![Computed], false),
    ];
    prop::sample::select(flags[usize::from(is_nested)..].to_vec())
}

/// A strategy for a schema with plain and nested attributes.
fn schemas() -> impl Strategy<Value = Schema> {
    let nested = attributes(plain_types().boxed(), true);
    let types = prop_oneof![
        4 => plain_types(),
        1 => nested.clone().prop_map(AttributeType::SingleNested),
        1 => nested.prop_map(AttributeType::ListNested),
    ];
    attributes(types.boxed(), false).prop_map(|attributes| Schema {
        version: 0,
        description: String::new(),
        deprecated: None,
        attributes,
    })
}

fn plain_types() -> impl Strategy<Value = AttributeType> + Clone {
    let types = [
        Type::Bool,
        Type::Number,
        Type::String,
        Type::List(Box::new(Type::String)),
        Type::Set(Box::new(Type::String)),
        Type::Map(Box::new(Type::String)),
    ];
    prop::sample::select(types.to_vec()).prop_map(AttributeType::Plain)
}

/// A strategy for attributes of these types. Strings ignore case, so that values can be spelled in several ways.
fn attributes(
    types: BoxedStrategy<AttributeType>,
    is_nested: bool,
) -> impl Strategy<Value = Vec<Attribute>> + Clone {
    let attribute = (types, flags(is_nested)).prop_flat_map(|(ty, (flags, may_have_default))| {
        let default = match &ty {
            AttributeType::Plain(plain) if may_have_default => {
                prop::option::of(known(plain)).boxed()
            }
            _ => Just(None).boxed(),
        };
        (Just(ty), Just(flags), default)
    });
    let named = btree_map("[a-z]{1,4}", attribute, 1..5);
    let named = named.prop_map(|attributes| {
        let attributes = attributes.into_iter();
        attributes.map(|(name, it)| declare(name, it)).collect()
    });
    named.boxed()
}

fn declare(
    name: String,
    (ty, flags, default): (AttributeType, Vec<AttributeFlag>, Option<Value>),
) -> Attribute {
    let is_text = ty == AttributeType::Plain(Type::String);
    Attribute {
        name,
        description: String::new(),
        ty,
        flags,
        default,
        rules: Rules {
            format: FORMATS.first().copied().filter(|_| is_text),
            ..Rules::default()
        },
        deprecated: None,
        why_missing: None,
    }
}

/// A strategy for known values of a plain type.
fn known(ty: &Type) -> BoxedStrategy<Value> {
    let text = || prop::sample::select(vec!["", "a", "A", "b"]);
    let texts = vec(text().prop_map(Value::from), 0..3);
    let data = match ty {
        Type::Bool => any::<bool>().prop_map(Data::Bool).boxed(),
        Type::Number => prop::sample::select(vec!["0", "1", "2.5"])
            .prop_map(|text| Data::Number(Number::parse(text).unwrap()))
            .boxed(),
        Type::List(_) => texts.prop_map(Data::List).boxed(),
        Type::Set(_) => texts
            .prop_map(|items| Data::Set(items.into_iter().collect()))
            .boxed(),
        Type::Map(_) => btree_map("[a-c]", text().prop_map(Value::from), 0..3)
            .prop_map(Data::Map)
            .boxed(),
        _ => text()
            .prop_map(|text| Data::String(text.to_owned()))
            .boxed(),
    };
    data.prop_map(Value::Known).boxed()
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A configuration, with or without values that are unknown until apply.
    Config { unknowns: bool },
    /// What an API answers, with values for everything that it knows.
    Answer,
}

/// A strategy for objects with these attributes.
fn objects(attributes: &[Attribute], kind: Kind) -> BoxedStrategy<Value> {
    let names: Vec<_> = attributes.iter().map(|it| it.name.clone()).collect();
    let values: Vec<_> = attributes.iter().map(|it| values(it, kind)).collect();
    values
        .prop_map(move |values| {
            Value::Known(Data::Map(names.iter().cloned().zip(values).collect()))
        })
        .boxed()
}

fn values(attribute: &Attribute, kind: Kind) -> BoxedStrategy<Value> {
    let is_config = matches!(kind, Kind::Config { .. });
    let is_settable = !matches!(attribute.flags.as_slice(), [AttributeFlag::Computed]);
    if is_config && !is_settable {
        return Just(Value::Null).boxed();
    }
    let known = match &attribute.ty {
        AttributeType::Plain(ty) => known(ty),
        AttributeType::SingleNested(nested) => objects(nested, kind),
        AttributeType::ListNested(nested) => vec(objects(nested, kind), 0..3)
            .prop_map(|items| Value::Known(Data::List(items)))
            .boxed(),
    };
    let is_required = attribute.is(AttributeFlag::Required);
    // An API answers with a value where a new object would have a default, and with neither an object without any value nor an
    // empty value that is required.
    let is_set = is_required || !is_config && attribute.default.is_some();
    let is_single = matches!(attribute.ty, AttributeType::SingleNested(_));
    let is_refused = move |value: &Value| {
        let is_empty = |value: &Value| value.known().is_none_or(Data::is_empty);
        let mut inside = value.as_map().into_iter().flat_map(BTreeMap::values);
        let is_unset = is_single && inside.all(is_empty);
        !is_config && (is_required && is_empty(value) || is_unset)
    };
    let known = known.prop_filter("required", move |value| !is_refused(value));
    let may_be_unknown = kind == Kind::Config { unknowns: true };
    prop_oneof![
        4 => known,
        u32::from(!is_set) * 2 => Just(Value::Null),
        u32::from(may_be_unknown) => Just(Value::Unknown),
    ]
    .boxed()
}

/// A schema, with a configuration and an answer of an API.
fn cases(unknowns: bool) -> impl Strategy<Value = (Schema, Value, Value)> {
    schemas().prop_flat_map(move |schema| {
        let config = objects(&schema.attributes, Kind::Config { unknowns });
        let answer = objects(&schema.attributes, Kind::Answer);
        (Just(schema), config, answer)
    })
}

/// A schema, with the configuration and the answer of a creation, and with the next configuration.
fn changes() -> impl Strategy<Value = (Schema, Value, Value, Value)> {
    cases(false).prop_flat_map(|(schema, first, answer)| {
        let second = objects(&schema.attributes, Kind::Config { unknowns: true });
        (Just(schema), Just(first), Just(answer), second)
    })
}

/// Returns the state after the creation of an object whose API answers with `answer`.
fn created(schema: &Schema, config: &Value, answer: &Value) -> Value {
    schema.complete(&schema.propose(&Value::Null, config), answer)
}

/// Fails unless Terraform accepts the planned object.
fn assert_plan_valid(attributes: &[Attribute], prior: &Value, config: &Value, planned: &Value) {
    for attribute in attributes {
        let of = |object: &Value| object.attribute(&attribute.name).clone();
        let (prior, config, planned) = (of(prior), of(config), of(planned));
        let name = &attribute.name;
        if attribute.is(AttributeFlag::WriteOnly) {
            assert!(planned.is_null(), "{name}: a write-only value is planned");
            continue;
        }
        match (&attribute.ty, &config) {
            (AttributeType::SingleNested(nested), Value::Known(_)) => {
                assert_plan_valid(nested, &prior, &config, &planned);
            }
            (AttributeType::ListNested(nested), Value::Known(Data::List(items))) => {
                let Value::Known(Data::List(plans)) = &planned else {
                    panic!("{name}: a list is planned");
                };
                assert_eq!(items.len(), plans.len(), "{name}");
                for (index, (config, planned)) in items.iter().zip(plans).enumerate() {
                    let prior = element(&prior, index);
                    assert_plan_valid(nested, &prior, config, planned);
                }
            }
            (_, Value::Null) if attribute.is(AttributeFlag::Computed) => {}
            _ => assert!(
                planned == config || !prior.is_null() && planned == prior,
                "{name}: neither configured nor prior"
            ),
        }
    }
}

fn element(list: &Value, index: usize) -> Value {
    match list {
        Value::Known(Data::List(items)) => items.get(index).cloned().unwrap_or_default(),
        _ => Value::Null,
    }
}

/// Fails unless Terraform accepts the state after an apply.
fn assert_compatible(planned: &Value, state: &Value) {
    match (planned, state) {
        (Value::Unknown, _) => {}
        (Value::Known(Data::Map(planned)), Value::Known(Data::Map(state))) => {
            let names = |of: &BTreeMap<String, Value>| of.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(planned), names(state));
            for (planned, state) in planned.values().zip(state.values()) {
                assert_compatible(planned, state);
            }
        }
        (Value::Known(Data::List(planned)), Value::Known(Data::List(state))) => {
            assert_eq!(planned.len(), state.len());
            for (planned, state) in planned.iter().zip(state) {
                assert_compatible(planned, state);
            }
        }
        _ => assert!(planned == state, "{planned:?} became {state:?}"),
    }
}

proptest! {
    #[test]
    fn terraform_accepts_every_plan((schema, first, answer, second) in changes()) {
        let prior = created(&schema, &first, &answer);
        for prior in [Value::Null, prior] {
            let planned = schema.propose(&prior, &second);
            assert_plan_valid(&schema.attributes, &prior, &second, &planned);
        }
    }

    #[test]
    fn terraform_accepts_every_state((schema, config, answer) in cases(true)) {
        let planned = schema.propose(&Value::Null, &config);
        let state = schema.complete(&planned, &answer);
        assert_compatible(&planned, &state);
        prop_assert!(state.is_wholly_known());
    }

    #[test]
    fn a_plan_after_an_apply_is_empty((schema, config, answer) in cases(false)) {
        let state = created(&schema, &config, &answer);
        prop_assert!(schema.propose(&state, &config) == state);
        prop_assert_eq!(schema.requires_replace(&state, &schema.propose(&state, &config)), []);
    }

    #[test]
    fn a_refresh_changes_nothing_if_the_object_is_unchanged((schema, config, answer) in cases(false)) {
        let state = created(&schema, &config, &answer);
        prop_assert!(schema.refresh(&state, &state) == state);
    }

    #[test]
    fn a_second_refresh_changes_nothing((schema, config, answer) in cases(false)) {
        let state = created(&schema, &config, &answer);
        let refreshed = schema.refresh(&state, &answer);
        prop_assert!(schema.refresh(&refreshed, &answer) == refreshed);
    }

    #[test]
    fn a_plan_after_an_import_changes_only_what_the_configuration_says(
        (schema, config, answer) in cases(false),
    ) {
        let imported = schema.refresh(&Value::Null, &without_write_only(&schema.attributes, &answer));
        let planned = schema.propose(&imported, &config);
        for attribute in &schema.attributes {
            let of = |object: &Value| object.attribute(&attribute.name).clone();
            let asks = !of(&config).is_null() || !attribute.is(AttributeFlag::Computed);
            prop_assert!(asks || of(&planned) == of(&imported) || attribute.default.is_some());
        }
    }

    #[test]
    fn a_plan_of_the_generated_configuration_is_empty((schema, _, answer) in cases(false)) {
        let imported = schema.refresh(&Value::Null, &without_write_only(&schema.attributes, &answer));
        let config = schema.configuration(&imported);
        let planned = schema.propose(&imported, &config);
        let differs = |attribute: &&Attribute| {
            planned.attribute(&attribute.name) != imported.attribute(&attribute.name)
        };
        let differing: Vec<_> = schema.attributes.iter().filter(differs).collect();
        prop_assert!(differing.is_empty(), "{differing:?}\n{imported:?}\n{config:?}");
    }
}

/// Returns what a provider reads, which never contains write-only values.
fn without_write_only(attributes: &[Attribute], object: &Value) -> Value {
    let value = |attribute: &Attribute| {
        let value = object.attribute(&attribute.name);
        match (&attribute.ty, value) {
            _ if attribute.is(AttributeFlag::WriteOnly) => Value::Null,
            (AttributeType::SingleNested(nested), Value::Known(_)) => {
                without_write_only(nested, value)
            }
            (AttributeType::ListNested(nested), Value::Known(Data::List(items))) => {
                let items = items.iter().map(|item| without_write_only(nested, item));
                Value::Known(Data::List(items.collect()))
            }
            _ => value.clone(),
        }
    };
    let values = attributes.iter().map(|it| (it.name.clone(), value(it)));
    Value::Known(Data::Map(values.collect()))
}
