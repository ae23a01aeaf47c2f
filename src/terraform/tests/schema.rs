//! The schema and the rules of a declaration.

use super::sample::{FORMATS, Paint, Thing, Things, object, object_of};
use crate::terraform::resource::Resource;
use crate::terraform::schema::AttributeFlag::{
    Computed, ForcesReplacement, Optional, Required, Sensitive,
};
use crate::terraform::schema::{Attribute, AttributeType, Schema};
use crate::terraform::value::{Value, model};

fn schema() -> Schema {
    Schema::from_declaration::<Thing>(3, FORMATS).unwrap()
}

fn attribute<'a>(schema: &'a Schema, name: &str) -> &'a Attribute {
    let mut attributes = schema.attributes.iter();
    attributes.find(|attribute| attribute.name == name).unwrap()
}

model! {
    /// A box.
    #[schemars(extend("x-deprecated" = "Use things instead."))]
    struct Container {
        /// Its name.
        #[schemars(extend("x-terraform" = [Required], "x-deprecated" = "Names will be optional."))]
        name: String,
        /// Its color.
        #[schemars(extend("x-terraform" = [Optional], "x-deprecated" = "Use paint instead."))]
        color: String,
        /// How it is painted.
        #[schemars(extend("x-terraform" = [Optional]))]
        paint: Paint,
    }
}

#[test]
fn deprecations_have_messages() {
    let message = |deprecated: bool, message: &str| deprecated.then(|| message.to_owned());
    let container = Schema::from_declaration::<Container>(0, FORMATS).unwrap();
    let block = container.to_proto().block.unwrap();
    let type_message = message(block.deprecated, &block.deprecation_message);
    assert_eq!(type_message.as_deref(), Some("Use things instead."));
    let attributes = block.attributes.iter();
    let messages = attributes.map(|it| message(it.deprecated, &it.deprecation_message));
    let expected = [
        Some("Use paint instead."),
        Some("Names will be optional."),
        None,
    ];
    let messages: Vec<_> = messages.collect();
    let messages: Vec<_> = messages.iter().map(Option::as_deref).collect();
    assert_eq!(messages, expected);
    let thing = schema().to_proto().block.unwrap();
    assert!(!thing.deprecated && thing.attributes.iter().all(|it| !it.deprecated));
    // A required attribute must stay in a generated configuration.
    let object = |json| object_of::<Container>(json);
    let state = object(r#"{"name":"n","color":"blue","paint":{"color":"blue"}}"#);
    let expected = object(r#"{"name":"n","paint":{"color":"blue"}}"#);
    assert_eq!(container.configuration(&state), expected);
}

#[test]
fn a_declaration_becomes_a_schema() {
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
        "changes",
        "id",
        "kind",
        "name",
        "paint",
        "region",
        "secret",
        "tags",
        "write_only",
    ];
    assert_eq!(names, expected);
    let flags = |name: &str| attribute(&schema, name).flags.clone();
    assert_eq!(flags("id"), [Computed]);
    assert_eq!(flags("region"), [Required, ForcesReplacement]);
    assert_eq!(flags("secret"), [Optional, Sensitive]);
    assert_eq!(
        schema.value_type().to_json().to_string(),
        r#"["object",{"changes":"number","id":"string","kind":"string","name":"string","#
            .to_owned()
            + r#""paint":["object",{"coats":"number","color":"string"}],"region":"string","secret":"string","#
            + r#""tags":["set","string"],"write_only":"string"}]"#
    );
    assert!(matches!(
        attribute(&schema, "paint").ty,
        AttributeType::SingleNested(_)
    ));
}

#[test]
fn descriptions_are_in_the_message() {
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

/// Validates a configuration. Returns the diagnostics as `attribute: detail`.
fn validate(config: &str) -> Vec<String> {
    let diagnostics = schema().validate(object(config), |thing: &Thing, diagnostics| {
        Things.validate(thing, diagnostics);
    });
    let line = |diagnostic: &crate::terraform::diagnostics::Diagnostic| {
        format!("{}: {}", diagnostic.attribute, diagnostic.detail())
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn every_error_is_reported_at_its_attribute() {
    let config =
        r#"{"region":"a b","kind":"odd","tags":["ok","4"],"secret":" ","paint":{"coats":9}}"#;
    let expected = [
        r#"kind: Got "odd". Set it to one of plain, fancy."#,
        "name: The attribute name is required. Set it.",
        "paint.coats: Got 9. Set it to 3 or less.",
        r#"region: Got "a b": it contains other characters. Set it to letters such as abc."#,
        "secret: The value cannot be used: it is blank. Set it to a key or token without blanks and line breaks, exactly as it \
         was issued.",
        r#"tags: Got "4": it contains other characters. Set it to letters such as abc."#,
    ];
    assert_eq!(validate(config), expected);
}

#[test]
fn a_misspelled_choice_gets_a_suggestion() {
    let diagnostics = validate(r#"{"name":"n","region":"r","kind":"Plan"}"#);
    let expected = r#"kind: Got "Plan", which looks like a misspelling. Set it to one of plain, fancy. Did you mean plain?"#;
    assert_eq!(diagnostics, [expected]);
}

#[test]
fn a_new_empty_object_gets_a_warning() {
    let thing = |paint: &str| object(&format!(r#"{{"name":"n","region":"r","paint":{paint}}}"#));
    let warnings = |prior: &Value, paint: &str| {
        let config = thing(paint);
        let planned = schema().propose(prior, &config);
        let found = schema().empty_objects(prior, &planned, &config).into_iter();
        found
            .map(|it| format!("{}: {}", it.attribute, it.detail()))
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
        validate(r#"{"name":"n","region":"r","paint":{"coats":null}}"#),
        Vec::<String>::new()
    );
}

#[test]
fn a_required_element_is_checked_and_documented() {
    let of = |tags: &str| validate(&format!(r#"{{"name":"n","region":"r","tags":{tags}}}"#));
    let expected = "tags: tags is empty. Add at least one element, or remove tags.";
    assert_eq!(of("[]"), [expected]);
    for tags in ["null", r#""?""#, r#"["a"]"#] {
        assert_eq!(of(tags), Vec::<String>::new(), "{tags}");
    }
    assert_eq!(of("[null]").len(), 1);
    let schema = schema();
    let description = &attribute(&schema, "tags").description;
    assert_eq!(description, "Words about it. If set, at least one.");
}

#[test]
fn diagnostics_do_not_contain_secrets() {
    let diagnostics = validate(r#"{"name":"n","region":"r","secret":"hunter 2"}"#).join("\n");
    assert!(
        diagnostics.starts_with("secret: ") && !diagnostics.contains("hunter"),
        "{diagnostics}"
    );
}

#[test]
fn unknown_values_are_valid() {
    let unknown = r#"{"name":"?","region":"?","kind":"?","secret":"?"}"#;
    assert_eq!(validate(unknown), Vec::<String>::new());
    assert_eq!(
        validate(r#"{"name":"n","region":"r","kind":"fancy"}"#),
        ["kind: Fancy things are painted. Set paint."]
    );
}

#[test]
fn the_format_decides_semantic_equality() {
    let schema = schema();
    let (left, right) = (
        object(r#"{"region":"ab","tags":["x","Y"]}"#),
        object(r#"{"region":"AB","tags":["y","X"]}"#),
    );
    for name in ["region", "tags"] {
        let attribute = attribute(&schema, name);
        assert!(
            attribute.semantically_equal(left.attribute(name), right.attribute(name)),
            "{name}"
        );
        assert!(
            !attribute.semantically_equal(left.attribute(name), &Value::Null),
            "{name}"
        );
    }
}
