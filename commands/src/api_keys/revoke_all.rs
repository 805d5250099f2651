//! What ends every API key of a user: a deactivation, an activation and a new password.

use chrono::{DateTime, Utc};
use domain::api_key::{ApiKey, ApiKeyCommand};
use domain::{AccountId, ApiKeyId, UserId};
use projections::keys::{KeyFilter, list_keys};

use super::MAX_API_KEYS;
use crate::Error;
use crate::unit_of_work::UnitOfWork;

impl UnitOfWork<'_> {
    /// Decides that every key of a user is revoked that is in use. The user's lock is held, so no key is created meanwhile.
    pub(crate) async fn revoke_api_keys(&mut self, account_id: AccountId, user_id: UserId, at: DateTime<Utc>) -> Result<(), Error> {
        let filter = KeyFilter { owner: Some(user_id), in_use_at: Some(at) };
        let keys = list_keys::<ApiKeyId>(self.connection(), account_id, filter, None, MAX_API_KEYS.cast_signed()).await?;
        let ids: Vec<_> = keys.into_iter().map(|key| key.id).collect();
        let mut streams = self.load_many::<ApiKey>(account_id, &ids).await?;
        for (id, stream) in ids.iter().zip(&mut streams) {
            self.decide(account_id, *id, stream, ApiKeyCommand::Revoke)?;
        }
        Ok(())
    }
}
