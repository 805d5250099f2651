//! The passwords of users, as hashes. No event and no read model holds them.

use chrono::{DateTime, Utc};
use domain::{AccountId, EmailAddress, UserId};
use sqlx::{PgConnection, PgExecutor};

/// What signing in with a password needs to know of a user.
pub(crate) struct Credentials {
    pub(crate) user_id: UserId,
    pub(crate) is_active: bool,
    pub(crate) password_hash: Option<String>,
}

/// The credentials of the live user of an account who has this address.
pub(crate) async fn find_credentials(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    email: &EmailAddress,
) -> Result<Option<Credentials>, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select u.id, u.status, c.password_hash as "password_hash?"
        from users u
        left join credentials c on c.user_id = u.id and c.account_id = u.account_id
        where u.account_id = $1 and u.email_normalised = $2 and u.status <> 'deleted'
        "#,
        account_id.uuid(),
        email.normalised(),
    );
    let row = row.fetch_optional(database).await?;
    Ok(row.map(|row| Credentials { user_id: UserId::new(row.id), is_active: row.status == "active", password_hash: row.password_hash }))
}

/// The password hash of a user, if they have one.
pub(crate) async fn find_password(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
) -> Result<Option<String>, sqlx::Error> {
    let hash = sqlx::query_scalar!(
        "select password_hash from credentials where account_id = $1 and user_id = $2",
        account_id.uuid(),
        user_id.uuid()
    );
    hash.fetch_optional(database).await
}

/// Stores another hash of the same password; where another password was set meanwhile, that one stays.
pub(crate) async fn replace_hash(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
    old: &str,
    new: &str,
) -> Result<(), sqlx::Error> {
    let update = sqlx::query!(
        "update credentials set password_hash = $4 where account_id = $1 and user_id = $2 and password_hash = $3",
        account_id.uuid(),
        user_id.uuid(),
        old,
        new,
    );
    update.execute(database).await?;
    Ok(())
}

/// Sets the password of a user.
pub(crate) async fn set_password(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_id: UserId,
    hash: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let upsert = sqlx::query!(
        r#"
        insert into credentials (user_id, account_id, password_hash, set_at)
        values ($1, $2, $3, $4)
        on conflict (user_id) do update set password_hash = excluded.password_hash, set_at = excluded.set_at
        "#,
        user_id.uuid(),
        account_id.uuid(),
        hash,
        at,
    );
    upsert.execute(connection).await?;
    Ok(())
}

/// Deletes the passwords of users who were deleted, or may not sign in with one any more.
pub(crate) async fn delete_passwords(connection: &mut PgConnection, account_id: AccountId, user_ids: &[UserId]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = user_ids.iter().map(|id| id.uuid()).collect();
    let delete = sqlx::query!("delete from credentials where account_id = $1 and user_id = any($2)", account_id.uuid(), &ids);
    delete.execute(connection).await?;
    Ok(())
}
