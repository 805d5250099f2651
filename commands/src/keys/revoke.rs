//! `revokeApiKey` and `revokeServiceKey`: a key is revoked for good.

use domain::{AccountId, ApiKeyId, KeyCommand, Operation, Refusal, ServiceKeyId};
use projections::keys::{ListedKey, find_key};

use super::kind::Kind;
use crate::unit_of_work::{Claims, OneStream};
use crate::{Commands, Context, Error};

impl Commands {
    /// Revokes a key of the actor or, for who may, of another user of their account. One that is revoked already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with a key. Refusal: `NotFound`, also for
    /// keys that the actor may not revoke.
    pub async fn revoke_api_key(&self, ctx: &Context, id: &str) -> Result<(AccountId, ApiKeyId), Error> {
        let (own, _) = self.authorize_oneself(ctx, "revokeApiKey", Operation::RevokeApiKey)?;
        let key = self.key_to_revoke::<ApiKeyId>(own.account_id(), id).await?;
        // Another user's key is answered like an unknown one, and the attempt is recorded.
        let permit = self.authorize(ctx, "revokeApiKey", Operation::RevokeApiKey, key.account_id, key.owner);
        let permit = permit.map_err(|_| Refusal::NotFound)?;
        self.revoke_key(Claims::of(&permit).users(key.owner.as_slice()), &key).await
    }

    /// Revokes a service key of the actor's account. One that is revoked already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a key.
    /// Refusal: `NotFound`.
    pub async fn revoke_service_key(&self, ctx: &Context, id: &str) -> Result<(AccountId, ServiceKeyId), Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let permit = self.authorize(ctx, "revokeServiceKey", Operation::RevokeServiceKey, account_id, None)?;
        let key = self.key_to_revoke::<ServiceKeyId>(account_id, id).await?;
        self.revoke_key(Claims::of(&permit).service_keys(), &key).await
    }

    async fn key_to_revoke<K: Kind>(&self, account_id: AccountId, id: &str) -> Result<ListedKey<K>, Error> {
        let id = id.parse().map_err(|_| Refusal::NotFound)?;
        Ok(find_key(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?)
    }

    async fn revoke_key<K: Kind>(&self, claims: Claims, key: &ListedKey<K>) -> Result<(AccountId, K), Error> {
        self.run(claims, OneStream::<K::Stream>::new(key.id, KeyCommand::Revoke)).await?;
        Ok((key.account_id, key.id))
    }
}
