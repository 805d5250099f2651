//! The links for a new password that are open. Nothing here gives access: what a link ends with is signed, not stored.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, PasswordResetId, UserId};
use sqlx::{PgConnection, PgExecutor};

/// How long a link works, in hours.
const HOURS: i64 = 1;

/// When a link expires that is asked for now.
pub(crate) fn expiry(at: DateTime<Utc>) -> DateTime<Utc> {
    at + TimeDelta::hours(HOURS)
}

/// Writes a link that is open from now on.
pub(crate) async fn insert_reset(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_id: UserId,
    id: PasswordResetId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let insert = sqlx::query!(
        "insert into password_resets (id, account_id, user_id, requested_at, expires_at) values ($1, $2, $3, $4, $5)",
        id.uuid(),
        account_id.uuid(),
        user_id.uuid(),
        at,
        expiry(at),
    );
    insert.execute(connection).await?;
    Ok(())
}

/// How many links of a user work at an instant.
pub(crate) async fn count_open_resets(connection: &mut PgConnection, user_id: UserId, at: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from password_resets where user_id = $1 and expires_at > $2"#,
        user_id.uuid(),
        at
    );
    count.fetch_one(connection).await
}

/// The account of a link, if it works at an instant.
pub(crate) async fn find_open_reset(
    database: impl PgExecutor<'_>,
    user_id: UserId,
    id: PasswordResetId,
    at: DateTime<Utc>,
) -> Result<Option<AccountId>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select account_id from password_resets where id = $1 and user_id = $2 and expires_at > $3",
        id.uuid(),
        user_id.uuid(),
        at,
    );
    Ok(found.fetch_optional(database).await?.map(AccountId::new))
}

/// Deletes the links of users. Their mails leave the outbox with them.
pub(crate) async fn delete_resets(connection: &mut PgConnection, account_id: AccountId, user_ids: &[UserId]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = user_ids.iter().map(|id| id.uuid()).collect();
    let delete = sqlx::query!("delete from password_resets where account_id = $1 and user_id = any($2)", account_id.uuid(), &ids);
    delete.execute(connection).await?;
    Ok(())
}
