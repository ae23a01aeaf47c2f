//! Round trips of both encodings, and malformed input.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::invalid::MAX_VALUES;
use super::{Data, InvalidValue, Number, Set, Value, json, msgpack};
use crate::terraform::types::Type;

fn decode(bytes: &[u8], ty: &Type) -> Result<Value, InvalidValue> {
    msgpack::decode(bytes, ty)
}

fn number(text: &str) -> Value {
    Value::Known(Data::Number(Number::parse(text).unwrap()))
}

fn list_of(element: Type) -> Type {
    Type::List(Box::new(element))
}

/// A strategy for types.
fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        Just(Type::Number),
        Just(Type::String),
        Just(Type::Dynamic)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            btree_map("[a-z]{1,3}", inner, 0..3).prop_map(Type::Object),
        ]
    })
}

fn values(ty: Type, unknowns: bool) -> BoxedStrategy<Value> {
    let weight = u32::from(unknowns);
    prop_oneof![
        1 => Just(Value::Null),
        weight => Just(Value::Unknown),
        6 => known(ty, unknowns).prop_map(Value::Known),
    ]
    .boxed()
}

fn known(ty: Type, unknowns: bool) -> BoxedStrategy<Data> {
    let value = move |ty: Type| values(ty, unknowns);
    match ty {
        Type::Bool => any::<bool>().prop_map(Data::Bool).boxed(),
        Type::Number => "-?[0-9]{1,30}(\\.[0-9]{1,12})?"
            .prop_map(|text| Data::Number(Number::parse(&text).unwrap()))
            .boxed(),
        Type::String => any::<String>().prop_map(Data::String).boxed(),
        Type::Dynamic => (Just(Type::String), value(Type::String))
            .prop_map(|(ty, value)| Data::Dynamic(ty, Box::new(value)))
            .boxed(),
        Type::List(element) => vec(value(*element), 0..4).prop_map(Data::List).boxed(),
        Type::Set(element) => vec(value(*element), 0..4)
            .prop_map(|items| Data::Set(items.into_iter().collect::<Set>()))
            .boxed(),
        Type::Map(element) => btree_map(any::<String>(), value(*element), 0..4)
            .prop_map(Data::Map)
            .boxed(),
        Type::Tuple(types) => types
            .into_iter()
            .map(value)
            .collect::<Vec<_>>()
            .prop_map(Data::List)
            .boxed(),
        Type::Object(types) => {
            let names = types.keys().cloned().collect::<Vec<_>>();
            let values = types.into_values().map(value).collect::<Vec<_>>();
            values
                .prop_map(move |values| Data::Map(names.iter().cloned().zip(values).collect()))
                .boxed()
        }
    }
}

fn typed_values(unknowns: bool) -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(move |ty| (Just(ty.clone()), values(ty, unknowns)))
}

/// Encodes a value without unknown parts as JSON.
fn as_json(value: &Value) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(","));
    let text = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        Value::Null | Value::Unknown => "null".to_owned(),
        Value::Known(data) => match data {
            Data::Bool(value) => value.to_string(),
            Data::Number(number) => number.to_string(),
            Data::String(value) => text(value),
            Data::List(items) => list(items.iter().map(as_json).collect()),
            Data::Set(items) => list(items.iter().map(as_json).collect()),
            Data::Map(items) => {
                let entries = items.iter();
                let entries =
                    entries.map(|(key, value)| format!("{}:{}", text(key), as_json(value)));
                let entries: Vec<_> = entries.collect();
                format!("{{{}}}", entries.join(","))
            }
            Data::Dynamic(ty, value) => {
                format!("{{\"type\":{},\"value\":{}}}", ty.to_json(), as_json(value))
            }
        },
    }
}

