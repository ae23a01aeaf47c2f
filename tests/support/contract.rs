//! Exchanges against the API's published description: what was sent, and what the emulator made of it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use conductorone_emulator::{Exchange, JournalEntry};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The part of the API's published description that the provider uses. `tests/contract/README.md` names its source.
const PUBLISHED: &str = include_str!("../contract/conductorone-openapi.json");

/// The one path that the description says nothing about.
const TOKEN: &str = "/auth/v1/token";

/// The forms that the token endpoint takes.
const TOKEN_FORMS: [&[&str]; 2] = [
    &[
        "client_assertion",
        "client_assertion_type",
        "client_id",
        "grant_type",
    ],
    &[
        "client_id",
        "grant_type",
        "subject_token",
        "subject_token_type",
    ],
];

/// The description, in a form to check with.
#[derive(Debug)]
pub(crate) struct Description {
    paths: Map<String, Value>,
    components: Value,
    /// By schema, each compiled when it is needed first.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What an exchange is, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Finding {
    /// For example `get /api/v1/apps/{id}`.
    pub(crate) operation: String,
    /// Empty: nothing.
    pub(crate) mistakes: Vec<String>,
}

impl Description {
    /// Returns the published description.
    pub(crate) fn published() -> &'static Self {
        static DESCRIPTION: LazyLock<Description> = LazyLock::new(Description::read);
        &DESCRIPTION
    }

    fn read() -> Self {
        let mut description: Value = serde_json::from_str(PUBLISHED).expect("JSON");
        let paths = description["paths"].take();
        Self {
            paths: paths.as_object().expect("paths").clone(),
            components: closed(&description["components"]),
            validators: Mutex::default(),
        }
    }

    /// Checks the request, and the answer if the service gave one.
    pub(crate) fn check(&self, exchange: &Exchange) -> Finding {
        let JournalEntry { method, path, .. } = &exchange.request;
        let method = method.to_lowercase();
        if path == TOKEN {
            return Finding {
                operation: format!("{method} {TOKEN}"),
                mistakes: token_mistakes(exchange),
            };
        }
        let Some((template, operation)) = self.operation(&method, path) else {
            return Finding {
                operation: format!("{method} {path}"),
                mistakes: vec!["the API has no such operation".to_owned()],
            };
        };
        let mut mistakes = self.request_mistakes(operation, &exchange.request);
        mistakes.extend(self.answer_mistakes(operation, exchange));
        Finding {
            operation: format!("{method} {template}"),
            mistakes,
        }
    }

    fn request_mistakes(&self, operation: &Value, request: &JournalEntry) -> Vec<String> {
        let known: Vec<_> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named = request.query.split('&').filter(|it| !it.is_empty());
        let named = named.map(|it| it.split('=').next().unwrap_or_default());
        let mut mistakes: Vec<_> = named
            .filter(|name| !known.contains(name))
            .map(|name| format!("there is no query parameter {name}"))
            .collect();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        match &request.body {
            Value::Null => {}
            body if schema.is_null() => mistakes.push(format!("there is no body, but {body}")),
            body => mistakes.extend(self.differences("the request", schema, body)),
        }
        mistakes
    }

    fn answer_mistakes(&self, operation: &Value, exchange: &Exchange) -> Vec<String> {
        let status_schema = json!({"$ref": "#/components/schemas/google.rpc.Status"});
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        match (exchange.request.status, &exchange.answer) {
            (Some(200), Some(answer)) => self.differences("the answer", schema, answer),
            (Some(400..), Some(answer)) => self.differences("the error", &status_schema, answer),
            (Some(status), Some(_)) => vec![format!("the API never answers with {status}")],
            // No answer left, or it was a fault's.
            (_, None) | (None, _) => Vec::new(),
        }
    }

    /// What is wrong with a value by a schema of the description.
    pub(crate) fn differences(&self, what: &str, schema: &Value, value: &Value) -> Vec<String> {
        let validator = {
            let mut validators = self.validators.lock().expect("no poison");
            let compiled = validators
                .entry(schema.to_string())
                .or_insert_with(|| Arc::new(self.compile(schema)));
            Arc::clone(compiled)
        };
        validator
            .iter_errors(value)
            .map(|error| format!("{what}: {}: {error}", error.instance_path()))
            .collect()
    }

    fn compile(&self, schema: &Value) -> Validator {
        let mut schema = closed(schema);
        schema["components"] = self.components.clone();
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).expect("a schema")
    }

    /// The operation of a path: literal segments win over parameters.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let candidates = self.paths.iter().filter_map(|(template, operations)| {
            let operation = operations.get(method)?;
            Some((parameters(template, path)?, template.as_str(), operation))
        });
        let best = candidates.min_by_key(|(parameters, ..)| *parameters);
        best.map(|(_, template, operation)| (template, operation))
    }
}

