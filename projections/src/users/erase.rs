//! What is personal of a user is wiped from every table that readers ask.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use sqlx::PgConnection;

/// Wipes what is personal: the address, the name, what mail servers said, from where and with what they were signed in or refused, and
/// what they called their API keys.
///
/// # Errors
/// When the database is lost.
pub(super) async fn wipe(connection: &mut PgConnection, account_id: AccountId, id: UserId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let (account, user) = (account_id.uuid(), id.uuid());
    let users = sqlx::query!(
        r#"
        update users set email = '', email_normalised = '', name = null, delivery_detail = null, erased_at = $3
        where account_id = $1 and id = $2
        "#,
        account,
        user,
        at,
    );
    users.execute(&mut *connection).await?;
    let versions = sqlx::query!(
        r#"
        update user_versions set email = '', email_normalised = '', name = null, delivery_detail = null
        where account_id = $1 and id = $2
        "#,
        account,
        user,
    );
    versions.execute(&mut *connection).await?;
    let sessions =
        sqlx::query!("update sessions set address = null, user_agent = null where account_id = $1 and user_id = $2", account, user);
    sessions.execute(&mut *connection).await?;
    let keys = sqlx::query!("update api_keys set name = '' where account_id = $1 and user_id = $2", account, user);
    keys.execute(&mut *connection).await?;
    let links = sqlx::query!("delete from provider_links where account_id = $1 and user_id = $2", account, user);
    links.execute(&mut *connection).await?;
    let attempts = sqlx::query!(
        "update refused_attempts set address = null where account_id = $1 and (user_id = $2 or actor_user_id = $2)",
        account,
        user,
    );
    attempts.execute(&mut *connection).await?;
    Ok(())
}