proptest! {
    #[test]
    fn message_pack_reads_back((ty, value) in typed_values(true)) {
        prop_assert!(decode(&msgpack::encode(&value), &ty) == Ok(value));
    }

    #[test]
    fn json_reads_back((ty, value) in typed_values(false)) {
        let text = as_json(&value);
        prop_assert!(json::decode(text.as_bytes(), &ty) == Ok(value), "{text}");
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(ty in types(), bytes in vec(any::<u8>(), 0..64)) {
        let _ = decode(&bytes, &ty);
        let _ = json::decode(&bytes, &ty);
    }

    #[test]
    fn a_value_cut_short_is_an_error((ty, value) in typed_values(true), cut in 1_usize..8) {
        let mut bytes = msgpack::encode(&value);
        bytes.truncate(bytes.len().saturating_sub(cut));
        prop_assert!(decode(&bytes, &ty).is_err());
    }
}

#[test]
fn numbers_are_decoded_from_every_encoding() {
    let cases: [(&[u8], &str); 8] = [
        (&[0x07], "7"),
        (&[0xff], "-1"),
        (
            &[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "18446744073709551615",
        ),
        (&[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], "-9223372036854775808"),
        (&[0xca, 0x3f, 0, 0, 0], "0.5"),
        (
            &[0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a],
            "0.1",
        ),
        (&[0xa3, b'0', b'.', b'1'], "0.1"),
        (&[0xa4, b'1', b'e', b'2', b'0'], "100000000000000000000"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            decode(bytes, &Type::Number),
            Ok(number(expected)),
            "{bytes:x?}"
        );
    }
    let infinity = [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0];
    assert!(decode(&infinity, &Type::Number).is_err());
}

#[test]
fn whole_numbers_are_encoded_as_integers_and_others_as_text() {
    assert_eq!(msgpack::encode(&number("300")), [0xcd, 0x01, 0x2c]);
    assert_eq!(msgpack::encode(&number("0.1")), [0xa3, b'0', b'.', b'1']);
}

#[test]
fn every_extension_means_unknown() {
    let refined_text = [0xc7, 0x05, 0x0c, 0x82, 0x01, 0xc2, 0x02, 0xa0];
    let refined = [
        0xd8, 0x0c, 0x81, 0x01, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    for bytes in [
        &[0xd4, 0, 0][..],
        &[0xd5, 0x0c, 0x80, 0],
        &refined_text,
        &refined,
    ] {
        assert_eq!(
            decode(bytes, &Type::String),
            Ok(Value::Unknown),
            "{bytes:x?}"
        );
    }
    let inside = [0x92, 0xd4, 0, 0, 0xa1, b'a'];
    let list = Data::List(vec![Value::Unknown, Value::from("a")]);
    assert_eq!(
        decode(&inside, &list_of(Type::String)),
        Ok(Value::Known(list))
    );
}

#[test]
fn an_invalid_value_is_reported_with_its_path() {
    let object = Type::Object([("a".to_owned(), list_of(Type::String))].into());
    let cases: [(&[u8], &str, &str); 5] = [
        (
            &[0x81, 0xa1, b'a', 0x92, 0xa1, b'x', 0xc3],
            "a[1]",
            "a string is expected",
        ),
        (
            &[0x81, 0xa1, b'b', 0xc0],
            "b",
            "there is no attribute of this name",
        ),
        (&[0x80], "a", "the attribute is missing"),
        (&[0x90], "", "an object is expected"),
        // An array that claims four billion elements allocates no memory for them.
        (
            &[0x81, 0xa1, b'a', 0xdd, 0xff, 0xff, 0xff, 0xff],
            "a[0]",
            "the value is not well-formed MessagePack",
        ),
    ];
    for (bytes, path, reason) in cases {
        let error = decode(bytes, &object).unwrap_err();
        assert_eq!(
            (error.path.to_string().as_str(), error.reason.as_str()),
            (path, reason)
        );
    }
}

#[test]
fn the_nesting_of_dynamic_values_is_limited() {
    let mut bytes = vec![0xc0];
    for _ in 0..5_000 {
        let mut outer = vec![0x92, 0xc4, 9];
        outer.extend(b"\"dynamic\"");
        outer.extend(&bytes);
        bytes = outer;
    }
    let error = decode(&bytes, &Type::Dynamic).unwrap_err();
    assert_eq!(error.reason, "the value is nested too deeply");
}

#[test]
fn stored_state_is_read_leniently() {
    let object = Type::Object(
        [
            ("count".to_owned(), Type::Number),
            ("on".to_owned(), Type::Bool),
            ("name".to_owned(), Type::String),
            ("new".to_owned(), Type::String),
        ]
        .into(),
    );
    let text = br#"{"count":"12345678901234567890.5","on":"true","name":1,"dropped":[{}]}"#;
    let state = json::decode(text, &object).unwrap();
    assert_eq!(state.attribute("count"), &number("12345678901234567890.5"));
    assert_eq!(state.attribute("on"), &Value::Known(Data::Bool(true)));
    assert_eq!(state.attribute("name"), &Value::from("1"));
    assert_eq!(state.attribute("new"), &Value::Null);
    assert!(json::decode(br#"{"count":[]}"#, &object).is_err());
    assert!(json::decode(br"[]", &object).is_err());
}

#[test]
fn debug_output_hides_text() {
    let secret = super::Secret::from("hunter2".to_owned());
    let value = Value::Known(Data::List(vec![Value::from("hunter2")]));
    assert!(!format!("{secret:?} {value:?}").contains("hunter2"));
}

#[test]
fn objects_with_too_many_values_are_refused() {
    let ty = list_of(Type::Bool);
    let list = |count: usize| Value::Known(Data::List(vec![Value::Null; count]));
    for (count, is_accepted) in [(MAX_VALUES - 1, true), (MAX_VALUES, false)] {
        let packed = msgpack::encode(&list(count));
        assert_eq!(decode(&packed, &ty).is_ok(), is_accepted, "{count}");
        let text = format!("[{}]", vec!["null"; count].join(","));
        let decoded = json::decode(text.as_bytes(), &ty);
        assert_eq!(decoded.is_ok(), is_accepted, "{count}");
    }
    let text = format!("\"{}\\\"{0}\"", ",[{".repeat(MAX_VALUES));
    assert!(!json::exceeds_limit(text.as_bytes()));
}
