//! Access that is taken or given back, and a new password, end every API key of a user.

use chrono::{DateTime, Utc};
use domain::api_key::ApiKey;
use domain::{AccountId, ApiKeyId, KeyCommand, UserId};
use sqlx::PgConnection;

use crate::Error;
use crate::unit_of_work::Deciding;

impl Deciding<'_> {
    /// Revokes every key of these users that is in use. The locks of the users are held, so no key is created meanwhile.
    pub(crate) async fn revoke_api_keys(&mut self, user_ids: &[UserId]) -> Result<(), Error> {
        if user_ids.is_empty() {
            return Ok(());
        }
        let at = self.ctx().at;
        let ids = self.reading()?.find_keys_in_use(user_ids, at).await?;
        if ids.is_empty() {
            return Ok(());
        }
        for mut key in self.load_many::<ApiKey>(&ids).await? {
            self.decide(&mut key, KeyCommand::Revoke)?;
        }
        Ok(())
    }
}

/// The keys of some users that work at an instant.
pub(crate) async fn find_keys_in_use(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_ids: &[UserId],
    at: DateTime<Utc>,
) -> Result<Vec<ApiKeyId>, sqlx::Error> {
    let ids: Vec<_> = user_ids.iter().map(|id| id.uuid()).collect();
    let keys = sqlx::query_scalar!(
        r#"
        select id
        from api_keys
        where account_id = $1 and user_id = any($2) and revoked_at is null and expires_at > $3
        order by created_at desc, id desc
        "#,
        account_id.uuid(),
        &ids,
        at,
    );
    Ok(keys.fetch_all(connection).await?.into_iter().map(ApiKeyId::new).collect())
}
