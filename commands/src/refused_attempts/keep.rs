//! Writing the attempts that wait, many in one statement, and deleting the oldest.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{AccountId, UserId};
use event_store::{Lock, Locks};
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue::{Attempt, RefusedAttempts, Waiting};
use crate::{Commands, Error, Fault};

/// For how long attempts are kept.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(90);

/// What became of the attempts that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenAttempts {
    /// So many were written.
    pub written: usize,
    /// So many found no room in the queue, and are lost.
    pub dropped: u64,
}

impl Commands {
    /// Writes the refused attempts that wait, in one transaction, and takes out those of the same accounts that are too many now. So a
    /// table is never scanned for them, and never holds more.
    ///
    /// # Errors
    /// When the database fails. If it is unavailable, the attempts wait to be written later; otherwise they are lost.
    pub async fn write_refused_attempts(&self) -> Result<WrittenAttempts, Error> {
        let mut taken = Taken { queue: &self.refused_attempts, waiting: self.refused_attempts.take_all() };
        let result = match taken.waiting.attempts.as_slice() {
            [] => Ok(()),
            attempts => self.retrying(|| self.write_attempts(attempts)).await,
        };
        if matches!(result, Err(Error::Fault(Fault::Unavailable(_)))) {
            return result.map(|()| WrittenAttempts { written: 0, dropped: 0 });
        }
        let Waiting { attempts, dropped, .. } = std::mem::take(&mut taken.waiting);
        result.map(|()| WrittenAttempts { written: attempts.len(), dropped })
    }

    async fn write_attempts(&self, attempts: &[Attempt]) -> Result<(), Error> {
        let accounts: BTreeSet<_> = attempts.iter().map(|attempt| attempt.account_id).collect();
        let mut transaction = self.pool.begin().await?;
        let claims = accounts.iter().map(|&account_id| Lock::RefusedAttempts { account_id }.exclusive());
        Locks::new(claims).take(&mut transaction).await?;
        insert(&mut transaction, attempts).await?;
        drop_oldest(&mut transaction, &accounts, self.refused_attempts.most_kept).await?;
        Ok(transaction.commit().await?)
    }
}

/// Attempts that are being written. What is left of them when this is dropped, because the database is unavailable or the caller gave up,
/// waits again.
struct Taken<'a> {
    queue: &'a RefusedAttempts,
    waiting: Waiting,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.attempts.is_empty() || waiting.dropped > 0 {
            self.queue.put_back(waiting);
        }
    }
}

/// An erasure holds the account's lock too: it redacts what was written before it, and is seen by what is written after it. By then it may
/// be unknown whom an attempt to sign in concerned, so every attempt from before an erasure loses its address.
async fn insert(connection: &mut PgConnection, attempts: &[Attempt]) -> Result<(), sqlx::Error> {
    fn column<'a, T>(attempts: &'a [Attempt], value: impl Fn(&'a Attempt) -> T) -> Vec<T> {
        attempts.iter().map(value).collect()
    }
    let insert = sqlx::query!(
        r#"
        insert into refused_attempts
            (account_id, number, id, at, operation, code, actor, actor_user_id, user_id, request_id, address)
        select
            a.account_id,
            coalesce((select max(k.number) from refused_attempts k where k.account_id = a.account_id), 0)
                + row_number() over (partition by a.account_id order by a.place),
            a.id, a.at, a.operation, a.code, a.actor, a.actor_user_id, concerned.id, a.request_id,
            case
                when exists (
                    select from erased_persons e
                    where e.account_id = a.account_id and e.person_id in (concerned.id, a.actor_user_id)
                ) then null
                when exists (select from erased_persons e where e.account_id = a.account_id and e.erased_at >= a.at) then null
                else a.address
            end
        from unnest(
            $1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[],
            $10::text[], $11::text[]
        ) with ordinality as a (
            account_id, id, at, operation, code, actor, actor_user_id, user_id, email, request_id, address, place
        )
        cross join lateral (
            select coalesce(
                (select u.id from users u where u.account_id = a.account_id and u.id = a.user_id),
                (
                    select u.id from users u
                    where u.account_id = a.account_id and u.email_normalised = a.email and u.status <> 'deleted'
                )
            ) as id
        ) concerned
        "#,
        &column(attempts, |attempt| attempt.account_id.uuid()),
        &column(attempts, |attempt| attempt.id),
        &column(attempts, |attempt| attempt.at),
        &column(attempts, |attempt| attempt.operation_name.to_string()),
        &column(attempts, |attempt| attempt.code.to_owned()),
        &column(attempts, |attempt| attempt.actor.to_string()),
        &column(attempts, |attempt| attempt.actor.user().map(UserId::uuid)) as &[Option<Uuid>],
        &column(attempts, |attempt| attempt.user().map(UserId::uuid)) as &[Option<Uuid>],
        &column(attempts, Attempt::email) as &[Option<&str>],
        &column(attempts, |attempt| attempt.request_id.as_deref()) as &[Option<&str>],
        &column(attempts, |attempt| attempt.address.map(|address| address.to_string())) as &[Option<String>],
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Numbers have no gaps: those that are too old are known by the newest.
async fn drop_oldest(connection: &mut PgConnection, accounts: &BTreeSet<AccountId>, most: u32) -> Result<(), sqlx::Error> {
    let accounts: Vec<_> = accounts.iter().map(|account_id| account_id.uuid()).collect();
    let delete = sqlx::query!(
        r#"
        with too_old as (
            select account_id, (select max(k.number) from refused_attempts k where k.account_id = a.account_id) - $2 as number
            from unnest($1::uuid[]) as a (account_id)
        )
        delete from refused_attempts r
        using too_old
        where r.account_id = too_old.account_id and r.number <= too_old.number
        "#,
        &accounts,
        i64::from(most),
    );
    delete.execute(connection).await?;
    Ok(())
}