/// How many parameters a path fills; none: it does not fit.
fn parameters(template: &str, path: &str) -> Option<usize> {
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    let mut parameters = 0;
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return Some(parameters),
            (Some(part), Some(segment)) if part.starts_with('{') && !segment.is_empty() => {
                parameters += 1;
            }
            (Some(part), Some(segment)) if part == segment => {}
            _ => return None,
        }
    }
}

/// The schemas with every object closed that does not say otherwise: the service refuses unknown fields.
fn closed(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(closed).collect(),
        Value::Object(fields) => {
            let mut fields: Map<_, _> = fields
                .iter()
                .map(|(name, field)| (name.clone(), closed(field)))
                .collect();
            if fields.get("properties").is_some_and(Value::is_object) && fields.contains_key("type")
            {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            Value::Object(fields)
        }
        other => other.clone(),
    }
}

fn token_mistakes(exchange: &Exchange) -> Vec<String> {
    let fields = |value: &Value| -> Vec<String> {
        let fields = value.as_object().into_iter().flatten();
        fields.map(|(name, _)| name.clone()).collect()
    };
    let mut mistakes = Vec::new();
    let mut form = fields(&exchange.request.body);
    form.sort_unstable();
    if !TOKEN_FORMS.iter().any(|known| form == *known) {
        mistakes.push(format!("no token is asked for with {form:?}"));
    }
    if exchange.request.method != "POST" || !exchange.request.query.is_empty() {
        mistakes.push("a token is asked for with a form".to_owned());
    }
    let (names, known): (_, &[&str]) = match (exchange.request.status, &exchange.answer) {
        (Some(200), Some(answer)) => (
            fields(answer),
            &["access_token", "expires_in", "token_type"],
        ),
        (Some(_), Some(answer)) => (fields(answer), &["error", "error_description"]),
        _ => return mistakes,
    };
    if names != known {
        mistakes.push(format!("the token endpoint answered with {names:?}"));
    }
    mistakes
}

mod tests {
    use serde_json::{Value, json};

    use super::Description;

    #[test]
    fn a_field_that_the_api_does_not_know_is_a_mistake() {
        let description = Description::published();
        let path = "/api/v1/apps/a/connectors/c/delegated";
        let (_, operation) = description.operation("post", path).expect("an operation");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let good = json!({"connector": {"displayName": "Wiki"}, "updateMask": "displayName"});
        let mistakes = |body: &Value| description.differences("the request", schema, body);
        assert_eq!(mistakes(&good), Vec::<String>::new());
        for bad in [
            json!({"nonsense": 1}),
            json!({"connector": {"nonsense": 1}}),
            json!({"connector": {"displayName": 1}}),
        ] {
            assert_ne!(mistakes(&bad), Vec::<String>::new(), "{bad}");
        }
    }

    #[test]
    fn literal_segments_win_over_parameters() {
        let description = Description::published();
        let template = |path| description.operation("post", path).map(|found| found.0);
        let create = "/api/v1/apps/{app_id}/connectors/create";
        assert_eq!(template("/api/v1/apps/a/connectors/create"), Some(create));
        let update = "/api/v1/apps/{app_id}/connectors/{id}";
        assert_eq!(template("/api/v1/apps/a/connectors/c"), Some(update));
        assert_eq!(template("/api/v1/apps/a/connectors/"), None);
        assert_eq!(template("/api/v1/nonsense"), None);
    }
}
