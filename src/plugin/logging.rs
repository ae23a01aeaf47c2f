//! Structured logs on standard error, one JSON object per line, in the form that Terraform reads.

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

/// Only this crate's own events are logged: at trace level, HTTP and TLS libraries print headers with tokens in them.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Sends the crate's `tracing` events to standard error, at the level that the environment asks for.
pub(super) fn install(provider: &'static str) {
    // What is not text is as good as any word that Terraform does not know.
    let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
    let level = level(provider, |key| std::env::var_os(key).map(text));
    if level == LevelFilter::OFF {
        return;
    }
    let subscriber = tracing_subscriber::registry().with(HostLog { provider, level });
    // Fails only where a test has installed another one before.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes plain text for whoever looks at standard error.
pub(super) fn say_to_person(text: &str) {
    // There is nobody to tell that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The level below which Terraform would throw lines away: the provider's own variable, else Terraform's.
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
        // "JSON" and whatever Terraform does not know mean everything.
        Some(_) => LevelFilter::TRACE,
    }
}

struct HostLog {
    provider: &'static str,
    level: LevelFilter,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for HostLog {
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
        // Terraform crashes on any of the next three that is not a string.
        line.insert("@message".to_owned(), text(message));
        line.insert("@level".to_owned(), level_name(metadata).into());
        line.insert(
            "@timestamp".to_owned(),
            format!("{:.6}", Timestamp::now()).into(),
        );
        line.insert("@module".to_owned(), self.provider.into());
        say_to_person(&Value::Object(line).to_string());
    }
}

fn text(value: Value) -> Value {
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
    fn the_level_is_the_one_that_terraform_would_keep() {
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
