//! What the log says while a test listens.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Everything that this crate logs on this thread, from the beginning until it is dropped.
#[derive(Debug)]
pub(crate) struct Heard {
    lines: Arc<Mutex<Vec<String>>>,
    _listening: DefaultGuard,
}

impl Heard {
    pub(crate) fn listen() -> Self {
        let lines = Arc::default();
        let ear = tracing_subscriber::registry().with(Ear(Arc::clone(&lines)));
        Self {
            lines,
            _listening: tracing::subscriber::set_default(ear),
        }
    }

    /// The waits so far: each message, and what was waited and what is left in seconds.
    pub(crate) fn waits(&self) -> Vec<String> {
        let lines = self.lines.lock().map(|lines| lines.clone());
        let mut lines = lines.unwrap_or_default();
        lines.retain(|line| line.contains("waiting"));
        lines
    }
}

struct Ear(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event
            .metadata()
            .target()
            .starts_with(env!("CARGO_CRATE_NAME"))
        {
            return;
        }
        let mut line = Line::default();
        event.record(&mut line);
        if let Ok(mut lines) = self.0.lock() {
            lines.push(line.message + &line.seconds);
        }
    }
}

#[derive(Default)]
struct Line {
    message: String,
    seconds: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else if field.name().ends_with("_s") {
            let _ = write!(self.seconds, " {}={value:?}", field.name());
        }
    }
}
