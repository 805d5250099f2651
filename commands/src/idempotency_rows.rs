//! The rows of a request that is answered row by row: each is recorded under a key derived from that of the request.

use chrono::TimeDelta;
use domain::{AuthMethodId, Refusal};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::idempotency::{HOURS, Hashes, KeyedRequest, RowOutcome};
use crate::permission::Permit;

const OPERATION_NAME: &str = "row";

impl Hashes {
    /// The key of a row. Other input has other keys, and no client can send one.
    fn row_key(&self, index: usize) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(b"row");
        hash.update(self.key);
        hash.update(self.input);
        hash.update(u64::try_from(index).expect("an index fits").to_be_bytes());
        hash.finalize().to_vec()
    }
}

impl KeyedRequest {
    /// What became of some rows when this request came before.
    pub(crate) async fn find_rows(
        &self,
        connection: &mut PgConnection,
        permit: &Permit,
        first: usize,
        count: usize,
    ) -> Result<Vec<RowOutcome>, sqlx::Error> {
        let keys: Vec<_> = self.all().flat_map(|hashes| (first..first + count).map(|index| hashes.row_key(index))).collect();
        let rows = sqlx::query!(
            r#"
            select key_hash, subject_id, refusal
            from idempotency_keys
            where account_id = $1 and actor = $2 and key_hash = any($3) and created_at > $4
            "#,
            permit.account_id().uuid(),
            permit.ctx().actor.to_string(),
            &keys,
            permit.ctx().at - TimeDelta::hours(HOURS),
        );
        let rows = rows.fetch_all(connection).await?;
        let outcome = |key: &[u8], subject_id: Uuid, refusal: Option<String>| {
            let refusal =
                refusal.map(|text| read(&text).ok_or_else(|| sqlx::Error::Decode("idempotency_keys.refusal holds no code".into())));
            // As many for each master key, one after the other.
            let index = keys.iter().position(|row_key| row_key == key).expect("only these were asked for") % count;
            Ok(RowOutcome { index: first + index, subject_id, refusal: refusal.transpose()? })
        };
        rows.into_iter().map(|row| outcome(&row.key_hash, row.subject_id, row.refusal)).collect()
    }

    /// Records what became of some rows, in one statement.
    pub(crate) async fn record_rows(
        &self,
        connection: &mut PgConnection,
        permit: &Permit,
        outcomes: &[RowOutcome],
    ) -> Result<(), sqlx::Error> {
        let keys: Vec<_> = outcomes.iter().map(|outcome| self.hashes.row_key(outcome.index)).collect();
        let subjects: Vec<_> = outcomes.iter().map(|outcome| outcome.subject_id).collect();
        let refusals: Vec<_> = outcomes.iter().map(|outcome| outcome.refusal.as_ref().map(write)).collect();
        let upsert = sqlx::query!(
            r#"
            insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version, refusal, created_at)
            select $1, $2, r.key_hash, $3, $4, r.subject_id, 1, r.refusal, $5
            from unnest($6::bytea[], $7::uuid[], $8::text[]) as r (key_hash, subject_id, refusal)
            on conflict (account_id, actor, key_hash) do update set
                subject_id = excluded.subject_id, refusal = excluded.refusal, created_at = excluded.created_at
            "#,
            permit.account_id().uuid(),
            permit.ctx().actor.to_string(),
            OPERATION_NAME,
            self.hashes.input.as_slice(),
            permit.ctx().at,
            &keys,
            &subjects,
            &refusals as &[Option<String>],
        );
        upsert.execute(connection).await?;
        Ok(())
    }
}

/// The code of a refusal that depends on the account, and the id that it names.
fn write(refusal: &Refusal) -> String {
    match refusal {
        Refusal::AuthMethodNotOffered { id } => format!("{} {id}", refusal.code()),
        other => other.code().to_owned(),
    }
}

fn read(text: &str) -> Option<Refusal> {
    match text.split_once(' ') {
        None if text == Refusal::AlreadyInvited.code() => Some(Refusal::AlreadyInvited),
        None if text == Refusal::AlreadyMember.code() => Some(Refusal::AlreadyMember),
        Some(("AUTH_METHOD_NOT_OFFERED", id)) => Some(Refusal::AuthMethodNotOffered { id: AuthMethodId::parse(id).ok()? }),
        _ => None,
    }
}
