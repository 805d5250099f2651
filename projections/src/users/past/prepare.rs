//! Writes the past of users from their events: after an upgrade, or when an event becomes readable.

use domain::{AccountId, UserId};
use event_store::{Cursor, EventStore, Lock, RecordedEvent, Writes, retry_conflicts};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::rows::{delete_activity, delete_versions};
use crate::rebuild::fold_people;
use crate::rows::add_rows;
use crate::users::row::{ActivityRow, VersionRow};
use crate::{AnyEvent, Error};

/// How many users are written in one transaction.
const BATCH: i64 = 200;
/// Among how many users a process looks for some that no other one writes.
const CANDIDATES: i64 = 4000;
/// How many events are read again at once.
const REREAD: u32 = 100;

/// Since when someone is in the past of whom an event cannot be read: later than everything.
pub(crate) const NOT_IN_THE_PAST: i64 = i64::MAX;

/// Writes the past of some users who lack it, of one account or of any. Any number of processes may do so: each takes users that are not
/// locked, so they share the work, and what one does not finish is left to the others. Returns how many it has written.
///
/// # Errors
/// When the database is lost.
pub async fn prepare(pool: &PgPool, store: &EventStore, account_id: Option<AccountId>) -> Result<u64, Error> {
    retry_conflicts(|| prepare_once(pool, store, account_id), Error::is_conflict).await
}

async fn prepare_once(pool: &PgPool, store: &EventStore, account_id: Option<AccountId>) -> Result<u64, Error> {
    let mut transaction = pool.begin().await?;
    let lacking = sqlx::query!(
        "select account_id, id from users where lacks_past and ($1::uuid is null or account_id = $1) limit $2",
        account_id.map(AccountId::uuid),
        CANDIDATES,
    );
    let lacking: Vec<_> = lacking.fetch_all(&mut *transaction).await?;
    let ids: Vec<_> = lacking.iter().map(|row| UserId::new(row.id)).collect();
    let free = Lock::take_free_users(&mut transaction, &ids, BATCH).await?;
    let people: Vec<_> = lacking.iter().map(|row| (AccountId::new(row.account_id), UserId::new(row.id))).collect();
    let people: Vec<_> = people.into_iter().filter(|(_, id)| free.contains(id)).collect();
    if people.is_empty() {
        return Ok(0);
    }
    write_past(&mut transaction, store, &people).await?;
    transaction.commit().await?;
    Ok(people.len() as u64)
}

/// Writes the past of users whose locks are held. Nothing else of them changes. Those of whom an event cannot be read have no past until it
/// can.
async fn write_past(connection: &mut PgConnection, store: &EventStore, people: &[(AccountId, UserId)]) -> Result<(), Error> {
    let ids: Vec<Uuid> = people.iter().map(|(_, id)| id.uuid()).collect();
    delete_versions(connection, &ids).await?;
    delete_activity(connection, &ids).await?;
    let histories = fold_people(store.read_events_of_people(connection, people).await?);
    let known: Vec<_> = histories.into_values().filter(|history| history.unreadable.is_empty()).map(|history| history.person).collect();
    let mut writes = Writes::default();
    add_rows::<VersionRow>(&mut writes, &known.iter().flat_map(|person| &person.past.versions).collect::<Vec<_>>());
    add_rows::<ActivityRow>(&mut writes, &known.iter().flat_map(|person| &person.past.activity).collect::<Vec<_>>());
    writes.execute(connection).await?;
    let users: Vec<_> = known.iter().filter_map(|person| person.user.as_ref()).collect();
    let date = sqlx::query!(
        r#"
        update users u set
            since_transaction = coalesce(k.since_transaction, $8),
            since_rank = coalesce(k.since_rank, 0),
            active_transaction = k.active_transaction,
            active_rank = coalesce(k.active_rank, 0),
            delivered_transaction = k.delivered_transaction,
            delivered_rank = coalesce(k.delivered_rank, 0)
        from unnest($1::uuid[]) as p (id)
        left join unnest($2::uuid[], $3::bigint[], $4::integer[], $5::bigint[], $6::integer[], $7::bigint[], $9::integer[])
            as k (id, since_transaction, since_rank, active_transaction, active_rank, delivered_transaction, delivered_rank) on k.id = p.id
        where u.id = p.id
        "#,
        &ids,
        &users.iter().map(|user| user.id).collect::<Vec<_>>(),
        &users.iter().map(|user| user.since_transaction).collect::<Vec<_>>() as &[Option<i64>],
        &users.iter().map(|user| user.since_rank).collect::<Vec<_>>(),
        &users.iter().map(|user| user.active_transaction).collect::<Vec<_>>() as &[Option<i64>],
        &users.iter().map(|user| user.active_rank).collect::<Vec<_>>(),
        &users.iter().map(|user| user.delivered_transaction).collect::<Vec<_>>() as &[Option<i64>],
        NOT_IN_THE_PAST,
        &users.iter().map(|user| user.delivered_rank).collect::<Vec<_>>(),
    );
    date.execute(connection).await?;
    Ok(())
}

/// Whether everyone of an account has their past.
pub(super) async fn is_prepared(connection: &mut PgConnection, account_id: AccountId) -> Result<bool, sqlx::Error> {
    let lacks =
        sqlx::query_scalar!(r#"select exists (select from users where account_id = $1 and lacks_past) as "lacks!""#, account_id.uuid());
    Ok(!lacks.fetch_one(connection).await?)
}

/// Reads the next events that were unreadable, after a cursor. For those that this process can read, the past of their user is written
/// again. Returns the cursor to go on from; `None` after the last one.
///
/// # Errors
/// When the database is lost.
pub async fn reread(pool: &PgPool, store: &EventStore, after: Cursor) -> Result<Option<Cursor>, Error> {
    let events = store.read_recorded_unreadable(&mut *pool.acquire().await?, after, REREAD).await?;
    for event in events.iter().filter(|event| AnyEvent::read(event).is_ok()) {
        write_again(pool, store, event).await?;
    }
    Ok(events.last().filter(|_| events.len() == REREAD as usize).map(|last| last.cursor))
}

async fn write_again(pool: &PgPool, store: &EventStore, event: &RecordedEvent) -> Result<(), Error> {
    let mut transaction = pool.begin().await?;
    if let Some(id) = event.person_id {
        Lock::User { user_id: id }.take(&mut transaction).await?;
        write_past(&mut transaction, store, &[(event.account_id, id)]).await?;
    }
    store.delete_unreadable(&mut transaction, event.account_id, event.cursor).await?;
    Ok(transaction.commit().await?)
}
