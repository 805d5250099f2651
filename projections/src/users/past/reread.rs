//! Adds to the past what could not be read before: after an upgrade, or when a missing master key is given.

use domain::UserId;
use event_store::{Cursor, EventStore, Lock, RecordedEvent};
use sqlx::{Connection, PgConnection, PgPool};

use super::advance::find_end;
use super::versions::{delete_versions, write_versions};
use crate::origin::Origin;
use crate::rebuild::versions_of;
use crate::users::concerned_user;
use crate::{AnyEvent, Error};

/// How many events are read again at once.
const BATCH: u32 = 100;

/// Reads the next events that were unreadable, after a cursor. For those that this process can read, the versions of their user are
/// written again from all of that user's events. Returns the cursor to go on from; `None` after the last one.
///
/// So a version that an older process wrote without an event of a newer one lasts only until a newer process comes by.
pub async fn reread(pool: &PgPool, store: &EventStore, after: Cursor) -> Result<Option<Cursor>, Error> {
    let mut connection = pool.acquire().await?;
    let events = store.read_recorded_unreadable(&mut connection, after, BATCH).await?;
    for event in &events {
        if let Ok(happened) = AnyEvent::read(event) {
            let user_id = Origin::of(event).ok().and_then(|origin| concerned_user(&origin, &happened));
            write_again(&mut connection, store, event, user_id).await?;
        }
    }
    Ok(events.last().filter(|_| events.len() == BATCH as usize).map(|last| last.cursor))
}

async fn write_again(connection: &mut PgConnection, store: &EventStore, event: &RecordedEvent, user: Option<UserId>) -> Result<(), Error> {
    let mut transaction = connection.begin().await?;
    Lock::UserVersions.take(&mut transaction).await?;
    let is_whole = match user {
        Some(id) => write_user(&mut transaction, store, event, id).await?,
        None => true,
    };
    if is_whole {
        store.delete_unreadable(&mut transaction, event.account_id, event.cursor).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Writes the versions of a user again. Returns `false`, and leaves them, when this event still cannot be applied.
async fn write_user(connection: &mut PgConnection, store: &EventStore, event: &RecordedEvent, id: UserId) -> Result<bool, Error> {
    let account_id = event.account_id;
    let until = find_end(connection).await?;
    let (versions, unreadable) = versions_of(store, connection, account_id, id, until).await?;
    if unreadable.contains(&event.cursor) {
        return Ok(false);
    }
    delete_versions(connection, &[(account_id, id)]).await?;
    write_versions(connection, &versions).await?;
    Ok(true)
}
