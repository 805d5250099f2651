//! Brings the versions of users up to the feed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::delivery::DeliveryEvent;
use domain::session::SessionEvent;
use domain::{AccountId, UserId};
use event_store::{Cursor, EventStore, Lock, RecordedEvent, UnreadableEvent, retry_conflicts};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::versions::{Version, VersionRow, insert_versions, place_of};
use crate::users::fold::FoldedUser;
use crate::{AnyEvent, Error, Reason, decided_at, unreadable};

/// How many events are read in one transaction.
const BATCH: u32 = 1000;
/// How many events a checkpoint spans at least, but for the newest.
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
    place: Cursor,
    recorded_until: DateTime<Utc>,
    decided_until: DateTime<Utc>,
    events: i64,
}

/// Reads the next events of the feed and writes the versions that they make, in one transaction. Any number of processes may do so: they
/// take turns.
///
/// An event that cannot be read makes no version. It is remembered in the same transaction, and its user's versions are written again
/// when a process can read it ([`reread`](super::reread())).
///
/// # Errors
/// When the database is lost.
pub async fn advance(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    retry_conflicts(|| advance_once(pool, store), Error::is_conflict).await
}

async fn advance_once(pool: &PgPool, store: &EventStore) -> Result<Advanced, Error> {
    let mut transaction = pool.begin().await?;
    Lock::UserVersions.take(&mut transaction).await?;
    let last = find_checkpoint(&mut transaction).await?;
    let after = last.as_ref().map_or_else(Cursor::default, |last| last.place);
    let events = store.read_feed(&mut transaction, after, BATCH).await?;
    let Some(end) = events.last() else { return Ok(Advanced { until: after, has_caught_up: true }) };
    let until = end.cursor;
    let unreadable = write_versions(&mut transaction, store, &events).await?;
    store.record_unreadable(&mut transaction, &unreadable).await?;
    write_checkpoint(&mut transaction, last, &events, until).await?;
    transaction.commit().await?;
    for event in unreadable {
        store.report_unreadable(event);
    }
    Ok(Advanced { until, has_caught_up: events.len() < BATCH as usize })
}

/// The place up to which every event has its versions.
pub(crate) async fn find_end(connection: &mut PgConnection) -> Result<Cursor, Error> {
    Ok(find_checkpoint(connection).await?.map_or_else(Cursor::default, |checkpoint| checkpoint.place))
}

async fn find_checkpoint(connection: &mut PgConnection) -> Result<Option<Checkpoint>, Error> {
    let select = sqlx::query!("select place, recorded_until, decided_until, events from feed_checkpoints order by place desc limit 1");
    let Some(row) = select.fetch_optional(connection).await? else { return Ok(None) };
    let (recorded_until, decided_until, events) = (row.recorded_until, row.decided_until, row.events);
    Ok(Some(Checkpoint { place: place_of(&row.place)?, recorded_until, decided_until, events }))
}

