//! Service keys, which belong to accounts.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::service_key::ServiceKeyEvent;
use event_store::{EventStore, Lock, RecordedEvent, UnreadableEvent};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{Difference, What, one_moment};
use crate::{AnyEvent, Error, Reason, decided_at, unreadable};

/// A row of `service_keys`, as far as events have it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ServiceKey {
    account_id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

/// How many keys are looked at together.
const CHUNK: u32 = 500;

/// Which service keys are not as the events have them.
pub(super) async fn compare(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let (mut differences, mut after) = (vec![], String::new());
    loop {
        let mut moment = one_moment(pool).await?;
        let streams = store.list_streams(&mut moment, "service_key", &after, CHUNK).await?;
        let Some((_, last)) = streams.last() else { break };
        after.clone_from(last);
        for (account_id, id) in streams {
            differences.extend(compare_one(&mut moment, store, account_id, &id).await?);
        }
    }
    let invented = sqlx::query!(
        r#"
        select id, account_id
        from service_keys
        where not exists (select from events where aggregate_type = 'service_key' and aggregate_id = service_keys.id::text)
        "#
    );
    let invented = invented.fetch_all(pool).await?.into_iter();
    differences.extend(invented.map(|row| of_key(AccountId::new(row.account_id), row.id.to_string(), What::Invented)));
    Ok(differences)
}

/// Makes service keys what the events say.
pub(super) async fn repair(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let differences = compare(pool, store).await?;
    for difference in differences.iter().filter(|difference| !difference.cannot_be_repaired) {
        let mut transaction = pool.begin().await?;
        Lock::ServiceKeys { account_id: difference.account_id }.take(&mut transaction).await?;
        let id = parse(&difference.row)?;
        match fold(&store.read_stream(&mut transaction, "service_key", &difference.row).await?) {
            Ok(Some(key)) => write(&mut transaction, id, &key).await?,
            Ok(None) => {
                sqlx::query!("delete from service_keys where id = $1", id).execute(&mut *transaction).await?;
            }
            Err(_) => {}
        }
        transaction.commit().await?;
    }
    Ok(differences)
}

const fn of_key(account_id: AccountId, row: String, what: What) -> Difference {
    Difference { table: "service_keys", account_id, user_id: None, row, what, cannot_be_repaired: false }
}

fn parse(id: &str) -> Result<Uuid, Error> {
    id.parse().map_err(|_| Error::NotWhole(format!("{id} is no id of a service key")))
}

async fn compare_one(
    connection: &mut PgConnection,
    store: &EventStore,
    account_id: AccountId,
    id: &str,
) -> Result<Option<Difference>, Error> {
    let expected = match fold(&store.read_stream(connection, "service_key", id).await?) {
        Ok(expected) => expected,
        Err(UnreadableEvent { event, reason, .. }) => {
            let row = format!("{id} ({event}: {reason})");
            return Ok(Some(Difference { cannot_be_repaired: true, ..of_key(account_id, row, What::Unreadable) }));
        }
    };
    let stored = sqlx::query_as!(
        ServiceKey,
        "select account_id, name, scopes, created_at, expires_at, revoked_at from service_keys where id = $1",
        parse(id)?
    );
    let stored = stored.fetch_optional(connection).await?;
    if stored == expected {
        return Ok(None);
    }
    Ok(Some(of_key(account_id, id.to_owned(), if stored.is_none() { What::Missing } else { What::Differing })))
}

/// What the events of a key say.
///
/// # Errors
/// The first event that cannot be read.
fn fold(events: &[RecordedEvent]) -> Result<Option<ServiceKey>, UnreadableEvent> {
    let mut key: Option<ServiceKey> = None;
    for event in events {
        hear(&mut key, event).map_err(|reason| unreadable(event, reason))?;
    }
    Ok(key)
}

fn hear(key: &mut Option<ServiceKey>, event: &RecordedEvent) -> Result<(), Reason> {
    let AnyEvent::ServiceKey(happened) = AnyEvent::read(event)? else { return Err(Reason::Damaged) };
    match (&mut *key, happened) {
        (begun, ServiceKeyEvent::Created { account_id, name, scopes, expires_at }) => {
            *begun = Some(ServiceKey {
                account_id: account_id.uuid(),
                name: name.as_str().to_owned(),
                scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
                created_at: decided_at(event),
                expires_at,
                revoked_at: None,
            });
        }
        (None, ServiceKeyEvent::Revoked { .. }) => return Err(Reason::OutOfOrder),
        (Some(key), ServiceKeyEvent::Revoked { .. }) => key.revoked_at = Some(decided_at(event)),
    }
    Ok(())
}

/// The hash of a token is in no event: whose row is lost has to be replaced by another key. Nobody knows a token with the hash that is put
/// there.
async fn write(connection: &mut PgConnection, id: Uuid, key: &ServiceKey) -> Result<(), sqlx::Error> {
    let write = sqlx::query!(
        r#"
        insert into service_keys (id, account_id, name, scopes, token_hash, created_at, expires_at, revoked_at)
        values ($1, $2, $3, $4, sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea), $5, $6, $7)
        on conflict (id) do update set
            account_id = $2, name = $3, scopes = $4, created_at = $5, expires_at = $6, revoked_at = $7
        "#,
        id,
        key.account_id,
        key.name,
        &key.scopes,
        key.created_at,
        key.expires_at,
        key.revoked_at,
    );
    write.execute(connection).await?;
    Ok(())
}
