//! `revokeServiceKey`: a service key is revoked for good.

use domain::service_key::{ServiceKey, ServiceKeyCommand};
use domain::{AccountId, Operation, Refusal, ServiceKeyId};
use event_store::Lock;
use projections::keys::find_key;

use crate::{Commands, Context, Error};

/// Which service key is revoked.
#[derive(Clone, Debug)]
pub struct RevokeServiceKey {
    /// The key's id.
    pub id: String,
}

impl Commands {
    /// Revokes a service key of the actor's account. One that is revoked already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for who is no admin and for every program with a key.
    /// Refusal: `NotFound`.
    pub async fn revoke_service_key(&self, ctx: &Context, input: &RevokeServiceKey) -> Result<(AccountId, ServiceKeyId), Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        self.authorize(ctx, "revokeServiceKey", Operation::RevokeServiceKey, account_id, None)?;
        let id: ServiceKeyId = input.id.parse().map_err(|_| Refusal::NotFound)?;
        find_key(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        self.retrying(|| self.revoke_service_key_once(ctx, account_id, id)).await?;
        Ok((account_id, id))
    }

    async fn revoke_service_key_once(&self, ctx: &Context, account_id: AccountId, id: ServiceKeyId) -> Result<(), Error> {
        let mut work = self.begin(ctx, "revokeServiceKey", account_id, [Lock::ServiceKeys { account_id }.exclusive()]).await?;
        let mut key = work.load::<ServiceKey>(account_id, id).await?;
        work.decide(account_id, id, &mut key, ServiceKeyCommand::Revoke)?;
        work.append().await?;
        work.commit().await
    }
}
