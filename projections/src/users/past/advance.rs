//! Brings the versions of users up to the feed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use event_store::{Cursor, EventStore, Lock, RecordedEvent, UnreadableEvent, retry_conflicts};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::versions::{Version, position_of, write_versions};
use crate::origin::Origin;
use crate::users::concerned_user;
use crate::users::row::{UserRow, select_versions};
use crate::{AnyEvent, Error, decided_at, unreadable};

/// How many events are read in one transaction.
const BATCH: u32 = 1000;
/// How many events a checkpoint spans at least, except the newest.
const SPAN: i64 = 1000;

/// How far the versions have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// Every event up to here has its versions.
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

/// Reads the next events of the feed and writes the versions that they make, in one transaction. Any number of processes may do so: they
/// take turns.
///
/// An event that cannot be read makes no version. It is recorded in the same transaction, and its user's versions are written again
/// when a process can read it ([`reread`](super::reread())).
pub async fn advance(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    retry_conflicts(|| advance_once(pool, store), Error::is_conflict).await
}

async fn advance_once(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    let mut transaction = pool.begin().await?;
    Lock::UserVersions.take(&mut transaction).await?;
    let last = find_checkpoint(&mut transaction).await?;
    let after = last.as_ref().map_or_else(Cursor::default, |last| last.position);
    let events = store.read_feed(&mut transaction, after, BATCH).await?;
    let Some(end) = events.last() else { return Ok(Advanced { until: after, has_caught_up: true }) };
    let until = end.cursor;
    let unreadable = write_versions_of(&mut transaction, store, &events).await?;
    store.record_unreadable(&mut *transaction, &unreadable).await?;
    write_checkpoint(&mut transaction, last, &events, until).await?;
    transaction.commit().await?;
    for event in unreadable {
        store.report_unreadable(event);
    }
    Ok(Advanced { until, has_caught_up: events.len() < BATCH as usize })
}

/// The position up to which every event has its versions.
pub(crate) async fn find_end(connection: &mut PgConnection) -> Result<Cursor, Error> {
    Ok(find_checkpoint(connection).await?.map_or_else(Cursor::default, |checkpoint| checkpoint.position))
}

async fn find_checkpoint(connection: &mut PgConnection) -> Result<Option<Checkpoint>, Error> {
    let select = sqlx::query!("select place, recorded_until, decided_until, events from feed_checkpoints order by place desc limit 1");
    let Some(row) = select.fetch_optional(connection).await? else { return Ok(None) };
    let (recorded_until, decided_until, events) = (row.recorded_until, row.decided_until, row.events);
    Ok(Some(Checkpoint { position: position_of(&row.place)?, recorded_until, decided_until, events }))
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

/// Writes the versions that events make. Returns the events that could not be read.
async fn write_versions_of(
    connection: &mut PgConnection,
    store: &EventStore,
    events: &[RecordedEvent],
) -> Result<Vec<UnreadableEvent>, Error> {
    let (mut concerning, mut skipped, mut orphans) = (vec![], vec![], vec![]);
    for event in events {
        match AnyEvent::read(event).and_then(|happened| Ok((Origin::of(event)?, happened))) {
            Ok((origin, happened)) => {
                let user_id = concerned_user(&origin, &happened);
                concerning.extend(user_id.map(|id| (id, event, origin, happened)));
            }
            Err(reason) => skipped.push(unreadable(event, reason)),
        }
    }
    let people: BTreeSet<_> = concerning.iter().map(|(id, event, ..)| (event.account_id, *id)).collect();
    let mut newest = find_newest(connection, &people).await?;
    let (mut ended, mut started) = (vec![], BTreeSet::new());
    for (id, event, origin, happened) in concerning {
        let last = newest.remove(&id);
        let mut user = last.as_ref().map(|last| last.user.clone());
        match UserRow::apply(&mut user, &origin, &happened) {
            Ok(true) => {
                ended.extend(last.map(|last| Version { until: Some(event.cursor), ..last }));
                newest.extend(user.map(|user| (id, Version { from: event.cursor, until: None, user })));
                started.insert(id);
            }
            Ok(false) => newest.extend(last.map(|last| (id, last))),
            Err(reason) => orphans.push((id, unreadable(event, reason))),
        }
    }
    let started = newest.iter().filter(|(id, _)| started.contains(*id)).map(|(_, version)| version);
    write_versions(connection, ended.iter().chain(started)).await?;
    for (id, orphan) in orphans {
        // What follows an invitation that cannot be read is not reported. It is read again with the invitation.
        let is_known = skipped.iter().any(|known: &UnreadableEvent| known.user_id == Some(id));
        if !is_known && !store.has_recorded_unreadable(connection, orphan.account_id, id).await? {
            skipped.push(orphan);
        }
    }
    Ok(skipped)
}

async fn find_newest(connection: &mut PgConnection, people: &BTreeSet<(AccountId, UserId)>) -> Result<BTreeMap<UserId, Version>, Error> {
    let (accounts, ids): (Vec<Uuid>, Vec<Uuid>) = people.iter().map(|(account, id)| (account.uuid(), id.uuid())).unzip();
    let rows = select_versions!(
        r#"
        from unnest($1::uuid[], $2::uuid[]) as p (of_account, of_user)
        cross join lateral (
            select * from user_versions where account_id = of_account and id = of_user order by from_place desc limit 1
        ) v
        "#,
        &accounts,
        &ids,
    );
    let rows = rows.fetch_all(connection).await?;
    rows.into_iter().map(|row| Version::try_from(row).map(|version| (UserId::new(version.user.id), version))).collect()
}
