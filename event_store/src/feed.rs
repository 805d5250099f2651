//! All events of all accounts, in one order that agrees with cause and effect.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{Cursor, Error, EventStore, Unreadable};

/// An event as it was recorded, opened as far as its person has not been erased. An event that does not open never hides others: its
/// reader decides what to show of it.
#[derive(Clone, Debug)]
pub struct RecordedEvent {
    /// Its position in the feed.
    pub cursor: Cursor,
    /// The account that it belongs to.
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
    /// The person that it speaks of, if any: also once they were erased.
    pub person_id: Option<UserId>,
    /// What happened, or why it cannot be opened.
    pub payload: Result<Value, Unreadable>,
    /// Actor, request id, cause, and the clock of the decision.
    pub metadata: HashMap<String, String>,
    /// When the database recorded it.
    pub recorded_at: DateTime<Utc>,
}

/// An event in both of its forms: opened, and as the table holds it.
#[derive(Clone, Debug)]
pub struct StoredEvent {
    /// The event. Personal values of an erased person are `{"personal": null}` in it.
    pub opened: RecordedEvent,
    /// Its payload as it is stored: what is personal is sealed, whether or not it can still be opened.
    pub sealed: Value,
}

/// A part of the feed: the events after one position, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins, exclusive.
    pub after: Cursor,
    /// Where it ends, inclusive.
    pub until: Cursor,
}

/// What was read of a span.
#[derive(Clone, Debug)]
pub struct FeedPart {
    /// The events, in the order of the feed.
    pub events: Vec<RecordedEvent>,
    /// How far the span was read: its end, or the last event of a full page.
    pub until: Cursor,
}

/// A row of `events` with its person's key, as [`select_events`] and statements over [`EVENT_COLUMNS`] fill it.
#[derive(sqlx::FromRow)]
pub(crate) struct FeedRow {
    pub(crate) generation: i32,
    #[sqlx(rename = "xid!")]
    pub(crate) xid: String,
    pub(crate) position: i64,
    pub(crate) account_id: Uuid,
    pub(crate) aggregate_type: String,
    pub(crate) aggregate_id: String,
    pub(crate) sequence: i64,
    pub(crate) event_type: String,
    pub(crate) event_version: String,
    pub(crate) payload: Value,
    pub(crate) metadata: Value,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) person_id: Option<Uuid>,
    #[sqlx(rename = "wrapped_key?")]
    pub(crate) wrapped_key: Option<Vec<u8>>,
}

/// Gives the columns of [`FeedRow`], of `events e` and `person_keys k`, to a macro of this module, in front of its other arguments.
macro_rules! with_event_columns {
    ($macro:ident $($argument:tt)*) => {
        $crate::feed::$macro!(
            r#"
                e.generation, e.xid::text as "xid!", e.position, e.account_id, e.aggregate_type, e.aggregate_id, e.sequence,
                e.event_type, e.event_version, e.payload, e.metadata, e.recorded_at, e.person_id, k.wrapped_key as "wrapped_key?"
            "#
            $($argument)*
        )
    };
}
pub(crate) use with_event_columns;

macro_rules! columns_alone {
    ($columns:literal) => {
        $columns
    };
}
pub(crate) use columns_alone;

/// The columns of [`FeedRow`], for statements that are composed at run time.
pub(crate) const EVENT_COLUMNS: &str = with_event_columns!(columns_alone);

macro_rules! select_columns {
    ($columns:literal, $first:literal $(+ $rest:literal)* $(, $argument:expr)*) => {
        sqlx::query_as!(
            $crate::feed::FeedRow,
            "select "
                + $columns
                + " from events e left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id "
                + $first $(+ $rest)*
            $(, $argument)*
        )
    };
}
pub(crate) use select_columns;

/// `select … from events`, each with its person's key, and what follows.
macro_rules! select_events {
    ($first:literal $(+ $rest:literal)* $(, $argument:expr)* $(,)?) => {
        $crate::feed::with_event_columns!(select_columns, $first $(+ $rest)* $(, $argument)*)
    };
}
pub(crate) use select_events;

