//! The audit log of an account: its events in pages, in either direction, and how many match.
//!
//! The conditions are in `migrations/0310_operations.sql`; why, and why these statements are not prepared:
//! docs/decisions/0032-one-list.md.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgExecutor, Postgres};

use crate::feed::{EVENT_COLUMNS, FeedRow, select_events};
use crate::{Count, CountTo, Cursor, Error, EventStore, RecordedEvent, StoredEvent};

/// Which events are listed. An event must match every field. A field that is `None` matches every event.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Recorded from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Recorded before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Caused by one of these actors, as metadata names them.
    pub actors: Option<Vec<String>>,
    /// About this person.
    pub subject: Option<UserId>,
    /// Caused by this operation, as metadata names it.
    pub operation: Option<String>,
    /// Of these streams and events, such as `user/Invited`, by their stored names.
    pub kinds: Option<Vec<String>>,
    /// Unreadable events, in addition to those of `kinds`: events of none of these known versions, such as `user/Invited/1`, and events that
    /// [`record_unreadable`](EventStore::record_unreadable) has recorded.
    pub unreadable: Option<Vec<String>>,
}

/// A part of the list.
#[derive(Clone, Copy, Debug)]
pub struct LogPage {
    /// The cursor that the page comes after, in its direction.
    pub after: Option<Cursor>,
    /// Whether the newest events come first.
    pub newest_first: bool,
    /// The largest number of events.
    pub limit: u32,
}

/// What stands after `from` in a statement over the events that match.
const MATCHING_EVENTS: &str = "events_matching($1, recorded_from => $2, recorded_before => $3, actors => $4, subject => $5, kinds => $6, \
                               known_versions => $7, operation => $8)";

impl EventStore {
    /// A page of the events of an account, of every kind of stream. It contains only events that can no longer change their position.
    pub async fn read_log(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<RecordedEvent>, Error> {
        self.open_rows(log_rows(database, account_id, filter, page).await?)
    }

    /// The same page, each event also in its stored form.
    pub async fn read_stored_log(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        filter: &LogFilter,
        page: LogPage,
    ) -> Result<Vec<StoredEvent>, Error> {
        self.open_stored_rows(log_rows(database, account_id, filter, page).await?)
    }

    /// How many events of an account match.
    pub async fn count_log(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        filter: &LogFilter,
        to: CountTo,
    ) -> Result<Count, Error> {
        let statement = to.statement(MATCHING_EVENTS);
        let (rows,): (i64,) = select_matching(&statement, account_id, filter).fetch_one(database).await?;
        Ok(to.count(rows))
    }

    /// An event of an account by its stream and its number there, once it can no longer change its position.
    pub async fn find_event(
        &self,
        database: impl PgExecutor<'_>,
        account_id: AccountId,
        aggregate_id: &str,
        sequence: i64,
    ) -> Result<Option<RecordedEvent>, Error> {
        // There are few kinds of streams. The recursion finds each by one step in the index, and so the event.
        let rows = select_events!(
            "where e.account_id = $1 and e.aggregate_id = $2 and e.sequence = $3 "
                + "and is_settled(e.generation, e.xid) "
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
        Ok(self.open_rows(rows.fetch_all(database).await?)?.pop())
    }
}

async fn log_rows(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &LogFilter,
    page: LogPage,
) -> Result<Vec<FeedRow>, sqlx::Error> {
    let (comparison, direction) = if page.newest_first { ("<", "desc") } else { (">", "asc") };
    let statement = format!(
        "select {EVENT_COLUMNS}
        from {MATCHING_EVENTS} e
        left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
        where $9::integer is null or (e.generation, e.xid, e.position) {comparison} ($9, $10::text::xid8, $11)
        order by e.generation {direction}, e.xid {direction}, e.position {direction}
        limit $12"
    );
    select_matching(&statement, account_id, filter)
        .bind(page.after.map(|cursor| cursor.generation))
        .bind(page.after.map(|cursor| cursor.xid.to_string()))
        .bind(page.after.map(|cursor| cursor.position))
        .bind(i64::from(page.limit))
        .fetch_all(database)
        .await
}

/// A statement over [`MATCHING_EVENTS`]. Its own parameters begin with `$9`.
fn select_matching<'q, Row: for<'r> FromRow<'r, PgRow>>(
    statement: &'q str,
    account_id: AccountId,
    filter: &LogFilter,
) -> QueryAs<'q, Postgres, Row, PgArguments> {
    sqlx::query_as(statement)
        // Postgres plans an unnamed statement for its values: parts of the filter that are null cost nothing.
        .persistent(false)
        .bind(account_id.uuid())
        .bind(filter.from)
        .bind(filter.before)
        .bind(filter.actors.clone())
        .bind(filter.subject.map(UserId::uuid))
        .bind(filter.kinds.clone())
        .bind(filter.unreadable.clone())
        .bind(filter.operation.clone())
}
