//! The users of an account whose invitation could not be delivered, in the order of their ids.

use domain::{AccountId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A user whose invitation could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedInvitation {
    /// Their id.
    pub id: UserId,
    /// Their address as it was entered.
    pub email: String,
}

/// At most `limit` users whose invitation failed, after the id `after`.
pub async fn list_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<FailedInvitation>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select id as "id!", email as "email!"
        from users_with_failed_invitation($1)
        where id > $2
        order by id
        limit $3
        "#,
        account_id.uuid(),
        after.map_or(Uuid::nil(), UserId::uuid),
        i64::try_from(limit).unwrap_or(i64::MAX),
    );
    let rows = rows.fetch_all(database).await?;
    Ok(rows.into_iter().map(|row| FailedInvitation { id: UserId::new(row.id), email: row.email }).collect())
}

/// Those of the given users whose invitation has failed.
pub async fn find_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    ids: &[UserId],
) -> Result<Vec<FailedInvitation>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"
        select id as "id!", email as "email!"
        from users_with_failed_invitation($1)
        where id = any($2)
        order by id
        "#,
        account_id.uuid(),
        &ids,
    );
    let rows = rows.fetch_all(database).await?;
    Ok(rows.into_iter().map(|row| FailedInvitation { id: UserId::new(row.id), email: row.email }).collect())
}

/// How many users with an id after `after` have an invitation that failed.
pub async fn count_failed_invitations(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    after: Option<UserId>,
) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from users_with_failed_invitation($1)
        where id > $2
        "#,
        account_id.uuid(),
        after.map_or(Uuid::nil(), UserId::uuid),
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}
