//! How far a rebuild has come.

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool};

use super::compare::Chunk;

/// The newest rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was done; `None` while it goes on, or waits to be taken up.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many users are done.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

impl Progress {
    /// Which part is done, from 0 to 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no one needs more than a few digits")]
    pub fn part(&self) -> f64 {
        if self.finished_at.is_some() || self.total == 0 { 1.0 } else { (self.done as f64 / self.total as f64).min(1.0) }
    }
}

/// How far the newest rebuild has come; `None` when there has been none.
pub async fn find_progress(database: impl PgExecutor<'_>) -> Result<Option<Progress>, sqlx::Error> {
    let row = sqlx::query!("select started_at, finished_at, done, total from projection_rebuilds order by id desc limit 1");
    let row = row.fetch_optional(database).await?;
    Ok(row.map(|row| Progress {
        started_at: row.started_at,
        finished_at: row.finished_at,
        done: row.done.unsigned_abs(),
        total: row.total.unsigned_abs(),
    }))
}

/// A rebuild under way.
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) last_user: String,
    pub(super) done: u64,
}

/// Takes up the rebuild that was interrupted, or starts another.
pub(super) async fn begin_or_resume(pool: &PgPool, total: u64) -> Result<Run, sqlx::Error> {
    let row = sqlx::query!("select id, last_user, done from projection_rebuilds where finished_at is null order by id desc limit 1");
    if let Some(row) = row.fetch_optional(pool).await? {
        return Ok(Run { id: row.id, last_user: row.last_user, done: row.done.unsigned_abs() });
    }
    let begin = sqlx::query_scalar!("insert into projection_rebuilds (total) values ($1) returning id", total.cast_signed());
    Ok(Run { id: begin.fetch_one(pool).await?, last_user: String::new(), done: 0 })
}

/// Up to whom a rebuild has come, with all processes that share it.
pub(super) async fn find_last_user(pool: &PgPool, id: i64) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!("select last_user from projection_rebuilds where id = $1", id).fetch_one(pool).await
}

impl Run {
    /// Notes that people are done. Where another process has noted them before, it goes on where that one is.
    pub(super) async fn advance(&mut self, pool: &PgPool, chunk: &Chunk, repaired: i64) -> Result<(), sqlx::Error> {
        let update = sqlx::query!(
            r#"
            update projection_rebuilds set
                done = done + case when last_user = $2 then $4::bigint else 0 end,
                last_user = greatest(last_user collate "C", $3 collate "C"),
                repaired = repaired + $5
            where id = $1
            returning last_user, done
            "#,
            self.id,
            self.last_user,
            chunk.last,
            chunk.users.cast_signed(),
            repaired,
        );
        let row = update.fetch_one(pool).await?;
        (self.last_user, self.done) = (row.last_user, row.done.unsigned_abs());
        Ok(())
    }

    pub(super) async fn finish(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let update = sqlx::query!("update projection_rebuilds set finished_at = clock_timestamp() where id = $1", self.id);
        update.execute(pool).await?;
        Ok(())
    }
}
