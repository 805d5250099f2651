//! `revokeApiKey`: a key is taken out of use for good.

use domain::api_key::{ApiKey, ApiKeyCommand};
use domain::{AccountId, ApiKeyId, Operation, Refusal};
use projections::keys::find_key;

use crate::unit_of_work::{Claims, OneStream};
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
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with a key. Refusal: `NotFound`, also for
    /// keys that the actor may not revoke.
    pub async fn revoke_api_key(&self, ctx: &Context, input: &RevokeApiKey) -> Result<(AccountId, ApiKeyId), Error> {
        let (own, _) = self.authorize_oneself(ctx, "revokeApiKey", Operation::RevokeApiKey)?;
        let account_id = own.account_id();
        let id: ApiKeyId = input.id.parse().map_err(|_| Refusal::NotFound)?;
        let key = find_key(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        // Another user's key is answered like an unknown one, and the attempt is recorded.
        let permit = self.authorize(ctx, "revokeApiKey", Operation::RevokeApiKey, account_id, Some(key.owner));
        let permit = permit.map_err(|_| Refusal::NotFound)?;
        self.run(Claims::of(&permit).user(key.owner), OneStream::<ApiKey>::new(id, ApiKeyCommand::Revoke)).await?;
        Ok((account_id, id))
    }
}
