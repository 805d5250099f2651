//! Everything that happened in one account, in pages, from either end.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::feed::{FeedRow, select_events};
use crate::{Cursor, Error, EventStore, RecordedEvent, StoredEvent};

/// Which events are listed. Every part narrows; parts that are absent do not.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Recorded from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Recorded before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Done by one of these actors, as metadata names them.
    pub actors: Option<Vec<String>>,
    /// Speaking of this person.
    pub subject: Option<UserId>,
    /// Of these kinds of streams and events, such as `user/Invited`, by the names that they are stored under.
    pub kinds: Option<Vec<String>>,
    /// Unreadable ones, beside those of `kinds`: what is of none of these kinds and versions, such as `user/Invited/1`, and what
    /// [`record_unreadable`](EventStore::record_unreadable) was told.
    pub unreadable: Option<Vec<String>>,
}

/// A part of the list: from which place on, in which direction, at most how many.
#[derive(Clone, Copy, Debug)]
pub struct LogPage {
    /// The place that it comes after, in its direction.
    pub after: Option<Cursor>,
    /// Whether the newest come first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: u32,
}

/// One direction through the events of an account that can no longer change their place.
macro_rules! select_log {
    ($comparison:literal, $order:literal, $account:expr, $filter:expr, $page:expr) => {{
        let place = $page.after;
        select_events!(
            "where e.account_id = $1 "
                + "and (e.generation < current_generation() or e.xid < pg_snapshot_xmin(pg_current_snapshot())) "
                + "and ($2::integer is null or (e.generation, e.xid, e.position) "
                + $comparison
                + " ($2, $3::text::xid8, $4::bigint)) "
                + "and ($5::timestamptz is null or e.recorded_at >= $5) and ($6::timestamptz is null or e.recorded_at < $6) "
                + "and ($7::text[] is null or e.metadata ->> 'actor' = any($7)) and ($8::uuid is null or e.person_id = $8) "
                + "and (($9::text[] is null and $11::text[] is null) or e.aggregate_type || '/' || e.event_type = any($9) "
                + "or e.aggregate_type || '/' || e.event_type || '/' || e.event_version <> all($11) "
                + "or ($11 is not null and exists (select from unreadable_events u where u.account_id = e.account_id "
                + "and u.generation = e.generation and u.xid = e.xid and u.position = e.position))) "
                + $order
                + " limit $10",
            $account.uuid(),
            place.map(|place| place.generation),
            place.map(|place| place.xid.to_string()),
            place.map(|place| place.position),
            $filter.from,
            $filter.before,
            $filter.actors.as_deref(),
            $filter.subject.map(UserId::uuid) as Option<Uuid>,
            $filter.kinds.as_deref(),
            i64::from($page.limit),
            $filter.unreadable.as_deref(),
        )
    }};
}

impl EventStore {
    /// A page of what happened in an account, of every kind of stream.
    ///
    /// # Errors
    /// When the database is lost at any moment: a part is never taken for the whole.
    pub async fn read_log(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<RecordedEvent>, Error> {
        self.open_rows(log_rows(connection, account_id, filter, page).await?)
    }

    /// The same page, each event also as it is stored.
    ///
    /// # Errors
    /// When the database is lost at any moment.
    pub async fn read_stored_log(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<StoredEvent>, Error> {
        self.open_stored_rows(log_rows(connection, account_id, filter, page).await?)
    }

    /// An event of an account by its stream and its number there, if it can be read by now.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn find_event(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        aggregate_id: &str,
        sequence: i64,
    ) -> Result<Option<RecordedEvent>, Error> {
        // The kinds of streams are few, and each is found by one step in the index: so the event is, too.
        let rows = select_events!(
            "where e.account_id = $1 and e.aggregate_id = $2 and e.sequence = $3 "
                + "and (e.generation < current_generation() or e.xid < pg_snapshot_xmin(pg_current_snapshot())) "
                + "and e.aggregate_type = any(array("
                + "with recursive kinds as ("
                + "(select aggregate_type from events order by aggregate_type limit 1) "
                + "union all "
                + "select (select n.aggregate_type from events n where n.aggregate_type > kinds.aggregate_type order by n.aggregate_type limit 1) "
                + "from kinds where kinds.aggregate_type is not null"
                + ") select aggregate_type from kinds where aggregate_type is not null))",
            account_id.uuid(),
            aggregate_id,
            sequence,
        );
        Ok(self.open_rows(rows.fetch_all(connection).await?)?.pop())
    }

    /// How many events of an account a filter lets through.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn count_log(&self, connection: &mut PgConnection, account_id: AccountId, filter: &LogFilter) -> Result<u64, Error> {
        let count = sqlx::query_scalar!(
            r#"
            select count(*) as "count!"
            from events e
            where e.account_id = $1
                and (e.generation < current_generation() or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
                and ($2::timestamptz is null or e.recorded_at >= $2) and ($3::timestamptz is null or e.recorded_at < $3)
                and ($4::text[] is null or e.metadata ->> 'actor' = any($4)) and ($5::uuid is null or e.person_id = $5)
                and (
                    ($6::text[] is null and $7::text[] is null)
                    or e.aggregate_type || '/' || e.event_type = any($6)
                    or e.aggregate_type || '/' || e.event_type || '/' || e.event_version <> all($7)
                    or ($7 is not null and exists (
                        select from unreadable_events u
                        where u.account_id = e.account_id and u.generation = e.generation and u.xid = e.xid and u.position = e.position
                    ))
                )
            "#,
            account_id.uuid(),
            filter.from,
            filter.before,
            filter.actors.as_deref(),
            filter.subject.map(UserId::uuid) as Option<Uuid>,
            filter.kinds.as_deref(),
            filter.unreadable.as_deref(),
        );
        Ok(count.fetch_one(connection).await?.unsigned_abs())
    }
}

async fn log_rows(
    connection: &mut PgConnection,
    account_id: AccountId,
    filter: &LogFilter,
    page: LogPage,
) -> Result<Vec<FeedRow>, sqlx::Error> {
    if page.newest_first {
        let rows = select_log!("<", "order by e.generation desc, e.xid desc, e.position desc", account_id, filter, page);
        rows.fetch_all(connection).await
    } else {
        select_log!(">", "order by e.generation, e.xid, e.position", account_id, filter, page).fetch_all(connection).await
    }
}
