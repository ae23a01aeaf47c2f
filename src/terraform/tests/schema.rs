//! One declaration becomes schema, rules and JSON Schema.

use super::sample::{FORMATS, Thing, Things, object};
use crate::terraform::resource::Resource;
use crate::terraform::schema::Behaviour::{
    Computed, ForcesReplacement, Optional, Required, Sensitive,
};
use crate::terraform::schema::{Attribute, Schema, Shape, json_schema};
use crate::terraform::value::Value;

fn schema() -> Schema {
    Schema::of::<Thing>(3, FORMATS).unwrap()
}

fn attribute<'a>(schema: &'a Schema, name: &str) -> &'a Attribute {
    let mut attributes = schema.attributes.iter();
    attributes.find(|attribute| attribute.name == name).unwrap()
}

#[test]
fn the_declaration_is_the_schema() {
    let schema = schema();
    assert_eq!(
        (schema.version, schema.description.as_str()),
        (3, "A thing.\n\nWith a second paragraph.")
    );
    let names = schema
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect::<Vec<_>>();
    let expected = [
        "changes", "id", "kind", "name", "paint", "passing", "region", "secret", "tags",
    ];
    assert_eq!(names, expected);
    let behaviours = |name: &str| attribute(&schema, name).behaviours.clone();
    assert_eq!(behaviours("id"), [Computed]);
    assert_eq!(behaviours("region"), [Required, ForcesReplacement]);
    assert_eq!(behaviours("secret"), [Optional, Sensitive]);
    assert_eq!(
        schema.ty().to_json().to_string(),
        r#"["object",{"changes":"number","id":"string","kind":"string","name":"string","#
            .to_owned()
            + r#""paint":["object",{"coats":"number","color":"string"}],"passing":"string","region":"string","#
            + r#""secret":"string","tags":["set","string"]}]"#
    );
    assert!(matches!(
        attribute(&schema, "paint").shape,
        Shape::Object(_)
    ));
}

