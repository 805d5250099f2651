//! Counts the statements of a test.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::layer::Context as LayerContext;

/// The statement with which the users of a page are looked up.
const LOOK_UP_USERS: &str = "where account_id = $1 and id = any($2)";

/// Counts what sqlx says of each statement that it runs; and of the users' look-ups besides.
#[derive(Clone, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>, Arc<AtomicUsize>);

impl<S: Subscriber> tracing_subscriber::Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _: LayerContext<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
            event.record(&mut |field: &Field, value: &dyn fmt::Debug| {
                if field.name() == "db.statement" && format!("{value:?}").contains(LOOK_UP_USERS) {
                    self.1.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    }
}

impl Counter {
    /// How many statements were run since the last time that this was asked.
    pub(crate) fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// How many times users were looked up since the last time that this was asked.
    pub(crate) fn take_look_ups(&self) -> usize {
        self.1.swap(0, Ordering::Relaxed)
    }
}
