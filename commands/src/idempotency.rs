//! A request that is repeated with the same key happens once.
//!
//! A key belongs to its actor and lives 24 hours. Roster stores keyed hashes of key and input, and the id and version of what
//! changed: no answer, nothing personal, nothing secret. Refusals are not stored, so they can be tried again.

use chrono::TimeDelta;
use domain::{AccountId, ActorName, Refusal, UserId};
use event_store::{Claim, DerivedKeys, Lock, MasterKeys};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Changed;
use crate::permission::Permit;

pub(crate) const HOURS: i64 = 24;

/// Hashes what is stored of keys and inputs.
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
    /// Its index in the request.
    pub(crate) index: usize,
    /// The user who was invited or has the address; the account, when there is none.
    pub(crate) subject_id: Uuid,
    /// Why no one was invited.
    pub(crate) refusal: Option<Refusal>,
}

/// What a request did: the user or account that it was done to, and their version after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) subject_id: Uuid,
    pub(crate) version: u64,
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

    /// The locks of a request that carries a key. Processes with different current master keys claim the same, if each knows the other's.
    pub(crate) fn claims<'a>(request: Option<&'a Self>, account_id: AccountId, actor: &'a str) -> impl Iterator<Item = Claim<'a>> {
        let hashes = request.into_iter().flat_map(Self::all);
        hashes.map(move |hashes| Lock::IdempotencyKey { account_id, actor, key_hash: &hashes.key }.exclusive())
    }

    /// What the same request did before, if it came before.
    ///
    /// # Errors
    /// Refusal: `IdempotencyKeyReused` for another operation or other input.
    pub(crate) async fn find(&self, connection: &mut PgConnection, permit: &Permit) -> Result<Option<Done>, crate::Error> {
        let keys: Vec<_> = self.all().map(|hashes| hashes.key.to_vec()).collect();
        let row = sqlx::query!(
            r#"
            select key_hash, operation, input_hash, subject_id, version
            from idempotency_keys
            where account_id = $1 and actor = $2 and key_hash = any($3) and created_at > $4
            "#,
            permit.account_id().uuid(),
            permit.ctx().actor.to_string(),
            &keys,
            permit.ctx().at - TimeDelta::hours(HOURS),
        );
        let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
        let is_same = self.all().any(|hashes| row.key_hash == hashes.key && row.input_hash == hashes.input);
        if row.operation != permit.operation_name() || !is_same {
            return Err(Refusal::IdempotencyKeyReused.into());
        }
        Ok(Some(Done { subject_id: row.subject_id, version: row.version.unsigned_abs() }))
    }

    /// Records what the request and its rows did, in its transaction.
    pub(crate) async fn record(
        &self,
        connection: &mut PgConnection,
        permit: &Permit,
        done: Option<Done>,
        rows: &[RowOutcome],
    ) -> Result<(), sqlx::Error> {
        if let Some(done) = done {
            self.record_request(connection, permit, done).await?;
        }
        if rows.is_empty() { Ok(()) } else { self.record_rows(connection, permit, rows).await }
    }

    async fn record_request(&self, connection: &mut PgConnection, permit: &Permit, done: Done) -> Result<(), sqlx::Error> {
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
            permit.account_id().uuid(),
            permit.ctx().actor.to_string(),
            self.hashes.key.as_slice(),
            permit.operation_name(),
            self.hashes.input.as_slice(),
            done.subject_id,
            i64::try_from(done.version).expect("a stream is far shorter than 2^63"),
            permit.ctx().at,
        );
        upsert.execute(connection).await?;
        Ok(())
    }
}

/// The idempotency key of a request, and how its answer is recorded.
pub(crate) struct Idempotency<'a, A> {
    pub(crate) request: &'a KeyedRequest,
    /// The answer to the same request, from the record of the first one; `None` to decide it again.
    pub(crate) repeat: fn(AccountId, Done) -> Option<A>,
    /// What is recorded of an answer; `None` when it had no effect.
    pub(crate) record: fn(AccountId, &A) -> Option<Done>,
}

impl<'a> Idempotency<'a, Changed> {
    /// For a request that changes one user, if it carries a key.
    pub(crate) fn upon_user(request: Option<&'a KeyedRequest>) -> Option<Self> {
        let repeat = |account_id, done: Done| Some(Changed { account_id, user_id: UserId::new(done.subject_id), version: done.version });
        let record = |_, changed: &Changed| Some(Done { subject_id: changed.user_id.uuid(), version: changed.version });
        Some(Self { request: request?, repeat, record })
    }
}
