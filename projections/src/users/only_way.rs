//! Who would be left without a way to sign in.

use domain::{AccountId, AuthMethodId, AuthMethods};
use sqlx::PgExecutor;

/// A way to sign in that some live user of an account has as their only configured one, and that is not among those to be kept.
pub async fn find_only_way(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    kept: &AuthMethods,
    configured: &AuthMethods,
) -> Result<Option<AuthMethodId>, sqlx::Error> {
    let texts = |methods: &AuthMethods| methods.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
    let found = sqlx::query_scalar!(
        r#"
        select auth_methods
        from users
        where account_id = $1 and status <> 'deleted' and not auth_methods && $2 and auth_methods && $3
        limit 1
        "#,
        account_id.uuid(),
        &texts(kept),
        &texts(configured),
    );
    let found = found.fetch_optional(database).await?.unwrap_or_default();
    Ok(found.iter().filter_map(|id| AuthMethodId::parse(id).ok()).find(|id| configured.contains(id)))
}
