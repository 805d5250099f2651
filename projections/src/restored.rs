//! What takes effect again in a database that was restored, although it may have ended since the backup was made.

use sqlx::PgExecutor;

/// What was under way when the backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Mails that wait to be sent.
    pub mails: u64,
    /// Sessions that are not over.
    pub sessions: u64,
    /// API keys and service keys that are neither revoked nor expired.
    pub api_keys: u64,
}

/// Counts what is under way in all accounts, by the clock of the database.
pub async fn count(database: impl PgExecutor<'_>) -> Result<UnderWay, sqlx::Error> {
    let count = sqlx::query!(
        r#"
        select
            (select count(*) from mail_outbox where expires_at > now()) as "mails!",
            (
                select count(*)
                from sessions s
                join users u on u.id = s.user_id
                where s.ended_at is null and s.expires_at > now() and s.started_at >= u.sessions_valid_from
            ) as "sessions!",
            (select count(*) from api_keys where revoked_at is null and expires_at > now())
                + (select count(*) from service_keys where revoked_at is null and expires_at > now()) as "api_keys!"
        "#
    );
    let row = count.fetch_one(database).await?;
    let count = |count: i64| count.unsigned_abs();
    Ok(UnderWay { mails: count(row.mails), sessions: count(row.sessions), api_keys: count(row.api_keys) })
}
