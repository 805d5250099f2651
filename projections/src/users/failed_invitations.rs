//! The invitations of an account whose mail failed, in the order of their users' ids.

use domain::{AccountId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A user whose invitation could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedInvitation {
    /// The user.
    pub id: UserId,
    /// Their address as it was given.
    pub email: String,
}

/// The next users whose invitation failed: up to `limit` of those after `after`.
///
/// # Errors
/// When the database is lost.
pub async fn list_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<FailedInvitation>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select id, email
        from users
        where account_id = $1 and status = 'invited' and delivery_state = 'failed' and ($2::uuid is null or id > $2)
        order by id
        limit $3
        "#,
        account_id.uuid(),
        after.map(UserId::uuid),
        i64::try_from(limit).unwrap_or(i64::MAX),
    );
    let rows = rows.fetch_all(database).await?;
    Ok(rows.into_iter().map(|row| FailedInvitation { id: UserId::new(row.id), email: row.email }).collect())
}

/// Those of these users whose invitation still counts as failed, in the order of their ids.
///
/// # Errors
/// When the database is lost.
pub async fn find_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    ids: &[UserId],
) -> Result<Vec<FailedInvitation>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"
        select id, email
        from users
        where account_id = $1 and status = 'invited' and delivery_state = 'failed' and id = any($2)
        order by id
        "#,
        account_id.uuid(),
        &ids,
    );
    let rows = rows.fetch_all(database).await?;
    Ok(rows.into_iter().map(|row| FailedInvitation { id: UserId::new(row.id), email: row.email }).collect())
}

/// How many users after `after` have an invitation that failed.
///
/// # Errors
/// When the database is lost.
pub async fn count_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    after: Option<UserId>,
) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from users
        where account_id = $1 and status = 'invited' and delivery_state = 'failed' and ($2::uuid is null or id > $2)
        "#,
        account_id.uuid(),
        after.map(UserId::uuid),
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}
