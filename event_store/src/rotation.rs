//! Rotates the master key: the keys of persons are wrapped again, some at a time. Values that the keys of persons have sealed stay as they are.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::{Connection, PgConnection, PgTransaction};
use uuid::Uuid;

use crate::{Error, EventStore, KeyId};

/// How many persons' keys one master key wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The master key; `None` for keys that were wrapped before names were stored.
    pub id: Option<KeyId>,
    /// How many.
    pub persons: u64,
}

/// A person's position in the order in which keys are wrapped again. The default is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonPosition {
    account_id: Uuid,
    person_id: Uuid,
}

/// What became of one part of the persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// How many keys are now wrapped by the current master key.
    pub rewrapped: u64,
    /// Whose keys none of the master keys opens. They stay as they are.
    pub unopened: Vec<UserId>,
    /// The last person of the part; `None` when no person was left.
    pub last: Option<PersonPosition>,
}

struct Row {
    account_id: Uuid,
    person_id: Uuid,
    wrapped_key: Vec<u8>,
}

#[derive(Default)]
struct NewWraps {
    account_ids: Vec<Uuid>,
    person_ids: Vec<Uuid>,
    wrapped: Vec<Vec<u8>>,
}

impl EventStore {
    /// Makes sure that every master key is given that wraps the key of a person.
    ///
    /// # Errors
    /// [`Error::MasterKeyMissing`] with the name of one that is not; [`Error::DoesNotOpen`] where its name was never stored.
    pub async fn check_master_keys(&self, connection: &mut PgConnection) -> Result<(), Error> {
        let used = list_key_ids(connection).await?;
        if let Some(&missing) = used.iter().find(|id| !self.keys.ids.contains(id)) {
            return Err(Error::MasterKeyMissing { missing, given: self.keys.ids.clone() });
        }
        let any = sqlx::query_as!(Row, "select account_id, person_id, wrapped_key from person_keys where key_id is null limit 1");
        let Some(any) = any.fetch_optional(connection).await? else { return Ok(()) };
        self.keys.unwrap(AccountId::new(any.account_id), UserId::new(any.person_id), &any.wrapped_key).map(drop)
    }

    /// Wraps the keys of the next persons by the current master key, at most `limit`, in a transaction of its own. Keys that others hold
    /// just now are left out, so that no transaction is waited for. Erased persons have no key, and get none.
    ///
    /// # Errors
    /// When the database is lost, or the operating system gives no randomness: then nothing of this part has changed.
    pub async fn rewrap(&self, connection: &mut PgConnection, after: PersonPosition, limit: u32) -> Result<Rewrapped, Error> {
        let mut transaction = connection.begin().await?;
        let rows = self.lock_next(&mut transaction, after, limit).await?;
        let last = rows.last().map(|row| PersonPosition { account_id: row.account_id, person_id: row.person_id });
        let (mut new, mut unopened) = (NewWraps::default(), vec![]);
        for row in rows {
            let id = UserId::new(row.person_id);
            let Some(wrapped) = self.keys.rewrap(AccountId::new(row.account_id), id, row.wrapped_key)? else {
                unopened.push(id);
                continue;
            };
            new.account_ids.push(row.account_id);
            new.person_ids.push(row.person_id);
            new.wrapped.push(wrapped);
        }
        let rewrapped = self.write_wraps(&mut transaction, &new).await?;
        transaction.commit().await?;
        Ok(Rewrapped { rewrapped, unopened, last })
    }

    /// The next keys that another master key wraps. By the primary key, so that one walk reads every row once, whatever is left of them.
    async fn lock_next(&self, transaction: &mut PgTransaction<'_>, after: PersonPosition, limit: u32) -> Result<Vec<Row>, Error> {
        let select = sqlx::query_as!(
            Row,
            r#"
            select account_id, person_id, wrapped_key
            from person_keys
            where (account_id, person_id) > ($1, $2) and key_id is distinct from $3
            order by account_id, person_id
            limit $4
            for update skip locked
            "#,
            after.account_id,
            after.person_id,
            self.keys.id().as_bytes(),
            i64::from(limit),
        );
        Ok(select.fetch_all(&mut **transaction).await?)
    }

    async fn write_wraps(&self, transaction: &mut PgTransaction<'_>, new: &NewWraps) -> Result<u64, Error> {
        let update = sqlx::query!(
            r#"
            update person_keys k set
                wrapped_key = n.wrapped_key,
                key_id = $1,
                rewrapped_at = case when k.wrapped_key = n.wrapped_key then k.rewrapped_at else clock_timestamp() end
            from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as n (account_id, person_id, wrapped_key)
            where k.account_id = n.account_id and k.person_id = n.person_id
            "#,
            self.keys.id().as_bytes(),
            &new.account_ids,
            &new.person_ids,
            &new.wrapped,
        );
        Ok(update.execute(&mut **transaction).await?.rows_affected())
    }

    /// How many persons' keys each master key wraps, those without a name last.
    pub async fn count_key_uses(&self, connection: &mut PgConnection) -> Result<Vec<KeyUse>, Error> {
        let count = sqlx::query!(r#"select key_id, count(*) as "persons!" from person_keys group by key_id order by key_id"#);
        let rows = count.fetch_all(connection).await?.into_iter();
        Ok(rows.map(|row| KeyUse { id: row.key_id.as_deref().and_then(KeyId::parse), persons: row.persons.unsigned_abs() }).collect())
    }

    /// How many persons' keys the current master key does not wrap yet.
    pub async fn count_left(&self, connection: &mut PgConnection) -> Result<u64, Error> {
        let uses = self.count_key_uses(connection).await?;
        Ok(uses.iter().filter(|used| used.id != Some(*self.keys.id())).map(|used| used.persons).sum())
    }
}

/// When a key was last wrapped by another master key than before; `None` when that never happened.
pub async fn last_rewrap(connection: &mut PgConnection) -> Result<Option<DateTime<Utc>>, Error> {
    let select = sqlx::query_scalar!("select max(rewrapped_at) from person_keys");
    Ok(select.fetch_one(connection).await?)
}

/// The names of the master keys in use. Each is found by its position in the index, so it does not matter how many keys there are.
async fn list_key_ids(connection: &mut PgConnection) -> Result<Vec<KeyId>, Error> {
    let select = sqlx::query_scalar!(
        r#"
        with recursive ids as (
            (select key_id from person_keys where key_id is not null order by key_id limit 1)
            union all
            select (select k.key_id from person_keys k where k.key_id > ids.key_id order by k.key_id limit 1) from ids where key_id is not null
        )
        select key_id as "key_id!" from ids where key_id is not null
        "#
    );
    let ids = select.fetch_all(connection).await?;
    Ok(ids.iter().filter_map(|id| KeyId::parse(id)).collect())
}