/// The events after a cursor (`$1`, `$2`, `$3`) whose position can no longer change, at most `$4`, with further conditions.
macro_rules! select_feed {
    ($conditions:literal, $after:expr, $limit:expr $(, $argument:expr)* $(,)?) => {
        select_events!(
            "where (e.generation, e.xid, e.position) > ($1, $2::text::xid8, $3) "
                + "and is_settled(e.generation, e.xid) "
                + $conditions
                + " order by e.generation, e.xid, e.position limit $4",
            $after.generation,
            $after.xid.to_string(),
            $after.position,
            i64::from($limit)
            $(, $argument)*
        )
    };
}

impl EventStore {
    /// The next events after a cursor, at most `limit`, of every account.
    ///
    /// Only those whose position can no longer change: an event appears once every transaction that
    /// began before its own has ended. So none is ever skipped, and a long transaction anywhere in
    /// the cluster holds this back.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the end.
    pub async fn read_feed(&self, connection: &mut PgConnection, after: Cursor, limit: u32) -> Result<Vec<RecordedEvent>, Error> {
        let rows = select_feed!("", after, limit).fetch_all(connection).await?;
        self.open_rows(rows)
    }

    /// The next part of a span: at most `limit` events are read, and those of these accounts are opened.
    pub async fn read_feed_part(
        &self,
        database: impl PgExecutor<'_>,
        span: Span,
        limit: u32,
        accounts: &HashSet<AccountId>,
    ) -> Result<FeedPart, Error> {
        let Span { after, until } = span;
        let rows = select_feed!(
            "and (e.generation, e.xid, e.position) <= ($5, $6::text::xid8, $7)",
            after,
            limit,
            until.generation,
            until.xid.to_string(),
            until.position,
        );
        let mut rows = rows.fetch_all(database).await?;
        let until = end_of_part(&rows, until, limit)?;
        rows.retain(|row| accounts.contains(&AccountId::new(row.account_id)));
        Ok(FeedPart { events: self.open_rows(rows)?, until })
    }

    /// The next part of a span, of one account: at most `limit` events.
    pub async fn read_account_feed(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        span: Span,
        limit: u32,
    ) -> Result<FeedPart, Error> {
        let Span { after, until } = span;
        let rows = select_feed!(
            "and (e.generation, e.xid, e.position) <= ($5, $6::text::xid8, $7) and e.account_id = $8",
            after,
            limit,
            until.generation,
            until.xid.to_string(),
            until.position,
            account_id.uuid(),
        );
        let rows = rows.fetch_all(database).await?;
        let until = end_of_part(&rows, until, limit)?;
        Ok(FeedPart { events: self.open_rows(rows)?, until })
    }

    /// The horizon: every event up to this cursor can be read. Every event that appears later comes after it.
    pub async fn feed_end(&self, database: impl PgExecutor<'_>) -> Result<Cursor, Error> {
        let select =
            sqlx::query!(r#"select current_generation() as "generation!", pg_snapshot_xmin(pg_current_snapshot())::text as "xid!""#);
        let row = select.fetch_one(database).await?;
        // Positions begin with 1, so this is before every event of the oldest running transaction.
        Ok(Cursor { generation: row.generation, xid: parse_xid(&row.xid, &"the horizon")?, position: 0 })
    }
}

fn end_of_part(rows: &[FeedRow], end: Cursor, limit: u32) -> Result<Cursor, Error> {
    match rows.last() {
        Some(last) if rows.len() >= limit as usize => {
            Ok(Cursor { generation: last.generation, xid: parse_xid(&last.xid, &"the feed")?, position: last.position })
        }
        _ => Ok(end),
    }
}

pub(crate) fn parse_xid(text: &str, data: &dyn fmt::Display) -> Result<u64, Error> {
    text.parse().map_err(|_| Error::DoesNotOpen { what: data.to_string() })
}
