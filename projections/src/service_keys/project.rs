use chrono::{DateTime, Utc};
use domain::service_key::ServiceKeyEvent;
use domain::{AccountId, ServiceKeyId};
use sqlx::PgConnection;

/// Writes that a key was created.
///
/// # Errors
/// When the database is lost.
pub async fn project_service_key_creation(
    connection: &mut PgConnection,
    id: ServiceKeyId,
    event: &ServiceKeyEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ServiceKeyEvent::Created { account_id, name, scopes, expires_at } = event else { return Ok(()) };
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let insert = sqlx::query!(
        r#"
        insert into service_keys (id, account_id, name, scopes, token_hash, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        id.uuid(),
        account_id.uuid(),
        name.as_str(),
        &scopes,
        token_hash.as_slice(),
        at,
        expires_at,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Writes that a key was revoked.
///
/// # Errors
/// When the database is lost.
pub async fn project_service_key_revocation(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: ServiceKeyId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let update =
        sqlx::query!("update service_keys set revoked_at = $3 where account_id = $1 and id = $2", account_id.uuid(), id.uuid(), at);
    update.execute(connection).await?;
    Ok(())
}
