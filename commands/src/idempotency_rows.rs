//! The rows of a request that is answered row by row: each is recorded under a key derived from that of the request.

use chrono::TimeDelta;
use domain::{AuthMethodId, Refusal};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::idempotency::{HOURS, Hashes, KeyedRequest, RowOutcome, RowResult};
use crate::permission::Permit;

/// The operation of the record of a row.
pub(crate) const ROW: &str = "row";

impl Hashes {
    /// The key of a row. Other input has other keys, and no client can send one.
    pub(crate) fn row_key(&self, index: usize) -> Vec<u8> {
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
            let result =
                read_result(refusal.as_deref()).ok_or_else(|| sqlx::Error::Decode("idempotency_keys.refusal holds no code".into()))?;
            // As many for each master key, one after the other.
            let index = keys.iter().position(|row_key| row_key == key).expect("only these were asked for") % count;
            Ok(RowOutcome { index: first + index, subject_id, result })
        };
        rows.into_iter().map(|row| outcome(&row.key_hash, row.subject_id, row.refusal)).collect()
    }
}

const UNCHANGED: &str = "unchanged";
const PENDING: &str = "pending";

/// The refusals of rows that depend on the account. Each is recorded as its code.
const REFUSALS: &[Refusal] = &[
    Refusal::AlreadyInvited,
    Refusal::AlreadyMember,
    Refusal::AdminsForbidden,
    Refusal::NotFound,
    Refusal::UserNotPending,
    Refusal::InvitationPending,
    Refusal::UserDeleted,
    Refusal::CannotDeactivateSelf,
    Refusal::CannotDeleteSelf,
    Refusal::LastAdmin,
    Refusal::NotUndoable,
    Refusal::ChangedSince,
];

/// The code of a refusal, and the id that it names; nothing for a row that took effect.
pub(crate) fn write_result(result: &RowResult) -> Option<String> {
    match result {
        RowResult::Changed => None,
        RowResult::Unchanged => Some(UNCHANGED.to_owned()),
        RowResult::Pending => Some(PENDING.to_owned()),
        RowResult::Refused(refusal @ Refusal::AuthMethodNotOffered { id }) => Some(format!("{} {id}", refusal.code())),
        RowResult::Refused(refusal) => Some(refusal.code().to_owned()),
    }
}

fn read_result(text: Option<&str>) -> Option<RowResult> {
    let Some(text) = text else { return Some(RowResult::Changed) };
    match text.split_once(' ') {
        None if text == UNCHANGED => Some(RowResult::Unchanged),
        None if text == PENDING => Some(RowResult::Pending),
        None => REFUSALS.iter().find(|refusal| refusal.code() == text).cloned().map(RowResult::Refused),
        Some(("AUTH_METHOD_NOT_OFFERED", id)) => {
            Some(RowResult::Refused(Refusal::AuthMethodNotOffered { id: AuthMethodId::parse(id).ok()? }))
        }
        Some(_) => None,
    }
}
