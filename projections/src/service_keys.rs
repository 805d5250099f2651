//! The service keys, looked up on every request of a program that acts for an account.

mod fold;

use chrono::{DateTime, Utc};
use domain::{AccountId, ApiScopes, ServiceKeyId};
use sqlx::PgExecutor;

pub(crate) use fold::ServiceKeyRow;

use crate::keys::parse_scopes;

/// Who asks, as a service key proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceKeyView {
    /// The key.
    pub id: ServiceKeyId,
    /// The account for which it acts.
    pub account_id: AccountId,
    /// What the key may be used for.
    pub scopes: ApiScopes,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// For which account each of many keys acts at an instant, with the hashes of the keys: those that are neither revoked nor over. Others
/// are left out.
pub async fn find_service_keys_by_hash(
    database: impl PgExecutor<'_>,
    token_hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, ServiceKeyView)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select token_hash, id, account_id, scopes, last_used_at
        from service_keys
        where token_hash = any($1)
            and revoked_at is null
            and expires_at > $2
        "#,
        token_hashes,
        now,
    );
    let keys = rows.fetch_all(database).await?.into_iter().map(|row| {
        let view = ServiceKeyView {
            id: ServiceKeyId::new(row.id),
            account_id: AccountId::new(row.account_id),
            scopes: parse_scopes(&row.scopes)?,
            last_used_at: row.last_used_at,
        };
        Ok((row.token_hash, view))
    });
    keys.collect()
}

/// The names of these keys of an account. Keys of other accounts are left out.
pub async fn find_service_key_names(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    ids: &[ServiceKeyId],
) -> Result<Vec<(ServiceKeyId, String)>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!("select id, name from service_keys where account_id = $1 and id = any($2)", account_id.uuid(), &ids);
    Ok(rows.fetch_all(database).await?.into_iter().map(|row| (ServiceKeyId::new(row.id), row.name)).collect())
}
