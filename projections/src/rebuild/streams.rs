//! Accounts, service keys and saved views: rows with a stream each.

use domain::AccountId;
use event_store::{EventStore, Lock, RecordedEvent, UnreadableEvent, Writes};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{Difference, What, one_moment};
use crate::accounts::AccountRow;
use crate::origin::Origin;
use crate::rows::add_rows;
use crate::saved_views::SavedViewRow;
use crate::service_keys::ServiceKeyRow;
use crate::stream_row::StreamRow;
use crate::{AnyEvent, Error, Reason, unreadable};

/// How many streams are looked at together.
const CHUNK: u32 = 500;

/// A row that can be compared with its stream, and repaired.
pub(super) trait ComparedRow: StreamRow {
    /// The lock of every command that changes such a row.
    fn lock(account_id: AccountId) -> Lock<'static>;

    /// The rows without any event, each with its account.
    fn find_invented(pool: &PgPool) -> impl Future<Output = Result<Vec<(Uuid, Uuid)>, sqlx::Error>> + Send;

    /// Whether a row without any event can be deleted.
    const CAN_BE_DELETED: bool;

    /// Deletes a row without any event.
    fn delete(connection: &mut PgConnection, id: Uuid) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// Which rows are not as the events have them.
pub(super) async fn compare<R: ComparedRow>(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let (mut differences, mut after) = (vec![], String::new());
    loop {
        let mut moment = one_moment(pool).await?;
        let streams = store.list_streams(&mut moment, R::STREAM, &after, CHUNK).await?;
        let Some((_, last)) = streams.last() else { break };
        after.clone_from(last);
        for (account_id, id) in streams {
            differences.extend(compare_one::<R>(&mut moment, store, account_id, &id).await?);
        }
    }
    let invented = R::find_invented(pool).await?.into_iter();
    let invented = invented.map(|(id, account_id)| difference::<R>(AccountId::new(account_id), id.to_string(), What::Invented));
    differences.extend(invented.map(|found| Difference { cannot_be_repaired: !R::CAN_BE_DELETED, ..found }));
    Ok(differences)
}

/// Makes rows what the events say.
pub(super) async fn repair<R: ComparedRow>(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let differences = compare::<R>(pool, store).await?;
    for difference in differences.iter().filter(|difference| !difference.cannot_be_repaired) {
        let mut transaction = pool.begin().await?;
        R::lock(difference.account_id).take(&mut transaction).await?;
        match fold::<R>(&store.read_stream(&mut transaction, R::STREAM, &difference.row).await?) {
            Ok(Some(row)) => {
                let mut writes = Writes::default();
                add_rows(&mut writes, &[&row]);
                writes.execute(&mut transaction).await?;
            }
            Ok(None) => R::delete(&mut transaction, parse(&difference.row)?).await?,
            Err(_) => {}
        }
        transaction.commit().await?;
    }
    Ok(differences)
}

fn difference<R: ComparedRow>(account_id: AccountId, row: String, what: What) -> Difference {
    Difference { table: R::TABLE, account_id, user_id: None, row, what, cannot_be_repaired: false }
}

fn parse(id: &str) -> Result<Uuid, Error> {
    id.parse().map_err(|_| Error::NotWhole(format!("{id} is no id of a stream")))
}

async fn compare_one<R: ComparedRow>(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    id: &str,
) -> Result<Option<Difference>, Error> {
    let expected = match fold::<R>(&store.read_stream(connection, R::STREAM, id).await?) {
        Ok(expected) => expected,
        Err(UnreadableEvent { event, reason, .. }) => {
            let row = format!("{id} ({event}: {reason})");
            return Ok(Some(Difference { cannot_be_repaired: true, ..difference::<R>(account_id, row, What::Unreadable) }));
        }
    };
    let stored = R::read(connection, &[parse(id)?]).await?.pop();
    if stored == expected {
        return Ok(None);
    }
    Ok(Some(difference::<R>(account_id, id.to_owned(), if stored.is_none() { What::Missing } else { What::Differing })))
}

/// What the events of a stream add up to.
///
/// # Errors
/// The first event that cannot be read.
fn fold<R: StreamRow>(events: &[RecordedEvent]) -> Result<Option<R>, UnreadableEvent> {
    let mut row = None;
    for event in events {
        apply(&mut row, event).map_err(|reason| unreadable(event, reason))?;
    }
    Ok(row)
}

fn apply<R: StreamRow>(row: &mut Option<R>, event: &RecordedEvent) -> Result<(), Reason> {
    let happened = AnyEvent::read(event)?;
    R::apply(row, &Origin::of(event, 0)?, R::own(&happened).ok_or(Reason::Damaged)?)
}

impl ComparedRow for AccountRow {
    const CAN_BE_DELETED: bool = false;

    fn lock(account_id: AccountId) -> Lock<'static> {
        Lock::AccountSettings { account_id }
    }

    async fn find_invented(pool: &PgPool) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
        let rows = sqlx::query_scalar!(
            r#"
            select id
            from accounts
            where not exists (select from events where aggregate_type = 'account' and aggregate_id = accounts.id::text)
            "#
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(|id| (id, id)).collect())
    }

    /// Much depends on an account: a person has to look at it.
    async fn delete(_: &mut PgConnection, _: Uuid) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

impl ComparedRow for ServiceKeyRow {
    const CAN_BE_DELETED: bool = true;

    fn lock(account_id: AccountId) -> Lock<'static> {
        Lock::ServiceKeys { account_id }
    }

    async fn find_invented(pool: &PgPool) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
        let rows = sqlx::query!(
            r#"
            select id, account_id
            from service_keys
            where not exists (select from events where aggregate_type = 'service_key' and aggregate_id = service_keys.id::text)
            "#
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.id, row.account_id)).collect())
    }

    async fn delete(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from service_keys where id = $1", id).execute(connection).await?;
        Ok(())
    }
}

impl ComparedRow for SavedViewRow {
    const CAN_BE_DELETED: bool = true;

    fn lock(account_id: AccountId) -> Lock<'static> {
        Lock::SavedViews { account_id }
    }

    async fn find_invented(pool: &PgPool) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
        let rows = sqlx::query!(
            r#"
            select id, account_id
            from saved_views
            where not exists (select from events where aggregate_type = 'saved_view' and aggregate_id = saved_views.id::text)
            "#
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.id, row.account_id)).collect())
    }

    async fn delete(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from saved_views where id = $1", id).execute(connection).await?;
        Ok(())
    }
}
