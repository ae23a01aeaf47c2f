//! Checks requests and responses against the API's published description.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use conductorone_emulator::{Exchange, JournalEntry};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The part of the API's published description that the provider uses. `tests/contract/README.md` names its source.
const PUBLISHED: &str = include_str!("../contract/conductorone-openapi.json");

/// The token endpoint, which is not in the description.
const TOKEN: &str = "/auth/v1/token";

/// The fields of valid forms for the token endpoint.
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

/// The parsed description.
#[derive(Debug)]
pub(crate) struct Description {
    paths: Map<String, Value>,
    components: Value,
    /// The validators by schema. Each is compiled when it is first used.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The operation and the errors of an exchange.
#[derive(Debug)]
pub(crate) struct Finding {
    /// For example `get /api/v1/apps/{id}`.
    pub(crate) operation: String,
    /// Empty if the exchange is valid.
    pub(crate) errors: Vec<String>,
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

    /// Checks the request, and the response if the service sent one.
    pub(crate) fn check(&self, exchange: &Exchange) -> Finding {
        let JournalEntry { method, path, .. } = &exchange.request;
        let method = method.to_lowercase();
        if path == TOKEN {
            return Finding {
                operation: format!("{method} {TOKEN}"),
                errors: token_errors(exchange),
            };
        }
        let Some((template, operation)) = self.operation(&method, path) else {
            return Finding {
                operation: format!("{method} {path}"),
                errors: vec!["the API has no such operation".to_owned()],
            };
        };
        let mut errors = self.request_errors(operation, &exchange.request);
        errors.extend(self.response_errors(operation, exchange));
        Finding {
            operation: format!("{method} {template}"),
            errors,
        }
    }

    fn request_errors(&self, operation: &Value, request: &JournalEntry) -> Vec<String> {
        let known: Vec<_> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named = request.query.split('&').filter(|it| !it.is_empty());
        let named = named.map(|it| it.split('=').next().unwrap_or_default());
        let mut errors: Vec<_> = named
            .filter(|name| !known.contains(name))
            .map(|name| format!("unknown query parameter {name}"))
            .collect();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        match &request.body {
            Value::Null => {}
            _ if schema.is_null() => errors.push("unexpected body".to_owned()),
            body => errors.extend(self.differences("the request", schema, body)),
        }
        errors
    }

    fn response_errors(&self, operation: &Value, exchange: &Exchange) -> Vec<String> {
        let status_schema = json!({"$ref": "#/components/schemas/google.rpc.Status"});
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        match (exchange.request.status, &exchange.answer) {
            (Some(200), Some(answer)) => self.differences("the response", schema, answer),
            (Some(400..), Some(answer)) => self.differences("the error", &status_schema, answer),
            (Some(status), Some(_)) => vec![format!("undocumented status {status}")],
            // No response was sent, or it came from a fault.
            (_, None) | (None, _) => Vec::new(),
        }
    }

    /// Returns the differences of a value from a schema of the description. They name fields, but no values.
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
            .map(|error| format!("{what}: {}: {}", error.instance_path(), error.masked()))
            .collect()
    }

    fn compile(&self, schema: &Value) -> Validator {
        let mut schema = closed(schema);
        schema["components"] = self.components.clone();
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).expect("a schema")
    }

    /// Returns the operation of a path. Literal segments take precedence over parameters.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let candidates = self.paths.iter().filter_map(|(template, operations)| {
            let operation = operations.get(method)?;
            Some((parameters(template, path)?, template.as_str(), operation))
        });
        let best = candidates.min_by_key(|(parameters, ..)| *parameters);
        best.map(|(_, template, operation)| (template, operation))
    }
}

/// Returns the number of parameters in a path, or none if the path does not match.
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

/// Forbids additional properties in all objects that do not allow them, because the service refuses unknown fields.
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

fn token_errors(exchange: &Exchange) -> Vec<String> {
    let fields = |value: &Value| -> Vec<String> {
        let fields = value.as_object().into_iter().flatten();
        fields.map(|(name, _)| name.clone()).collect()
    };
    let mut errors = Vec::new();
    let mut form = fields(&exchange.request.body);
    form.sort_unstable();
    if !TOKEN_FORMS.iter().any(|known| form == *known) {
        errors.push(format!("unknown token request {form:?}"));
    }
    if exchange.request.method != "POST" || !exchange.request.query.is_empty() {
        errors.push("a token request must be a POST without a query".to_owned());
    }
    let (names, known): (_, &[&str]) = match (exchange.request.status, &exchange.answer) {
        (Some(200), Some(answer)) => (
            fields(answer),
            &["access_token", "expires_in", "token_type"],
        ),
        (Some(_), Some(answer)) => (fields(answer), &["error", "error_description"]),
        _ => return errors,
    };
    if names != known {
        errors.push(format!("unknown token response {names:?}"));
    }
    errors
}

mod tests {
    use serde_json::{Value, json};

    use super::Description;

    #[test]
    fn a_field_that_the_api_does_not_know_is_invalid() {
        let description = Description::published();
        let path = "/api/v1/apps/a/connectors/c/delegated";
        let (_, operation) = description.operation("post", path).expect("an operation");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let good = json!({"connector": {"displayName": "Wiki"}, "updateMask": "displayName"});
        let errors = |body: &Value| description.differences("the request", schema, body);
        assert_eq!(errors(&good), Vec::<String>::new());
        for bad in [
            json!({"nonsense": 1}),
            json!({"connector": {"nonsense": 1}}),
            json!({"connector": {"displayName": 1}}),
        ] {
            assert_ne!(errors(&bad), Vec::<String>::new(), "{bad}");
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
