//! Deleting what is finished: rows that no one can use any more, and that history does not need.
//!
//! Each batch is one short transaction of one process: [`Lock::Housekeeping`] is taken for a batch, and a process that does not get it leaves
//! the work to the one that has it. A transaction gets an id only when it finds something to delete, so an idle round does not hold back the feed.
//! Every batch finds its rows by an index, the oldest first.
//!
//! API keys stay, revoked or not: the audit log finds by them what a user has done with a key.

use chrono::{DateTime, Days, TimeDelta, Utc};
use event_store::Lock;
use sqlx::PgConnection;

use crate::idempotency::HOURS;
use crate::limits::FAMILIAR;
use crate::refused_attempts::KEPT;
use crate::{Commands, Error};

/// How many rows a batch deletes at most.
const BATCH: i64 = 1_000;

/// A kind of rows that are finished one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// Sessions that ended or expired 30 days ago. Until then they tell from where a user has signed in before.
    Sessions,
    /// Links for a new password that were not used in time.
    PasswordResets,
    /// Sign-ins with a provider whose browser did not come back in time.
    ProviderSignIns,
    /// Refused attempts of 90 days ago.
    RefusedAttempts,
    /// How many invitations were sent on days before yesterday. Another process may not know yet that a day is over.
    InvitationCounts,
    /// Idempotency keys of 24 hours ago.
    IdempotencyKeys,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// So many rows were deleted, and there are more.
    Some(u64),
    /// So many rows were deleted, and no more are finished.
    All(u64),
    /// Another process is deleting at this moment.
    ByAnother,
}

impl Finished {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Sessions, Self::PasswordResets, Self::ProviderSignIns, Self::RefusedAttempts, Self::InvitationCounts, Self::IdempotencyKeys];

    /// The table.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::PasswordResets => "password_resets",
            Self::ProviderSignIns => "provider_sign_ins",
            Self::RefusedAttempts => "refused_attempts",
            Self::InvitationCounts => "invitation_counts",
            Self::IdempotencyKeys => "idempotency_keys",
        }
    }
}

impl Commands {
    /// Deletes one batch of what is finished at an instant, at most 1,000 rows.
    ///
    /// # Errors
    /// When the database is lost; then nothing was deleted.
    pub async fn delete_finished(&self, what: Finished, at: DateTime<Utc>) -> Result<Deleted, Error> {
        let mut transaction = self.pool.begin().await?;
        if !Lock::Housekeeping.try_take(&mut transaction).await? {
            return Ok(Deleted::ByAnother);
        }
        let rows = delete_batch(&mut transaction, what, at).await?;
        transaction.commit().await?;
        Ok(if rows < BATCH.unsigned_abs() { Deleted::All(rows) } else { Deleted::Some(rows) })
    }
}

async fn delete_batch(connection: &mut PgConnection, what: Finished, at: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let delete = match what {
        Finished::Sessions => return delete_sessions(connection, at - FAMILIAR).await,
        Finished::PasswordResets => sqlx::query!(
            r#"
            delete from password_resets where id = any(array(
                select id from password_resets where expires_at <= $1 order by expires_at limit $2 for update skip locked
            ))
            "#,
            at,
            BATCH,
        ),
        Finished::ProviderSignIns => sqlx::query!(
            r#"
            delete from provider_sign_ins where state_hash = any(array(
                select state_hash from provider_sign_ins where expires_at <= $1 order by expires_at limit $2 for update skip locked
            ))
            "#,
            at,
            BATCH,
        ),
        Finished::RefusedAttempts => sqlx::query!(
            r#"
            delete from refused_attempts where ctid = any(array(
                select ctid from refused_attempts where at < $1 order by at limit $2 for update skip locked
            ))
            "#,
            at - KEPT,
            BATCH,
        ),
        Finished::InvitationCounts => sqlx::query!(
            r#"
            delete from invitation_counts where ctid = any(array(
                select ctid from invitation_counts where day < $1 order by day limit $2 for update skip locked
            ))
            "#,
            at.date_naive() - Days::new(1),
            BATCH,
        ),
        Finished::IdempotencyKeys => sqlx::query!(
            r#"
            delete from idempotency_keys where ctid = any(array(
                select ctid from idempotency_keys where created_at <= $1 order by created_at limit $2 for update skip locked
            ))
            "#,
            at - TimeDelta::hours(HOURS),
            BATCH,
        ),
    };
    Ok(delete.execute(connection).await?.rows_affected())
}

/// Sessions have events, which stay. So it is written down up to when sessions may be missing.
async fn delete_sessions(connection: &mut PgConnection, until: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let delete = sqlx::query!(
        r#"
        delete from sessions where id = any(array(
            select id from sessions where least(ended_at, expires_at) <= $1
            order by least(ended_at, expires_at) limit $2 for update skip locked
        ))
        "#,
        until,
        BATCH,
    );
    let rows = delete.execute(&mut *connection).await?.rows_affected();
    if rows > 0 {
        let note = sqlx::query!(
            r#"
            insert into housekeeping (subject, deleted_until) values ('sessions', $1)
            on conflict (subject) do update set deleted_until = greatest(housekeeping.deleted_until, excluded.deleted_until)
            "#,
            until,
        );
        note.execute(connection).await?;
    }
    Ok(rows)
}
