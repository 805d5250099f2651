//! The store itself. `load.rs` loads streams, `append.rs` appends to them, `persons.rs` has the keys of persons.

use crate::horizon::LastHorizon;
use crate::person_key::KeyWrap;
use crate::unreadable::Reports;
use crate::{Cursors, MasterKeys};

/// The events of a Roster: the table `events`, and the keys that seal the personal values in it.
pub struct EventStore {
    pub(crate) keys: KeyWrap,
    cursors: Cursors,
    pub(crate) recording_clock: RecordingClock,
    pub(crate) last_horizon: LastHorizon,
    pub(crate) reports: Reports,
}

/// The clock that `recorded_at` of an event is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordingClock {
    /// The clock of the database when the event is written. Auditors rely on it.
    Database,
    /// The clock of the command, for the history of a demo.
    Command,
}

impl EventStore {
    /// A store whose personal values are sealed under these master keys.
    #[must_use]
    pub fn new(master: &MasterKeys) -> Self {
        Self {
            keys: KeyWrap::new(master),
            cursors: Cursors::new(master),
            recording_clock: RecordingClock::Database,
            last_horizon: LastHorizon::default(),
            reports: Reports::default(),
        }
    }

    /// The same store, but it records events at the time of their command instead of now. Only `roster dev` uses it, for the demo.
    ///
    /// An event is never recorded before the last one in the feed, and never in the future: a history that exists cannot be added to.
    #[must_use]
    pub fn backdating(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            cursors: self.cursors.clone(),
            recording_clock: RecordingClock::Command,
            last_horizon: LastHorizon::default(),
            reports: Reports::default(),
        }
    }

    /// What seals the cursors that clients are given.
    #[must_use]
    pub const fn cursors(&self) -> &Cursors {
        &self.cursors
    }
}
