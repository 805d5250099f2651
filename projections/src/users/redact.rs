//! Redacts what tables hold of erased users besides their own rows.

use domain::{AccountId, UserId};
use sqlx::PgConnection;

/// Redacts the versions of the past of erased users, and the addresses from which something was refused to them.
pub(crate) async fn redact_past(connection: &mut PgConnection, erased: &[(AccountId, UserId)]) -> Result<(), sqlx::Error> {
    if erased.is_empty() {
        return Ok(());
    }
    let (accounts, users): (Vec<_>, Vec<_>) = erased.iter().map(|(account, user)| (account.uuid(), user.uuid())).unzip();
    // As `Past::redact` does.
    let versions = sqlx::query!(
        r#"
        update user_versions v set email = '', email_normalised = '', name = null, delivery_detail = null
        from unnest($1::uuid[], $2::uuid[]) as e (account_id, id)
        where v.account_id = e.account_id and v.id = e.id
        "#,
        &accounts,
        &users,
    );
    versions.execute(&mut *connection).await?;
    let attempts = sqlx::query!(
        r#"
        update refused_attempts r set address = null
        from unnest($1::uuid[], $2::uuid[]) as e (account_id, user_id)
        where r.account_id = e.account_id and (r.user_id = e.user_id or r.actor_user_id = e.user_id)
        "#,
        &accounts,
        &users,
    );
    attempts.execute(connection).await?;
    Ok(())
}
