//! The names of types on pages.

use serde_json::Value;

use crate::wire::tfplugin6::schema::{Attribute, object::NestingMode};

/// Returns the type of an attribute as on a page: `Set of String`, or `Attributes` if it has nested attributes.
pub(crate) fn of(attribute: &Attribute) -> String {
    match &attribute.nested_type {
        None => named(&attribute.r#type),
        Some(nested) => match nested.nesting() {
            NestingMode::Single => "Attributes",
            NestingMode::List => "Attributes List",
            NestingMode::Set => "Attributes Set",
            NestingMode::Map => "Attributes Map",
            NestingMode::Invalid => panic!("{}: no nesting", attribute.name),
        }
        .to_owned(),
    }
}

/// Returns the name of a type in Terraform's JSON.
pub(crate) fn named(json: &[u8]) -> String {
    in_words(&serde_json::from_slice(json).expect("a type in JSON"))
}

fn in_words(ty: &Value) -> String {
    let parts = ty.as_array().map(Vec::as_slice);
    match (ty.as_str(), parts) {
        (Some("string"), _) => "String".to_owned(),
        (Some("number"), _) => "Number".to_owned(),
        (Some("bool"), _) => "Boolean".to_owned(),
        (Some("dynamic"), _) => "Dynamic".to_owned(),
        (_, Some([kind, element])) => match kind.as_str() {
            Some("list") => format!("List of {}", in_words(element)),
            Some("set") => format!("Set of {}", in_words(element)),
            Some("map") => format!("Map of {}", in_words(element)),
            Some("object") => "Object".to_owned(),
            _ => panic!("no words for the type {ty}"),
        },
        _ => panic!("no words for the type {ty}"),
    }
}

#[test]
fn types_read_as_words() {
    let cases = [
        (r#""string""#, "String"),
        (r#""bool""#, "Boolean"),
        (r#""number""#, "Number"),
        (r#""dynamic""#, "Dynamic"),
        (r#"["set","string"]"#, "Set of String"),
        (r#"["map",["list","number"]]"#, "Map of List of Number"),
        (r#"["list",["object",{"id":"string"}]]"#, "List of Object"),
    ];
    for (json, words) in cases {
        assert_eq!(named(json.as_bytes()), words);
    }
}
