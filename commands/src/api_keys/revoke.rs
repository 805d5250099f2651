//! `revokeApiKey`: a key is taken out of use for good.

use domain::api_key::{ApiKey, ApiKeyCommand};
use domain::{AccountId, ApiKeyId, Operation, Refusal, UserId};
use event_store::Lock;
use projections::keys::find_key;

use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error};

/// Which key is taken out of use.
#[derive(Clone, Debug)]
pub struct RevokeApiKey {
    /// The key's id.
    pub id: String,
}

impl Commands {
    /// Revokes a key of the actor or, for who may, of another user of their account. One that is revoked already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for a program with a key. Refusal: `NotFound`, also for
    /// keys that the actor may not revoke.
    pub async fn revoke_api_key(&self, ctx: &Context, input: &RevokeApiKey) -> Result<(AccountId, ApiKeyId), Error> {
        let (account_id, _) = self.authorize_oneself(ctx, "revokeApiKey", Operation::RevokeApiKey)?;
        let id: ApiKeyId = input.id.parse().map_err(|_| Refusal::NotFound)?;
        let key = find_key(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        if !ctx.actor.may(Operation::RevokeApiKey, Some(key.owner)) {
            // It is answered like an unknown key, and recorded as what it is.
            self.note_refusal(ctx, "revokeApiKey", account_id, Concerned::User(key.owner), &Err::<(), _>(Error::Forbidden));
            return Err(Refusal::NotFound.into());
        }
        self.retrying(|| self.revoke_api_key_once(ctx, account_id, key.owner, id)).await?;
        Ok((account_id, id))
    }

    async fn revoke_api_key_once(&self, ctx: &Context, account_id: AccountId, user_id: UserId, id: ApiKeyId) -> Result<(), Error> {
        let mut work = self.begin(ctx, "revokeApiKey", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut key = work.load::<ApiKey>(account_id, id).await?;
        work.decide(account_id, id, &mut key, ApiKeyCommand::Revoke)?;
        work.append().await?;
        work.commit().await
    }
}