#[test]
fn descriptions_reach_the_wire() {
    let block = schema().to_proto().block.unwrap();
    let region = block
        .attributes
        .iter()
        .find(|attribute| attribute.name == "region")
        .unwrap();
    assert_eq!(
        (
            region.description.as_str(),
            region.required,
            region.optional
        ),
        ("Where it stands.", true, false)
    );
    let paint = block
        .attributes
        .iter()
        .find(|attribute| attribute.name == "paint")
        .unwrap();
    assert!(paint.r#type.is_empty() && paint.nested_type.is_some());
}

#[test]
fn the_declaration_is_a_json_schema_too() {
    let json = json_schema::<Thing>();
    assert_eq!(json["properties"]["tags"]["uniqueItems"], true);
    assert_eq!(
        json["properties"]["paint"]["properties"]["coats"]["maximum"],
        3
    );
}

/// The complaints about a configuration, as `attribute: summary`.
fn complaints(config: &str) -> Vec<String> {
    let diagnostics = schema().validate(object(config), |thing: &Thing, diagnostics| {
        Things.validate(thing, diagnostics);
    });
    let complaint = |diagnostic: &crate::terraform::diagnostics::Diagnostic| {
        format!("{}: {}", diagnostic.attribute, diagnostic.detail())
    };
    diagnostics.iter().map(complaint).collect()
}

#[test]
fn every_mistake_is_named_at_its_attribute() {
    let config =
        r#"{"region":"a b","kind":"odd","tags":["ok","4"],"secret":" ","paint":{"coats":9}}"#;
    let expected = [
        r#"kind: Got "odd". Set it to one of plain, fancy."#,
        "name: The attribute name is required. Set it.",
        "paint.coats: Got 9. Set it to 3 or less.",
        r#"region: Got "a b": it holds other characters. Set it to letters such as abc."#,
        "secret: The value cannot be used: it is blank. Set it to a key or token without blanks and line breaks, exactly as it \
         was issued.",
        r#"tags: Got "4": it holds other characters. Set it to letters such as abc."#,
    ];
    assert_eq!(complaints(config), expected);
}

#[test]
fn a_misspelt_choice_is_told_the_one_that_was_meant() {
    let complaints = complaints(r#"{"name":"n","region":"r","kind":"Plan"}"#);
    let expected = r#"kind: Got "Plan", which looks like a misspelling. Set it to one of plain, fancy. Did you mean plain?"#;
    assert_eq!(complaints, [expected]);
}

#[test]
fn a_new_object_in_which_nothing_is_set_may_hold_a_misspelt_name() {
    let thing = |paint: &str| object(&format!(r#"{{"name":"n","region":"r","paint":{paint}}}"#));
    let warnings = |prior: &Value, paint: &str| {
        let config = thing(paint);
        let planned = schema().propose(prior, &config);
        let said = schema().empty_objects(prior, &planned, &config).into_iter();
        said.map(|it| format!("{}: {}", it.attribute, it.detail()))
            .collect::<Vec<_>>()
    };
    let nothing = r#"{"coats":null,"color":null}"#;
    for prior in [
        Value::Null,
        thing("null"),
        thing(r#"{"coats":2,"color":"red"}"#),
    ] {
        let warning = warnings(&prior, nothing).join("\n");
        assert!(
            warning.starts_with("paint: None of the attributes of paint has a value."),
            "{warning}"
        );
        assert!(warning.contains("Set one of coats"), "{warning}");
        for paint in ["null", r#"{"coats":2}"#] {
            assert_eq!(warnings(&prior, paint), Vec::<String>::new(), "{paint}");
        }
    }
    let same = thing(r#"{"coats":null,"color":"red"}"#);
    assert_eq!(warnings(&same, nothing), Vec::<String>::new());
    assert_eq!(
        complaints(r#"{"name":"n","region":"r","paint":{"coats":null}}"#),
        Vec::<String>::new()
    );
}

#[test]
fn a_collection_that_must_have_an_element_says_so() {
    let of = |tags: &str| complaints(&format!(r#"{{"name":"n","region":"r","tags":{tags}}}"#));
    let complaint = "tags: tags is empty. Name at least one element, or leave tags out.";
    assert_eq!(of("[]"), [complaint]);
    for tags in ["null", r#""?""#, r#"["a"]"#] {
        assert_eq!(of(tags), Vec::<String>::new(), "{tags}");
    }
    assert_eq!(of("[null]").len(), 1);
    let schema = schema();
    let description = &attribute(&schema, "tags").description;
    assert_eq!(description, "Words about it. If set, at least one.");
}

#[test]
fn secrets_are_not_repeated() {
    let complaints = complaints(r#"{"name":"n","region":"r","secret":"hunter 2"}"#).join("\n");
    assert!(
        complaints.starts_with("secret: ") && !complaints.contains("hunter"),
        "{complaints}"
    );
}

#[test]
fn what_is_unknown_is_let_pass() {
    let unknown = r#"{"name":"?","region":"?","kind":"?","secret":"?"}"#;
    assert_eq!(complaints(unknown), Vec::<String>::new());
    assert_eq!(
        complaints(r#"{"name":"n","region":"r","kind":"fancy"}"#),
        ["kind: Fancy things are painted. Set paint."]
    );
}

#[test]
fn spellings_are_compared_as_the_format_says() {
    let schema = schema();
    let (left, right) = (
        object(r#"{"region":"ab","tags":["x","Y"]}"#),
        object(r#"{"region":"AB","tags":["y","X"]}"#),
    );
    for name in ["region", "tags"] {
        let attribute = attribute(&schema, name);
        assert!(
            attribute.means_the_same(left.attribute(name), right.attribute(name)),
            "{name}"
        );
        assert!(
            !attribute.means_the_same(left.attribute(name), &Value::Null),
            "{name}"
        );
    }
}
