//! What can go wrong in the store.

use crate::KeyId;

/// A fault of the event store. Rules that refuse a command are in `domain`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another transaction appended to the stream since it was loaded. Deciding again may succeed.
    #[error("the stream has moved on since it was loaded")]
    Conflict,
    /// The database refused or was lost. A constraint other than the stream's own is found inside.
    #[error("the database could not answer")]
    Database(#[source] sqlx::Error),
    /// An event of a stream was damaged, or a newer Roster wrote it. No command can be decided on this stream.
    #[error("event {sequence} of {stream} cannot be read: {reason}")]
    Unreadable {
        /// The aggregate's type and id.
        stream: String,
        /// Which event of the stream, from 1.
        sequence: i64,
        /// Why. It holds nothing personal; the message of a parser could.
        reason: &'static str,
    },
    /// A sealed value or a wrapped key does not open: it was changed, moved, or the master key is
    /// another one.
    #[error("a sealed value of {what} does not open: it was changed, or the master key is another one")]
    DoesNotOpen {
        /// The stream and field, or the person whose key it is.
        what: String,
    },
    /// The keys of some persons are wrapped by a master key that is not among the given ones.
    #[error(
        "the keys of some persons are wrapped by the master key {missing}, which is not given (given: {}): add it behind the current one",
        join(given)
    )]
    MasterKeyMissing {
        /// Its name.
        missing: KeyId,
        /// The names of the given ones, the current one first.
        given: Vec<KeyId>,
    },
    /// An event holds a personal value, but no person was given whose key could seal it.
    #[error("{what} is personal, but no person was given whose key could seal it")]
    PersonMissing {
        /// The stream and field.
        what: String,
    },
    /// The second reader of the events could not answer.
    #[error("postgres-es could not read the events")]
    SecondReader(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Through cqrs-es, streams are only read.
    #[error("this repository only reads: events are appended by commands")]
    ReadOnly,
    /// Through cqrs-es, streams are read one by one.
    #[error("this repository reads one stream at a time: read the feed for the events of all")]
    OneStreamAtATime,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness(#[from] getrandom::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|database| database.constraint());
        if constraint == Some("events_pkey") { Self::Conflict } else { Self::Database(error) }
    }
}

fn join(ids: &[KeyId]) -> String {
    ids.iter().map(KeyId::to_string).collect::<Vec<_>>().join(", ")
}
