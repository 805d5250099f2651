//! What was tried in an account and refused, as far as it was kept. `commands` writes it.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

/// Something that was tried and refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAttempt {
    /// Its place among those of the account: the later it was kept, the higher.
    pub number: i64,
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The mutation, such as `inviteUser`; or `signInWithProvider`.
    pub operation: String,
    /// Why: the stable code of the refusal.
    pub code: String,
    /// Who tried it, as the metadata of events names them.
    pub actor: String,
    /// Upon whom, or as whom.
    pub user_id: Option<UserId>,
    /// The HTTP request.
    pub request_id: Option<String>,
    /// From where; nothing once somebody whom it concerns was erased.
    pub address: Option<String>,
}

/// Which attempts are listed. Every part narrows; parts that are absent do not.
#[derive(Clone, Debug, Default)]
pub struct RefusedAttemptFilter {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Tried by this user, or by one of their API keys.
    pub actor: Option<UserId>,
    /// Upon this user, or as them.
    pub user: Option<UserId>,
    /// Refused with one of these codes.
    pub codes: Option<Vec<String>>,
}

/// At most `limit` attempts of an account, the newest first, beginning with the one that is next older than number `after`.
///
/// # Errors
/// When the database is lost.
pub async fn list_refused_attempts(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &RefusedAttemptFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<RefusedAttempt>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select number, id, at, operation, code, actor, user_id, request_id, address
        from refused_attempts
        where account_id = $1
            and ($2::timestamptz is null or at >= $2)
            and ($3::timestamptz is null or at < $3)
            and ($4::uuid is null or actor_user_id = $4 or actor = 'service_key:' || $4::text)
            and ($5::uuid is null or user_id = $5)
            and ($6::text[] is null or code = any($6))
            and ($7::bigint is null or number < $7)
        order by number desc
        limit $8
        "#,
        account_id.uuid(),
        filter.from,
        filter.before,
        filter.actor.map(UserId::uuid),
        filter.user.map(UserId::uuid),
        filter.codes.as_deref(),
        after,
        limit,
    );
    let attempts = rows.fetch_all(database).await?.into_iter().map(|row| RefusedAttempt {
        number: row.number,
        id: row.id,
        at: row.at,
        operation: row.operation,
        code: row.code,
        actor: row.actor,
        user_id: row.user_id.map(UserId::new),
        request_id: row.request_id,
        address: row.address,
    });
    Ok(attempts.collect())
}

/// An attempt of an account, if it is still kept.
///
/// # Errors
/// When the database is lost.
pub async fn find_refused_attempt(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: Uuid,
) -> Result<Option<RefusedAttempt>, sqlx::Error> {
    let select = sqlx::query!(
        r#"
        select number, id, at, operation, code, actor, user_id, request_id, address
        from refused_attempts
        where account_id = $1 and id = $2
        "#,
        account_id.uuid(),
        id,
    );
    let row = select.fetch_optional(database).await?;
    Ok(row.map(|row| RefusedAttempt {
        number: row.number,
        id: row.id,
        at: row.at,
        operation: row.operation,
        code: row.code,
        actor: row.actor,
        user_id: row.user_id.map(UserId::new),
        request_id: row.request_id,
        address: row.address,
    }))
}

/// How many attempts of an account a filter lets through.
///
/// # Errors
/// When the database is lost.
pub async fn count_refused_attempts(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &RefusedAttemptFilter,
) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from refused_attempts
        where account_id = $1
            and ($2::timestamptz is null or at >= $2)
            and ($3::timestamptz is null or at < $3)
            and ($4::uuid is null or actor_user_id = $4 or actor = 'service_key:' || $4::text)
            and ($5::uuid is null or user_id = $5)
            and ($6::text[] is null or code = any($6))
        "#,
        account_id.uuid(),
        filter.from,
        filter.before,
        filter.actor.map(UserId::uuid),
        filter.user.map(UserId::uuid),
        filter.codes.as_deref(),
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}
