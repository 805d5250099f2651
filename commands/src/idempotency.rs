//! A request that is repeated with the same key happens once.
//!
//! A key belongs to its actor and lives 24 hours. Roster stores keyed hashes of key and input, and the id and version of what
//! changed: no answer, nothing personal, nothing secret. Refusals are not stored, so they can be tried again.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{AccountId, ActorName, Refusal, UserId};
use event_store::{Claim, DerivedKeys, Lock, MasterKeys, Writes, add_write};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Changed;
use crate::idempotency_rows::{ROW, write_result};
use crate::permission::Permit;

pub(crate) const HOURS: i64 = 24;

/// Hashes what is stored of keys and inputs.
pub(crate) struct Keys(DerivedKeys);

/// A request that carries a key, ready to be recognised.
#[derive(Clone)]
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
    /// The user of the row; the account, when there is none.
    pub(crate) subject_id: Uuid,
    pub(crate) result: RowResult,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowResult {
    /// It took effect.
    Changed,
    /// There was nothing to change.
    Unchanged,
    /// A rule refused it.
    Refused(Refusal),
    /// It is selected and not decided yet.
    Pending,
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
    pub(crate) fn claims<'a>(request: Option<&'a Self>, account_id: AccountId, actor: &'a str) -> impl Iterator<Item = Claim> + 'a {
        let hashes = request.into_iter().flat_map(Self::all);
        hashes.map(move |hashes| Lock::IdempotencyKey { account_id, actor, key_hash: &hashes.key }.exclusive())
    }
}

/// What requests with idempotency keys did before.
#[derive(Default)]
pub(crate) struct Records(HashMap<(Uuid, String, Vec<u8>), Record>);

/// What one request did before.
struct Record {
    operation: String,
    input_hash: Vec<u8>,
    done: Done,
}

impl Records {
    /// Finds the records of several requests in one round trip.
    pub(crate) async fn find(connection: &mut PgConnection, requests: &[(KeyedRequest, Permit)]) -> Result<Self, sqlx::Error> {
        let asked = || requests.iter().flat_map(|(request, permit)| request.all().map(move |hashes| (hashes, permit)));
        let accounts: Vec<_> = asked().map(|(_, permit)| permit.account_id().uuid()).collect();
        let actors: Vec<_> = asked().map(|(_, permit)| permit.ctx().actor.to_string()).collect();
        let keys: Vec<_> = asked().map(|(hashes, _)| hashes.key.to_vec()).collect();
        let since: Vec<_> = asked().map(|(_, permit)| permit.ctx().at - TimeDelta::hours(HOURS)).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let rows = sqlx::query!(
            r#"
            select r.account_id, r.actor, r.key_hash, r.operation, r.input_hash, r.subject_id, r.version
            from unnest($1::uuid[], $2::text[], $3::bytea[], $4::timestamptz[]) as asked (account_id, actor, key_hash, since)
            join idempotency_keys r
                on r.account_id = asked.account_id and r.actor = asked.actor and r.key_hash = asked.key_hash and r.created_at > asked.since
            "#,
            &accounts,
            &actors,
            &keys,
            &since,
        );
        let rows = rows.fetch_all(connection).await?.into_iter().map(|row| {
            let done = Done { subject_id: row.subject_id, version: row.version.unsigned_abs() };
            ((row.account_id, row.actor, row.key_hash), Record { operation: row.operation, input_hash: row.input_hash, done })
        });
        Ok(Self(rows.collect()))
    }

    /// What the same request did before, if it came before.
    ///
    /// # Errors
    /// Refusal: `IdempotencyKeyReused` for another operation or other input.
    pub(crate) fn of(&self, request: &KeyedRequest, permit: &Permit) -> Result<Option<Done>, Refusal> {
        let actor = permit.ctx().actor.to_string();
        let find = |hashes: &Hashes| Some((hashes.input, self.0.get(&(permit.account_id().uuid(), actor.clone(), hashes.key.to_vec()))?));
        match request.all().find_map(find) {
            None => Ok(None),
            Some((input, record)) if record.operation == permit.operation_name() && record.input_hash == input => Ok(Some(record.done)),
            Some(_) => Err(Refusal::IdempotencyKeyReused),
        }
    }
}

/// A row of `idempotency_keys` to be written.
pub(crate) struct NewRecord<'a> {
    pub(crate) permit: &'a Permit,
    pub(crate) key_hash: Vec<u8>,
    pub(crate) operation: &'a str,
    pub(crate) input_hash: &'a [u8],
    pub(crate) done: Done,
    pub(crate) refusal: Option<String>,
}

impl KeyedRequest {
    /// What is recorded of a request and of its rows.
    pub(crate) fn records<'a>(&'a self, permit: &'a Permit, done: Option<Done>, rows: &[RowOutcome]) -> Vec<NewRecord<'a>> {
        let hashes = &self.hashes;
        let record =
            |key_hash, operation, done, refusal| NewRecord { permit, key_hash, operation, input_hash: &hashes.input, done, refusal };
        let own = done.map(|done| record(hashes.key.to_vec(), permit.operation_name(), done, None));
        let row = |row: &RowOutcome| {
            let done = Done { subject_id: row.subject_id, version: 1 };
            record(hashes.row_key(row.index), ROW, done, write_result(&row.result))
        };
        own.into_iter().chain(rows.iter().map(row)).collect()
    }
}

/// Records what requests did, in their transaction.
pub(crate) fn record(writes: &mut Writes, records: &[NewRecord<'_>]) {
    if records.is_empty() {
        return;
    }
    let accounts: Vec<_> = records.iter().map(|record| record.permit.account_id().uuid()).collect();
    let actors: Vec<_> = records.iter().map(|record| record.permit.ctx().actor.to_string()).collect();
    let keys: Vec<_> = records.iter().map(|record| record.key_hash.clone()).collect();
    let operations: Vec<_> = records.iter().map(|record| record.operation.to_owned()).collect();
    let inputs: Vec<_> = records.iter().map(|record| record.input_hash.to_vec()).collect();
    let subjects: Vec<_> = records.iter().map(|record| record.done.subject_id).collect();
    let version = |record: &NewRecord<'_>| i64::try_from(record.done.version).expect("a stream is far shorter than 2^63");
    let versions: Vec<_> = records.iter().map(version).collect();
    let refusals: Vec<_> = records.iter().map(|record| record.refusal.clone()).collect();
    let times: Vec<_> = records.iter().map(|record| record.permit.ctx().at).collect();
    add_write!(
        writes,
        "recorded",
        r"
        insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version, refusal, created_at)
        select *
        from unnest(
            $1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::bytea[], $6::uuid[], $7::bigint[], $8::text[], $9::timestamptz[]
        )
        on conflict (account_id, actor, key_hash) do update set
            operation = excluded.operation,
            input_hash = excluded.input_hash,
            subject_id = excluded.subject_id,
            version = excluded.version,
            refusal = excluded.refusal,
            created_at = excluded.created_at
        ",
        &accounts,
        &actors,
        &keys,
        &operations,
        &inputs,
        &subjects,
        &versions,
        &refusals as &[Option<String>],
        &times,
    );
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
        let repeat =
            |account_id, done: Done| Some(Changed { account_id, user_id: UserId::new(done.subject_id), version: done.version, caused: 0 });
        let record = |_, changed: &Changed| Some(Done { subject_id: changed.user_id.uuid(), version: changed.version });
        Some(Self { request: request?, repeat, record })
    }
}
