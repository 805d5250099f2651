//! Where an event comes from.

use chrono::{DateTime, Utc};
use domain::AccountId;
use event_store::RecordedEvent;
use uuid::Uuid;

use crate::{Reason, decided_at};

/// A position in the history of a user. Commands know it before their events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// `Cursor::transaction`, or [`THIS_TRANSACTION`](crate::rows::THIS_TRANSACTION).
    pub(crate) transaction: i64,
    /// Which of the user's events in this transaction it is, from 1 on.
    pub(crate) rank: i32,
}

/// What a fold needs to know of an event besides what happened: its account, its stream, its number there, the clock of its decision, and
/// its position in the history of the user whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) account_id: AccountId,
    /// The id of the stream, which is the id of the user, session, key or account.
    pub(crate) stream_id: Uuid,
    pub(crate) sequence: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) mark: Mark,
}

impl Origin {
    /// The origin of a recorded event, of this rank.
    ///
    /// # Errors
    /// When its stream is not named by an id.
    pub(crate) fn of(event: &RecordedEvent, rank: i32) -> Result<Self, Reason> {
        let stream_id = event.aggregate_id.parse().map_err(|_| Reason::InvalidStreamId)?;
        let mark = Mark { transaction: event.cursor.transaction(), rank };
        Ok(Self { account_id: event.account_id, stream_id, sequence: event.sequence, at: decided_at(event), mark })
    }
}
