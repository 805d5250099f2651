//! Where an event comes from.

use chrono::{DateTime, Utc};
use domain::AccountId;
use event_store::RecordedEvent;
use uuid::Uuid;

use crate::{Reason, decided_at};

/// What a fold needs to know of an event besides what happened: its account, its stream, its number there, and the clock of its decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) account_id: AccountId,
    /// The id of the stream, which is the id of the user, session, key or account.
    pub(crate) stream_id: Uuid,
    pub(crate) sequence: i64,
    pub(crate) at: DateTime<Utc>,
}

impl Origin {
    /// The origin of a recorded event.
    ///
    /// # Errors
    /// When its stream is not named by an id.
    pub(crate) fn of(event: &RecordedEvent) -> Result<Self, Reason> {
        let stream_id = event.aggregate_id.parse().map_err(|_| Reason::InvalidStreamId)?;
        Ok(Self { account_id: event.account_id, stream_id, sequence: event.sequence, at: decided_at(event) })
    }
}
