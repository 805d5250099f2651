//! Access that is taken or given back, and a new password, end every API key of a user.

use domain::api_key::ApiKey;
use domain::{ApiKeyId, KeyCommand, UserId};
use projections::keys::{KeyFilter, list_keys};

use super::MAX_API_KEYS;
use crate::Error;
use crate::unit_of_work::Deciding;

impl Deciding<'_> {
    /// Revokes every key of a user that is in use. The user's lock is held, so no key is created meanwhile.
    pub(crate) async fn revoke_api_keys(&mut self, user_id: UserId) -> Result<(), Error> {
        let (account_id, at) = (self.account_id(), self.ctx().at);
        let filter = KeyFilter { owner: Some(user_id), in_use_at: Some(at) };
        let keys = list_keys::<ApiKeyId>(self.reading()?, account_id, filter, None, MAX_API_KEYS.cast_signed()).await?;
        let ids: Vec<_> = keys.into_iter().map(|key| key.id).collect();
        for mut key in self.load_many::<ApiKey>(&ids).await? {
            self.decide(&mut key, KeyCommand::Revoke)?;
        }
        Ok(())
    }
}
