//! Values in MessagePack and JSON: what can be decoded is the same after it is encoded and decoded again.

use terraform_provider_confluence::terraform::types::Type;
use terraform_provider_confluence::terraform::value::{json, msgpack};

use super::choices::Choices;

/// Decodes the rest of the input as a value of a type that its beginning chooses.
pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let ty = any_type(&mut choices, 0);
    let is_json = choices.byte().is_multiple_of(2);
    let bytes = choices.rest();
    let decoded = if is_json {
        json::decode(bytes, &ty)
    } else {
        msgpack::decode(bytes, &ty)
    };
    if let Ok(value) = decoded {
        let encoded = msgpack::encode(&value);
        let again = msgpack::decode(&encoded, &ty);
        assert!(
            again.as_ref() == Ok(&value),
            "{ty:?}: {value:?} became {again:?}"
        );
    }
}

fn any_type(choices: &mut Choices<'_>, depth: u8) -> Type {
    let kinds = if depth < 3 { 9 } else { 4 };
    let inner = |choices: &mut Choices<'_>| any_type(choices, depth + 1);
    match choices.byte() % kinds {
        0 => Type::String,
        1 => Type::Bool,
        2 => Type::Number,
        3 => Type::Dynamic,
        4 => Type::List(Box::new(inner(choices))),
        5 => Type::Set(Box::new(inner(choices))),
        6 => Type::Map(Box::new(inner(choices))),
        7 => Type::Tuple((0..choices.byte() % 3).map(|_| inner(choices)).collect()),
        _ => {
            let names = ["a", "b", "c"]
                .into_iter()
                .take(usize::from(choices.byte() % 4));
            Type::Object(
                names
                    .map(|name| (name.to_owned(), inner(choices)))
                    .collect(),
            )
        }
    }
}
