//! What the clients know: which operations were acknowledged, by which requests they were asked for, and what no one expected.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Everything that the clients of a trial have done.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Notes>);

#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    pub(crate) operations: Vec<Operation>,
    /// What a server must not answer, whatever is broken.
    pub(crate) unexpected: Vec<String>,
    /// How many requests got no answer: the connection broke off, or nothing came in time.
    pub(crate) unanswered: u64,
    /// How many were answered that Roster cannot serve at the moment.
    pub(crate) unavailable: u64,
    /// How many were answered with a fault.
    pub(crate) faults: u64,
    /// How many were answered.
    pub(crate) answered: u64,
}

/// Something that a client wanted to happen once, with as many requests as that took.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// The mutation.
    pub(crate) name: &'static str,
    /// The ids of its requests, in their order.
    pub(crate) requests: Vec<String>,
    /// Whether some request was answered that it happened.
    pub(crate) acknowledged: bool,
    pub(crate) ended: Instant,
}

impl Journal {
    pub(crate) fn note<T>(&self, note: impl FnOnce(&mut Notes) -> T) -> T {
        note(&mut self.lock())
    }

    /// What has been noted so far.
    pub(crate) fn notes(&self) -> Notes {
        self.lock().clone()
    }

    /// Of what was acknowledged from this instant on, nothing is certain any more: a backup is older.
    pub(crate) fn doubt_since(&self, instant: Instant) {
        for operation in self.lock().operations.iter_mut().filter(|operation| operation.ended >= instant) {
            operation.acknowledged = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    /// How many requests were not answered as they should be.
    pub(crate) fn failed(&self) -> u64 {
        self.unanswered + self.unavailable + self.faults
    }
}

/// How the requests went.
impl fmt::Display for Notes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answered, unanswered, unavailable, faults, .. } = self;
        write!(formatter, "{answered} requests answered, {unanswered} not, {unavailable} UNAVAILABLE, {faults} INTERNAL")
    }
}
