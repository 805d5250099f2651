//! Notes at which positions of the feed what time had come, and finds events that cannot be read.

use chrono::{DateTime, Utc};
use event_store::{Cursor, EventStore, Lock, RecordedEvent, retry_conflicts};
use sqlx::{PgConnection, PgPool};

use crate::origin::Origin;
use crate::{AnyEvent, Error, Reason, decided_at, unreadable};

/// How many events are read in one transaction.
const BATCH: u32 = 1000;
/// How many events a checkpoint spans at least, except the newest.
const SPAN: i64 = 1000;
/// No user was invited later, as long as it is not known when the last one was.
const FAR: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).expect("the end of the year 9999");

/// How far the checkpoints have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// Every event up to here has been read.
    pub until: Cursor,
    /// Whether there was nothing more to read.
    pub has_caught_up: bool,
}

/// The newest checkpoint.
struct Checkpoint {
    position: Cursor,
    recorded_until: DateTime<Utc>,
    decided_until: DateTime<Utc>,
    events: i64,
}

/// Reads the next events of the feed and writes their checkpoint, in one transaction. Any number of processes may do so: they take turns.
/// Nothing waits for it; with checkpoints, an instant is found sooner.
///
/// An event that cannot be read is recorded in the same transaction.
///
/// # Errors
/// When the database is lost.
pub async fn advance(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    retry_conflicts(|| advance_once(pool, store), Error::is_conflict).await
}

async fn advance_once(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    let mut transaction = pool.begin().await?;
    Lock::FeedCheckpoints.take(&mut transaction).await?;
    let last = find_checkpoint(&mut transaction).await?;
    let after = last.as_ref().map_or_else(Cursor::default, |last| last.position);
    let events = store.read_feed(&mut transaction, after, BATCH).await?;
    let Some(end) = events.last() else { return Ok(Advanced { until: after, has_caught_up: true }) };
    let until = end.cursor;
    let unreadable: Vec<_> = events.iter().filter_map(|event| Some(unreadable(event, reason_of(event)?))).collect();
    store.record_unreadable(&mut *transaction, &unreadable).await?;
    write_checkpoint(&mut transaction, last, &events, until).await?;
    transaction.commit().await?;
    for event in unreadable {
        store.report_unreadable(event);
    }
    Ok(Advanced { until, has_caught_up: events.len() < BATCH as usize })
}

/// Why an event cannot be read.
fn reason_of(event: &RecordedEvent) -> Option<Reason> {
    AnyEvent::read(event).and_then(|_| Origin::of(event, 0)).err()
}

async fn find_checkpoint(connection: &mut PgConnection) -> Result<Option<Checkpoint>, Error> {
    let select = sqlx::query!("select place, recorded_until, decided_until, events from feed_checkpoints order by place desc limit 1");
    let Some(row) = select.fetch_optional(connection).await? else { return Ok(None) };
    let (recorded_until, decided_until, events) = (row.recorded_until, row.decided_until, row.events);
    Ok(Some(Checkpoint { position: Cursor::from_bytes(&row.place)?, recorded_until, decided_until, events }))
}

/// Moves the newest checkpoint, or starts another once it spans enough.
async fn write_checkpoint(
    connection: &mut PgConnection,
    last: Option<Checkpoint>,
    events: &[RecordedEvent],
    until: Cursor,
) -> Result<(), Error> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let recorded = events.iter().map(|event| event.recorded_at).chain(last.as_ref().map(|last| last.recorded_until)).max();
    let decided = events.iter().map(decided_at).chain(last.as_ref().map(|last| last.decided_until)).max();
    let moved = last.as_ref().filter(|last| last.events < SPAN);
    if let Some(moved) = moved {
        let position = moved.position.to_bytes();
        let delete = sqlx::query!("delete from feed_checkpoints where place = $1", position.as_slice());
        delete.execute(&mut *connection).await?;
    }
    let position = until.to_bytes();
    let insert = sqlx::query!(
        "insert into feed_checkpoints (place, recorded_until, decided_until, events) values ($1, $2, $3, $4)",
        position.as_slice(),
        recorded,
        decided,
        count + moved.map_or(0, |moved| moved.events),
    );
    insert.execute(connection).await?;
    Ok(())
}

/// A position before which no event was recorded later than an instant.
pub(super) async fn find_start(connection: &mut PgConnection, at: DateTime<Utc>) -> Result<Cursor, Error> {
    let before = sqlx::query_scalar!(
        "select place from feed_checkpoints where recorded_until <= $1 order by recorded_until desc, place desc limit 1",
        at
    );
    let before = before.fetch_optional(&mut *connection).await?;
    Ok(before.map_or_else(|| Ok(Cursor::default()), |position| Cursor::from_bytes(&position))?)
}

/// The instant of the last decision up to a position, by the first checkpoint at or behind it.
pub(super) async fn find_bound(connection: &mut PgConnection, position: Cursor) -> Result<DateTime<Utc>, sqlx::Error> {
    let position = position.to_bytes();
    let bound =
        sqlx::query_scalar!("select decided_until from feed_checkpoints where place >= $1 order by place limit 1", position.as_slice());
    Ok(bound.fetch_optional(connection).await?.unwrap_or(FAR))
}
