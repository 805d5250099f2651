//! A stream that two readers do not read the same.

use std::fmt;

use domain::AccountId;

/// A stream that the readers do not agree on. It holds nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamDifference {
    /// The account of its first event.
    pub account_id: AccountId,
    /// The kind of the stream, such as `user`.
    pub kind: String,
    /// The id of the stream.
    pub id: String,
    /// What is wrong.
    pub problem: StreamProblem,
}

/// What is wrong with a stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamProblem {
    /// The number of the last event is not the number of events, or one reader misses events.
    #[error("has version {ours} by Roster and version {theirs} by postgres-es")]
    Version {
        /// What commands load.
        ours: u64,
        /// The number of the last event.
        theirs: u64,
    },
    /// Both have the same version and another state.
    #[error("has another state by cqrs-es than by Roster")]
    State,
    /// Roster cannot read it. No command can change such a stream.
    #[error("cannot be read by Roster: {0}")]
    UnreadableByRoster(String),
    /// The second reader cannot read it.
    #[error("cannot be read by postgres-es and cqrs-es: an event is damaged, or of another kind of stream")]
    UnreadableBySecondReader,
    /// The id of the stream is not an id.
    #[error("has an id that is not one")]
    InvalidId,
    /// This Roster has no such kind of stream.
    #[error("is of a kind that this Roster does not know")]
    UnknownKind,
}

impl fmt::Display for StreamDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of account {} {}", self.kind, self.id, self.account_id, self.problem)
    }
}
