//! The keys of persons: made, found, destroyed.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::PgConnection;

use crate::{Error, EventStore, Person};

/// That a person was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Their account.
    pub account_id: AccountId,
    /// The person.
    pub person_id: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// All erased persons, in the order of time.
pub async fn list_erasures(connection: &mut PgConnection) -> Result<Vec<Erasure>, Error> {
    let rows = sqlx::query!("select account_id, person_id, erased_at from erased_persons order by erased_at, person_id");
    let rows = rows.fetch_all(connection).await?.into_iter();
    let erasure = |account_id, person_id, at| Erasure { account_id: AccountId::new(account_id), person_id: UserId::new(person_id), at };
    Ok(rows.map(|row| erasure(row.account_id, row.person_id, row.erased_at)).collect())
}

impl EventStore {
    /// Makes the key of a new person. It is stored with their first events.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new_person(&self, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        self.keys.generate(account_id, id)
    }

    /// A person with their key, to seal what another stream says of them. A person without a key was erased.
    ///
    /// # Errors
    /// When the database is lost, or the stored key does not open.
    pub async fn find_person(&self, connection: &mut PgConnection, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        let found = sqlx::query_scalar!(
            "select wrapped_key from person_keys where account_id = $1 and person_id = $2",
            account_id.uuid(),
            id.uuid(),
        );
        let found = found.fetch_optional(connection).await?;
        found.map_or_else(|| Ok(Person::erased(account_id, id)), |wrapped| self.keys.unwrap(account_id, id, &wrapped))
    }

    /// Destroys the key of a person, and records that they were erased, so that a restore does not bring the key back. The personal values in
    /// their events can never be read again, except where an older copy of the key exists.
    pub async fn destroy_person(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        id: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let record = sqlx::query!(
            "insert into erased_persons (account_id, person_id, erased_at) values ($1, $2, $3) on conflict do nothing",
            account_id.uuid(),
            id.uuid(),
            at,
        );
        record.execute(&mut *connection).await?;
        let delete = sqlx::query!("delete from person_keys where account_id = $1 and person_id = $2", account_id.uuid(), id.uuid());
        delete.execute(connection).await?;
        Ok(())
    }
}
