//! List nested attributes.

use super::sample::{FORMATS, object_of};
use crate::terraform::proto::schema::object::NestingMode;
use crate::terraform::schema::AttributeFlag::{Computed, Optional, Required};
use crate::terraform::schema::{AttributeType, Schema};
use crate::terraform::value::{Value, model};

model! {
    /// A book.
    struct Book {
        /// Its title.
        #[schemars(extend("x-terraform" = [Required], "format" = "caseless"))]
        title: String,
        /// Its number.
        #[schemars(extend("x-terraform" = [Computed]))]
        number: i64,
        /// Who wrote it.
        #[schemars(extend("x-terraform" = [Optional]))]
        author: String,
    }
}

model! {
    /// A shelf.
    struct Shelf {
        /// What stands on it.
        #[schemars(extend("x-terraform" = [Optional]))]
        books: Vec<Book>,
        /// What was found on it.
        #[schemars(extend("x-terraform" = [Computed]))]
        found: Vec<Book>,
    }
}

fn schema() -> Schema {
    Schema::from_declaration::<Shelf>(0, FORMATS).unwrap()
}

fn shelf(json: &str) -> Value {
    object_of::<Shelf>(json)
}

#[test]
fn the_nested_attributes_are_in_the_message() {
    let block = schema().to_proto().block.unwrap();
    let found = &block.attributes[1];
    assert_eq!((found.name.as_str(), found.computed), ("found", true));
    assert!(found.r#type.is_empty());
    let nested = found.nested_type.as_ref().unwrap();
    assert_eq!(nested.nesting(), NestingMode::List);
    let described = nested
        .attributes
        .iter()
        .map(|it| (it.name.as_str(), it.description.as_str()));
    let expected = [
        ("author", "Who wrote it."),
        ("number", "Its number."),
        ("title", "Its title."),
    ];
    assert_eq!(described.collect::<Vec<_>>(), expected);
    assert!(matches!(
        schema().attributes[1].ty,
        AttributeType::ListNested(ref attributes) if attributes.len() == 3
    ));
    assert_eq!(
        schema().attributes[1].value_type().to_json().to_string(),
        r#"["list",["object",{"author":"string","number":"number","title":"string"}]]"#
    );
}

#[test]
fn a_list_is_a_vector() {
    let value = shelf(r#"{"books":[{"title":"b"},{"title":"a","number":7}]}"#);
    let Ok(Value::Known(typed)) = Value::<Shelf>::from_value(value.clone()) else {
        panic!("{value:?} must be a shelf");
    };
    let books = typed.books.known().unwrap();
    let titles = books
        .iter()
        .map(|book| book.title.known().unwrap().as_str());
    assert_eq!(titles.collect::<Vec<_>>(), ["b", "a"]);
    assert!(Value::Known(typed).into_value() == value);
    let empty = shelf(r#"{"books":[],"found":"?"}"#);
    let typed = Value::<Shelf>::from_value(empty.clone()).unwrap();
    assert!(typed.into_value() == empty);
}

#[test]
fn an_element_that_is_not_an_object_is_reported_with_its_path() {
    for (json, place) in [
        (r#"{"books":[{"title":"a"},null]}"#, "books[1]"),
        (r#"{"books":["?"]}"#, "books[0]"),
    ] {
        let refused = Value::<Shelf>::from_value(shelf(json)).unwrap_err();
        assert_eq!(refused.path.to_string(), place);
    }
}

#[test]
fn every_error_is_reported_at_its_element() {
    let config = shelf(r#"{"books":[{"title":"4"},{"author":"x"},{"title":"?"},null]}"#);
    let diagnostics = schema().validate(config, |_: &Shelf, _| {});
    let places = diagnostics.iter().map(|it| it.attribute.to_string());
    assert_eq!(
        places.collect::<Vec<_>>(),
        ["books[0].title", "books[1].title", "books[3]"]
    );
}

#[test]
fn a_plan_compares_elements_with_the_same_index() {
    let prior = r#"{"books":[{"title":"a","number":1},{"title":"b","number":2}],"found":[]}"#;
    for (prior, config, planned) in [
        (
            "{}",
            r#"{"books":[{"title":"a"}]}"#,
            r#"{"books":[{"title":"a","number":"?"}],"found":null}"#,
        ),
        (
            prior,
            r#"{"books":[{"title":"A"},{"title":"c","author":"x"},{"title":"d"}]}"#,
            r#"{"books":[{"title":"a","number":1},{"title":"c","author":"x","number":2},{"title":"d","number":"?"}],
                "found":[]}"#,
        ),
        (prior, r#"{"books":null}"#, r#"{"books":null,"found":[]}"#),
        (prior, r#"{"books":[]}"#, r#"{"books":[],"found":[]}"#),
    ] {
        let proposed = schema().propose(&shelf(prior), &shelf(config));
        assert!(proposed == shelf(planned), "{config}: {proposed:?}");
    }
}

#[test]
fn after_apply_unknown_values_become_actual_values() {
    let planned = r#"{"books":[{"title":"a","number":"?"}],"found":"?"}"#;
    let actual = r#"{"books":[{"title":"other","number":3}],"found":[{"title":"x"}]}"#;
    let state = r#"{"books":[{"title":"a","number":3}],"found":[{"title":"x"}]}"#;
    assert!(schema().complete(&shelf(planned), &shelf(actual)) == shelf(state));
    // There are fewer objects than planned, so the missing values are null.
    let actual = r#"{"books":[],"found":[]}"#;
    let state = r#"{"books":[{"title":"a","number":null}],"found":[]}"#;
    assert!(schema().complete(&shelf(planned), &shelf(actual)) == shelf(state));
}

#[test]
fn a_refresh_keeps_semantically_equal_values() {
    let state = r#"{"books":[{"title":"A","number":1},{"title":"b"}],"found":null}"#;
    for (actual, refreshed) in [
        (
            r#"{"books":[{"title":"a","number":1},{"title":"B"}]}"#,
            state,
        ),
        (
            r#"{"books":[{"title":"a","number":2}]}"#,
            r#"{"books":[{"title":"A","number":2}]}"#,
        ),
        (r#"{"books":null}"#, r#"{"books":null}"#),
        // An empty value is kept if the state has a value, or if the user cannot set the attribute.
        (r#"{"books":[],"found":[]}"#, r#"{"books":[],"found":[]}"#),
    ] {
        let result = schema().refresh(&shelf(state), &shelf(actual));
        assert!(result == shelf(refreshed), "{actual}: {result:?}");
    }
    let none = schema().refresh(&shelf("{}"), &shelf(r#"{"books":[],"found":[]}"#));
    assert!(none == shelf(r#"{"books":null,"found":[]}"#));
}

#[test]
fn a_configuration_has_the_settable_attributes_of_each_object() {
    let state =
        r#"{"books":[{"title":"a","number":1,"author":""},{"title":"b"}],"found":[{"title":"a"}]}"#;
    let configuration = r#"{"books":[{"title":"a"},{"title":"b"}]}"#;
    assert!(schema().configuration(&shelf(state)) == shelf(configuration));
}

#[test]
fn lists_are_semantically_equal_if_their_elements_are() {
    let schema = schema();
    let same = |left: &str, right: &str| {
        let (left, right) = (shelf(left), shelf(right));
        schema.attributes[0].semantically_equal(left.attribute("books"), right.attribute("books"))
    };
    let books = r#"{"books":[{"title":"a"},{"title":"b"}]}"#;
    assert!(same(books, r#"{"books":[{"title":"A"},{"title":"B"}]}"#));
    for other in [
        r#"{"books":[{"title":"b"},{"title":"a"}]}"#,
        r#"{"books":[{"title":"a"}]}"#,
        r#"{"books":null}"#,
    ] {
        assert!(!same(books, other), "{other}");
    }
}
