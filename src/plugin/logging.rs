//! Structured logs on standard error, one JSON object per line, in the format that Terraform reads.

use std::fmt;
use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The log contains only this crate's events, because at trace level HTTP and TLS libraries log headers with tokens.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Writes the crate's `tracing` events to standard error, at the level that the environment variables set.
pub(super) fn install(provider: &'static str) {
    // A value that is not UTF-8 has the same effect as a level that Terraform does not know.
    let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
    let level = level(provider, |key| std::env::var_os(key).map(text));
    if level == LevelFilter::OFF {
        return;
    }
    let subscriber = tracing_subscriber::registry().with(TerraformLog { provider, level });
    // This fails only in a test that has installed another subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes a line to standard error.
pub(super) fn print_to_stderr(text: &str) {
    // If standard error is closed, there is no way to report that.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Returns the level below which Terraform drops lines. The provider's own variable overrides Terraform's.
fn level(provider: &str, env: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let own = format!(
        "TF_LOG_PROVIDER_{}",
        provider.to_uppercase().replace('-', "_")
    );
    let value = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"]
        .into_iter()
        .filter_map(env)
        .find(|value| !value.is_empty());
    match value.map(|value| value.to_uppercase()).as_deref() {
        None | Some("OFF") => LevelFilter::OFF,
        Some("ERROR") => LevelFilter::ERROR,
        Some("WARN") => LevelFilter::WARN,
        Some("INFO") => LevelFilter::INFO,
        Some("DEBUG") => LevelFilter::DEBUG,
        // "JSON" and levels that Terraform does not know mean trace.
        Some(_) => LevelFilter::TRACE,
    }
}

struct TerraformLog {
    provider: &'static str,
    level: LevelFilter,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TerraformLog {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.level && metadata.target().starts_with(OWN_TARGET)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Fields::default();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Fields(fields)) = span.extensions().get() {
                line.0.extend(fields.clone());
            }
        }
        event.record(&mut line);
        let Fields(mut line) = line;
        let metadata = event.metadata();
        let message = line.remove("message").unwrap_or_default();
        // Terraform crashes if any of the next three fields is not a string.
        line.insert("@message".to_owned(), as_string(message));
        line.insert("@level".to_owned(), level_name(metadata).into());
        line.insert(
            "@timestamp".to_owned(),
            format!("{:.6}", Timestamp::now()).into(),
        );
        line.insert("@module".to_owned(), self.provider.into());
        print_to_stderr(&Value::Object(line).to_string());
    }
}

fn as_string(value: Value) -> Value {
    match value {
        Value::String(_) => value,
        Value::Null => Value::String(String::new()),
        other => other.to_string().into(),
    }
}

fn level_name(metadata: &Metadata<'_>) -> String {
    metadata.level().as_str().to_lowercase()
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn record(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.record(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_the_one_that_terraform_keeps() {
        let cases: [(&[(&str, &str)], LevelFilter); 7] = [
            (&[], LevelFilter::OFF),
            (&[("TF_LOG", "")], LevelFilter::OFF),
            (&[("TF_LOG", "json")], LevelFilter::TRACE),
            (&[("TF_LOG", "nonsense")], LevelFilter::TRACE),
            (
                &[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "warn")],
                LevelFilter::WARN,
            ),
            (
                &[("TF_LOG", "trace"), ("TF_LOG_PROVIDER_SOME_NAME", "error")],
                LevelFilter::ERROR,
            ),
            (
                &[("TF_LOG", "debug"), ("TF_LOG_PROVIDER_SOME_NAME", "off")],
                LevelFilter::OFF,
            ),
        ];
        for (variables, expected) in cases {
            let level = level("some-name", |key| {
                let (_, value) = variables.iter().find(|(name, _)| *name == key)?;
                Some((*value).to_owned())
            });
            assert_eq!(level, expected, "{variables:?}");
        }
    }
}
