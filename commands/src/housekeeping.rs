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

/// Deletes a batch of the rows whose time, a column, compares so with an instant: the oldest first.
macro_rules! delete_oldest {
    ($table:literal by $key:literal, $time:literal $comparison:literal $until:expr) => {
        sqlx::query!(
            "delete from "
                + $table
                + " where "
                + $key
                + " = any(array(select "
                + $key
                + " from "
                + $table
                + " where "
                + $time
                + " "
                + $comparison
                + " $1 order by "
                + $time
                + " limit $2 for update skip locked))",
            $until,
            BATCH,
        )
    };
}

async fn delete_batch(connection: &mut PgConnection, what: Finished, at: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let delete = match what {
        Finished::Sessions => return delete_sessions(connection, at - FAMILIAR).await,
        Finished::PasswordResets => delete_oldest!("password_resets" by "id", "expires_at" "<=" at),
        Finished::ProviderSignIns => delete_oldest!("provider_sign_ins" by "state_hash", "expires_at" "<=" at),
        Finished::RefusedAttempts => delete_oldest!("refused_attempts" by "ctid", "at" "<" at - KEPT),
        Finished::InvitationCounts => delete_oldest!("invitation_counts" by "ctid", "day" "<" at.date_naive() - Days::new(1)),
        Finished::IdempotencyKeys => delete_oldest!("idempotency_keys" by "ctid", "created_at" "<=" at - TimeDelta::hours(HOURS)),
    };
    Ok(delete.execute(connection).await?.rows_affected())
}

/// Sessions have events, which stay. So it is written down up to when sessions may be missing.
async fn delete_sessions(connection: &mut PgConnection, until: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let delete = delete_oldest!("sessions" by "id", "least(ended_at, expires_at)" "<=" until);
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
