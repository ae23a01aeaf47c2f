//! Captures the log during a test.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

thread_local! {
    /// The events on this thread since the capture started.
    static EVENTS: RefCell<Option<Vec<Line>>> = const { RefCell::new(None) };
}

/// Captures everything that this crate logs on this thread until it is dropped.
#[derive(Debug)]
pub(crate) struct LogCapture(());

impl LogCapture {
    pub(crate) fn start() -> Self {
        static INSTALLED: Once = Once::new();
        // One subscriber serves all threads: `tracing` may miss a subscriber that is set while another thread logs for
        // the first time.
        INSTALLED.call_once(|| {
            let subscriber = tracing_subscriber::registry().with(CaptureLayer);
            // Fails only if there is another subscriber, and then the tests that capture logs fail.
            let _ = tracing::subscriber::set_global_default(subscriber);
        });
        EVENTS.set(Some(Vec::new()));
        Self(())
    }

    /// Returns the messages about waits, with the seconds that have passed and that are left.
    pub(crate) fn waits(&self) -> Vec<String> {
        let waits = self
            .events()
            .into_iter()
            .map(|line| line.message + &line.seconds);
        waits.filter(|line| line.contains("waiting")).collect()
    }

    /// Returns every event with all its fields.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.events().into_iter().map(|line| line.fields).collect()
    }

    #[expect(clippy::unused_self, reason = "only who listens can hear")]
    fn events(&self) -> Vec<Line> {
        EVENTS.with_borrow(|events| events.clone().unwrap_or_default())
    }
}

impl Drop for LogCapture {
    fn drop(&mut self) {
        EVENTS.set(None);
    }
}

struct CaptureLayer;

impl<S: Subscriber> Layer<S> for CaptureLayer {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        EVENTS.with_borrow(Option::is_some)
    }

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
        EVENTS.with_borrow_mut(|events| {
            if let Some(events) = events {
                events.push(line);
            }
        });
    }
}

#[derive(Clone, Debug, Default)]
struct Line {
    message: String,
    seconds: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.fields, " {}={value:?}", field.name());
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else if field.name().ends_with("_s") {
            let _ = write!(self.seconds, " {}={value:?}", field.name());
        }
    }
}
