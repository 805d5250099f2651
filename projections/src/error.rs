//! Why what readers see could not be computed.

use event_store::{InvalidCursor, UnreadableEvent};

/// Why what readers see could not be computed from events. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database was lost, or answered what it never should.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The events could not be read.
    #[error("the events could not be read")]
    Events(#[from] event_store::Error),
    /// There is an event that this Roster cannot read.
    #[error("{}, cannot be read: {}", .0.event, .0.reason)]
    Unreadable(UnreadableEvent),
    /// Events are missing or in a wrong order.
    #[error("history is not whole: {0}")]
    NotWhole(String),
}

impl Error {
    /// Whether another transaction came first, so that the same may succeed.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let (Self::Database(error) | Self::Events(event_store::Error::Database(error))) = self else { return false };
        event_store::is_conflict(error)
    }
}

impl From<InvalidCursor> for Error {
    fn from(error: InvalidCursor) -> Self {
        Self::NotWhole(error.to_string())
    }
}
