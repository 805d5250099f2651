//! The API keys, looked up on every request of a program.

mod fold;

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiKeyId, ApiScopes, Role, UserId};
use sqlx::PgExecutor;

pub(crate) use fold::{ApiKeyRow, ApiKeys, apply, changes_all};

use crate::keys::parse_scopes;

/// Who asks, as an API key proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiKeyView {
    /// The key.
    pub id: ApiKeyId,
    /// Whose member the owner is.
    pub account_id: AccountId,
    /// The owner.
    pub user_id: UserId,
    /// The owner's role at this moment.
    pub role: Role,
    /// What the key may be used for.
    pub scopes: ApiScopes,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// For whom each of many keys acts at an instant, with the hashes of the keys: those that are neither revoked nor over, of users with
/// access. Others are left out.
pub async fn find_api_keys_by_hash(
    database: impl PgExecutor<'_>,
    token_hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, ApiKeyView)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select k.token_hash, k.id, k.account_id, k.user_id, k.scopes, k.last_used_at, u.role
        from api_keys k
        join users u on u.id = k.user_id and u.account_id = k.account_id
        where k.token_hash = any($1)
            and k.revoked_at is null
            and k.expires_at > $2
            and u.status = 'active'
        "#,
        token_hashes,
        now,
    );
    let keys = rows.fetch_all(database).await?.into_iter().map(|row| {
        let view = ApiKeyView {
            id: ApiKeyId::new(row.id),
            account_id: AccountId::new(row.account_id),
            user_id: UserId::new(row.user_id),
            role: row.role.parse().map_err(|_| sqlx::Error::Decode("users.role holds no role".into()))?,
            scopes: parse_scopes(&row.scopes)?,
            last_used_at: row.last_used_at,
        };
        Ok((row.token_hash, view))
    });
    keys.collect()
}

/// The ids of all keys of a user, also of ended ones.
pub async fn list_ids_of_user(database: impl PgExecutor<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<ApiKeyId>, sqlx::Error> {
    let ids = sqlx::query_scalar!("select id from api_keys where account_id = $1 and user_id = $2", account_id.uuid(), user_id.uuid());
    Ok(ids.fetch_all(database).await?.into_iter().map(ApiKeyId::new).collect())
}