/// Moves the newest checkpoint, or begins another once it spans enough.
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
        let place = moved.place.to_bytes();
        let delete = sqlx::query!("delete from feed_checkpoints where place = $1", place.as_slice());
        delete.execute(&mut *connection).await?;
    }
    let place = until.to_bytes();
    let insert = sqlx::query!(
        "insert into feed_checkpoints (place, recorded_until, decided_until, events) values ($1, $2, $3, $4)",
        place.as_slice(),
        recorded,
        decided,
        count + moved.map_or(0, |moved| moved.events),
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Writes the versions that events make. Answers the events that could not be read.
async fn write_versions(
    connection: &mut PgConnection,
    store: &EventStore,
    events: &[RecordedEvent],
) -> Result<Vec<UnreadableEvent>, Error> {
    let (mut concerned, mut skipped, mut orphans) = (vec![], vec![], vec![]);
    for event in events {
        match AnyEvent::read(event).and_then(|happened| Ok((who(event, &happened)?, happened))) {
            Ok((Some(id), happened)) => concerned.push((event, happened, id)),
            Ok((None, _)) => {}
            Err(reason) => skipped.push(unreadable(event, reason)),
        }
    }
    let people: BTreeSet<_> = concerned.iter().map(|(event, _, id)| (event.account_id, *id)).collect();
    let mut newest = find_newest(connection, &people).await?;
    let mut made: Vec<Version> = vec![];
    // Which of those that were made before this batch end in it.
    let mut ended = vec![];
    let mut places: BTreeMap<UserId, usize> = BTreeMap::new();
    for (event, happened, id) in concerned {
        let user = match newest.remove(&id) {
            None => match FoldedUser::first(event, &happened, id) {
                Ok(user) => user,
                Err(reason) => {
                    orphans.push((id, unreadable(event, reason)));
                    continue;
                }
            },
            Some(mut version) => {
                if !version.user.apply(&happened, event.sequence, decided_at(event)) {
                    newest.insert(id, version);
                    continue;
                }
                match places.get(&id) {
                    Some(&place) => made[place].until = Some(event.cursor),
                    None => ended.push((event.account_id, id, version.from, event.cursor)),
                }
                version.user
            }
        };
        let version = Version { from: event.cursor, until: None, user };
        places.insert(id, made.len());
        newest.insert(id, version.clone());
        made.push(version);
    }
    end_versions(connection, &ended).await?;
    insert_versions(connection, &made).await?;
    for (id, orphan) in orphans {
        // What follows an invitation that cannot be read is no news. It is read again with the invitation.
        let is_known = skipped.iter().any(|known: &UnreadableEvent| known.user_id == Some(id));
        if !is_known && !store.has_recorded_unreadable(connection, orphan.account_id, id).await? {
            skipped.push(orphan);
        }
    }
    Ok(skipped)
}

impl FoldedUser {
    /// Begins a user with the first event that speaks of them.
    ///
    /// # Errors
    /// When it is not their invitation.
    pub(crate) fn first(event: &RecordedEvent, happened: &AnyEvent, id: UserId) -> Result<Self, Reason> {
        let begun = match happened {
            AnyEvent::User(own) => Self::begin(event.account_id, id, own, decided_at(event)),
            _ => None,
        };
        begun.ok_or(Reason::OutOfOrder)
    }
}

/// Whom an event speaks of, if it may change what readers see of them.
///
/// # Errors
/// When the stream of a user is not named by an id.
pub(crate) fn who(event: &RecordedEvent, happened: &AnyEvent) -> Result<Option<UserId>, Reason> {
    Ok(match happened {
        AnyEvent::User(_) => Some(event.aggregate_id.parse().map_err(|_| Reason::InvalidStreamId)?),
        AnyEvent::Session(SessionEvent::Started { user_id, .. })
        | AnyEvent::Delivery(DeliveryEvent::Sent { user_id, .. } | DeliveryEvent::Failed { user_id, .. }) => Some(*user_id),
        AnyEvent::Session(_) | AnyEvent::Account(_) | AnyEvent::ApiKey(_) | AnyEvent::ServiceKey(_) | AnyEvent::Export(_) => None,
    })
}

async fn find_newest(connection: &mut PgConnection, people: &BTreeSet<(AccountId, UserId)>) -> Result<BTreeMap<UserId, Version>, Error> {
    let (accounts, ids): (Vec<Uuid>, Vec<Uuid>) = people.iter().map(|(account, id)| (account.uuid(), id.uuid())).unzip();
    let rows = sqlx::query_as!(
        VersionRow,
        r#"
        select
            v.from_place, v.until_place, v.sessions_valid_from, v.account_id, v.id, v.version, v.email, v.email_normalised, v.name, v.role,
            v.status, v.auth_methods, v.created_at, v.last_active_at, v.invitation_id, v.invitation_sent_at, v.invitation_expires_at,
            v.delivery_state, v.delivery_at, v.delivery_attempts, v.delivery_detail, v.erased_at
        from unnest($1::uuid[], $2::uuid[]) as p (account_id, id)
        cross join lateral (
            select * from user_versions u where u.account_id = p.account_id and u.id = p.id order by u.from_place desc limit 1
        ) v
        "#,
        &accounts,
        &ids,
    );
    let rows = rows.fetch_all(connection).await?;
    rows.into_iter().map(|row| Version::try_from(row).map(|version| (version.user.view.id, version))).collect()
}

async fn end_versions(connection: &mut PgConnection, ended: &[(AccountId, UserId, Cursor, Cursor)]) -> Result<(), sqlx::Error> {
    let accounts: Vec<Uuid> = ended.iter().map(|(account, ..)| account.uuid()).collect();
    let ids: Vec<Uuid> = ended.iter().map(|(_, id, ..)| id.uuid()).collect();
    let from: Vec<Vec<u8>> = ended.iter().map(|(_, _, from, _)| from.to_bytes().to_vec()).collect();
    let until: Vec<Vec<u8>> = ended.iter().map(|(.., until)| until.to_bytes().to_vec()).collect();
    let update = sqlx::query!(
        r#"
        update user_versions v set until_place = e.until_place
        from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) as e (account_id, id, from_place, until_place)
        where v.account_id = e.account_id and v.id = e.id and v.from_place = e.from_place
        "#,
        &accounts,
        &ids,
        &from,
        &until,
    );
    update.execute(connection).await?;
    Ok(())
}
