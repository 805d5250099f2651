//! Who users are to the providers that they sign in with.

use chrono::{DateTime, Utc};
use domain::user::UserEvent;
use domain::{AccountId, AuthMethodId, UserId};
use sqlx::{PgConnection, PgExecutor};

use super::project::texts;

/// Writes what an event says of a user's links.
///
/// # Errors
/// When the database is lost, or somebody else of the account is linked to the same person there
/// (`provider_links_one_user_per_subject`).
pub(super) async fn project_links(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    event: &UserEvent,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    match event {
        UserEvent::ProviderLinked { auth_method, issuer, subject } => {
            let Some(subject) = subject.known() else { return Ok(()) };
            let insert = sqlx::query!(
                r#"
                insert into provider_links (account_id, user_id, auth_method, issuer, subject, linked_at)
                values ($1, $2, $3, $4, $5, $6)
                "#,
                account_id.uuid(),
                id.uuid(),
                auth_method.as_str(),
                issuer,
                subject,
                at,
            );
            insert.execute(connection).await?;
        }
        UserEvent::AuthMethodsChanged { to, .. } => delete_links(connection, account_id, id, &texts(to)).await?,
        UserEvent::Deleted {} | UserEvent::Left {} => delete_links(connection, account_id, id, &[]).await?,
        _ => {}
    }
    Ok(())
}

async fn delete_links(connection: &mut PgConnection, account_id: AccountId, id: UserId, kept: &[String]) -> Result<(), sqlx::Error> {
    let delete = sqlx::query!(
        "delete from provider_links where account_id = $1 and user_id = $2 and auth_method <> all($3)",
        account_id.uuid(),
        id.uuid(),
        kept,
    );
    delete.execute(connection).await?;
    Ok(())
}

/// The user of an account who is this person to a provider.
///
/// # Errors
/// When the database is lost.
pub async fn find_linked_user(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    auth_method: &AuthMethodId,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select user_id from provider_links where account_id = $1 and auth_method = $2 and issuer = $3 and subject = $4",
        account_id.uuid(),
        auth_method.as_str(),
        issuer,
        subject,
    );
    Ok(found.fetch_optional(database).await?.map(UserId::new))
}
