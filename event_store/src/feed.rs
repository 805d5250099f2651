//! All events of all accounts, in one order that agrees with cause and effect.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::sealing::{Place, open};
use crate::{Error, EventStore, Person};

/// A place in the feed: after everything up to it, before everything else. Opaque outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    generation: i32,
    xid: u64,
    position: i64,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of the feed")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.generation, self.xid, self.position)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(InvalidCursor);
        let (generation, xid, position) = (part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(InvalidCursor);
        }
        Ok(Self {
            generation: generation.parse().map_err(|_| InvalidCursor)?,
            xid: xid.parse().map_err(|_| InvalidCursor)?,
            position: position.parse().map_err(|_| InvalidCursor)?,
        })
    }
}

/// An event as it was recorded, opened as far as its person has not been erased.
#[derive(Clone, Debug)]
pub struct RecordedEvent {
    /// Where the feed goes on after it.
    pub cursor: Cursor,
    /// The account that it happened in.
    pub account_id: AccountId,
    /// The kind of its stream, such as `user`.
    pub aggregate_type: String,
    /// The id of its stream.
    pub aggregate_id: String,
    /// Which event of its stream, from 1.
    pub sequence: i64,
    /// The name of the event, such as `Invited`.
    pub event_type: String,
    /// The version of its shape.
    pub event_version: String,
    /// What happened.
    pub payload: Value,
    /// Actor, request id, cause, and the clock of the decision.
    pub metadata: HashMap<String, String>,
    /// When the database recorded it.
    pub recorded_at: DateTime<Utc>,
}

impl EventStore {
    /// The next events after a cursor, at most `limit`, of every account.
    ///
    /// Only those whose place can no longer change: an event appears once every transaction that
    /// began before its own has ended. So none is ever skipped, and a long transaction anywhere in
    /// the cluster holds this back.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the end.
    pub async fn read_feed(&self, connection: &mut PgConnection, after: Cursor, limit: u32) -> Result<Vec<RecordedEvent>, Error> {
        let rows = sqlx::query!(
            r#"
            select
                e.generation, e.xid::text as "xid!", e.position, e.account_id, e.aggregate_type, e.aggregate_id, e.sequence,
                e.event_type, e.event_version, e.payload, e.metadata as "metadata: sqlx::types::Json<HashMap<String, String>>",
                e.recorded_at, e.person_id, k.wrapped_key as "wrapped_key?"
            from events e
            left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
            where (e.generation, e.xid, e.position) > ($1, $2::text::xid8, $3)
                and (e.generation < current_generation() or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
            order by e.generation, e.xid, e.position
            limit $4
            "#,
            after.generation,
            after.xid.to_string(),
            after.position,
            i64::from(limit),
        );
        let rows = rows.fetch_all(connection).await?;
        let mut persons: HashMap<Uuid, Person> = HashMap::new();
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let account_id = AccountId::new(row.account_id);
            let mut payload = row.payload;
            let place = Place { account_id, aggregate_type: &row.aggregate_type, aggregate_id: &row.aggregate_id, sequence: row.sequence };
            let key = match (row.person_id, row.wrapped_key) {
                (Some(id), Some(wrapped)) => {
                    if let std::collections::hash_map::Entry::Vacant(entry) = persons.entry(id) {
                        entry.insert(self.keys.unwrap(account_id, UserId::new(id), &wrapped)?);
                    }
                    persons.get(&id).map(|person| &person.key)
                }
                _ => None,
            };
            open(&mut payload, key, place)?;
            events.push(RecordedEvent {
                cursor: Cursor {
                    generation: row.generation,
                    xid: row.xid.parse().map_err(|_| Error::DoesNotOpen { place: place.to_string() })?,
                    position: row.position,
                },
                account_id,
                sequence: row.sequence,
                event_type: row.event_type,
                event_version: row.event_version,
                payload,
                metadata: row.metadata.0,
                recorded_at: row.recorded_at,
                aggregate_type: row.aggregate_type,
                aggregate_id: row.aggregate_id,
            });
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_others_are_refused() {
        let cursor = Cursor { generation: 2, xid: u64::MAX, position: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.-2.3"] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
