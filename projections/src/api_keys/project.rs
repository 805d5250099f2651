use chrono::{DateTime, Utc};
use domain::api_key::ApiKeyEvent;
use domain::{AccountId, ApiKeyId};
use sqlx::PgConnection;

/// Writes that a key was made.
///
/// # Errors
/// When the database is lost.
pub async fn project_api_key_creation(
    connection: &mut PgConnection,
    id: ApiKeyId,
    event: &ApiKeyEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ApiKeyEvent::Created { account_id, user_id, name, scopes, expires_at } = event else { return Ok(()) };
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let insert = sqlx::query!(
        r#"
        insert into api_keys (id, account_id, user_id, name, scopes, token_hash, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        id.uuid(),
        account_id.uuid(),
        user_id.uuid(),
        name.known().map_or("", |name| name.as_str()),
        &scopes,
        token_hash.as_slice(),
        at,
        expires_at,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Writes that a key was taken out of use.
///
/// # Errors
/// When the database is lost.
pub async fn project_api_key_revocation(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: ApiKeyId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let update = sqlx::query!("update api_keys set revoked_at = $3 where account_id = $1 and id = $2", account_id.uuid(), id.uuid(), at);
    update.execute(connection).await?;
    Ok(())
}
