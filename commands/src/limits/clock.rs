//! The clock of the buckets: it is moved by the times of requests, and only forward.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::clock::Clock;

/// By how much requests that are decided at once may be out of order. More than that, and the wall clock was set back.
const OUT_OF_ORDER: TimeDelta = TimeDelta::minutes(1);

/// A wall clock that is set forward refills buckets sooner; one that is set back does not stop them.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestClock(Arc<Mutex<Hands>>);

#[derive(Debug, Default)]
struct Hands {
    /// The newest time that a request has brought.
    newest: Option<DateTime<Utc>>,
    /// How much time has passed in all.
    passed: Duration,
}

impl RequestClock {
    pub(super) fn advance_to(&self, at: DateTime<Utc>) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = *hands.newest.get_or_insert(at);
        if let Ok(passed) = (at - newest).to_std() {
            hands.passed = hands.passed.saturating_add(passed);
            hands.newest = Some(at);
        } else if newest - at > OUT_OF_ORDER {
            hands.newest = Some(at);
        }
    }
}

impl Clock for RequestClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).passed
    }
}
