//! A request that is repeated with the same key happens once.
//!
//! A key belongs to its actor and lives 24 hours. Stored are keyed hashes of key and input, and the
//! id and version of what happened: no answer, nothing personal, nothing secret. Refusals are not
//! stored, so that they can be tried again.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, ActorName, Refusal, UserId};
use event_store::{Claim, DerivedKeys, Lock, MasterKeys};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Changed;

pub(crate) const HOURS: i64 = 24;

/// Makes the hashes that are stored.
pub(crate) struct Keys(DerivedKeys);

/// A request that carries a key, ready to be recognised.
pub(crate) struct KeyedRequest {
    /// What is stored of it, as the current master key has it.
    pub(crate) hashes: Hashes,
    /// What another master key has left of it, if it came before.
    pub(crate) others: Vec<Hashes>,
}

/// What is stored of a request.
#[derive(Clone, Copy)]
pub(crate) struct Hashes {
    pub(crate) key: [u8; 32],
    pub(crate) input: [u8; 32],
}

/// What became of a row of a request.
#[derive(Clone, Debug)]
pub(crate) struct RowOutcome {
    /// Its place in the request.
    pub(crate) index: usize,
    /// Who was invited or is in the way; the account, when it is nobody.
    pub(crate) subject_id: Uuid,
    /// Why nobody was invited.
    pub(crate) refusal: Option<Refusal>,
}

/// What a request did: the user or account that it was done to, and their version after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) subject_id: Uuid,
    pub(crate) version: u64,
}

impl Done {
    /// Where it was done to a user.
    pub(crate) fn to_user(self, account_id: AccountId) -> Changed {
        Changed { account_id, user_id: UserId::new(self.subject_id), version: self.version }
    }
}

impl From<Changed> for Done {
    fn from(changed: Changed) -> Self {
        Self { subject_id: changed.user_id.uuid(), version: changed.version }
    }
}

impl Keys {
    pub(crate) fn new(master: &MasterKeys) -> Self {
        Self(master.derive("idempotency"))
    }

    /// Reads the key of a request, if it carries one.
    pub(crate) fn request(&self, key: Option<&str>, input: &impl Serialize) -> Result<Option<KeyedRequest>, Refusal> {
        let Some(key) = key else { return Ok(None) };
        if !(1..=100).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Refusal::InvalidIdempotencyKey);
        }
        let input = serde_json::to_vec(input).expect("an input is plain data");
        let mut all = self.0.all().map(|by| Hashes { key: hash(by, b"key", key.as_bytes()), input: hash(by, b"input", &input) });
        let hashes = all.next().expect("there is a current master key");
        Ok(Some(KeyedRequest { hashes, others: all.collect() }))
    }
}

fn hash(by: &[u8; 32], purpose: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(by).expect("HMAC takes a key of any length");
    mac.update(purpose);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Deletes what requests by a user, or about them, have recorded.
pub(crate) async fn delete_records_of(connection: &mut PgConnection, account_id: AccountId, user_id: UserId) -> Result<(), sqlx::Error> {
    let delete = sqlx::query!(
        "delete from idempotency_keys where account_id = $1 and (subject_id = $2 or actor = $3)",
        account_id.uuid(),
        user_id.uuid(),
        ActorName::User(user_id).to_string(),
    );
    delete.execute(connection).await?;
    Ok(())
}

impl KeyedRequest {
    /// Everything that may be stored of it, as the current master key has it first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Hashes> {
        std::iter::once(&self.hashes).chain(&self.others)
    }

    /// What a request claims if it carries a key. Processes whose current master keys differ claim the same, while each knows the other's.
    pub(crate) fn claims<'a>(request: Option<&'a Self>, account_id: AccountId, actor: &'a str) -> impl Iterator<Item = Claim<'a>> {
        let hashes = request.into_iter().flat_map(Self::all);
        hashes.map(move |hashes| Lock::IdempotencyKey { account_id, actor, key_hash: &hashes.key }.exclusive())
    }

    /// What the same request did before, if it did.
    pub(crate) async fn recall(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        actor: &str,
        operation: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<Done>, crate::Error> {
        let keys: Vec<_> = self.all().map(|hashes| hashes.key.to_vec()).collect();
        let row = sqlx::query!(
            r#"
            select key_hash, operation, input_hash, subject_id, version
            from idempotency_keys
            where account_id = $1 and actor = $2 and key_hash = any($3) and created_at > $4
            "#,
            account_id.uuid(),
            actor,
            &keys,
            at - TimeDelta::hours(HOURS),
        );
        let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
        let is_same = self.all().any(|hashes| row.key_hash == hashes.key && row.input_hash == hashes.input);
        if row.operation != operation || !is_same {
            return Err(Refusal::IdempotencyKeyReused.into());
        }
        Ok(Some(Done { subject_id: row.subject_id, version: row.version.unsigned_abs() }))
    }

    /// Remembers what the request did, in its transaction.
    pub(crate) async fn remember(
        &self,
        connection: &mut PgConnection,
        account_id: AccountId,
        actor: &str,
        operation: &str,
        done: Done,
        at: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let upsert = sqlx::query!(
            r#"
            insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (account_id, actor, key_hash) do update set
                operation = excluded.operation,
                input_hash = excluded.input_hash,
                subject_id = excluded.subject_id,
                version = excluded.version,
                created_at = excluded.created_at
            "#,
            account_id.uuid(),
            actor,
            self.hashes.key.as_slice(),
            operation,
            self.hashes.input.as_slice(),
            done.subject_id,
            i64::try_from(done.version).expect("a stream is far shorter than 2^63"),
            at,
        );
        upsert.execute(connection).await?;
        Ok(())
    }
}
