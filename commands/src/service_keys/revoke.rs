//! `revokeServiceKey`: a service key is revoked for good.

use domain::service_key::{ServiceKey, ServiceKeyCommand};
use domain::{AccountId, Operation, Refusal, ServiceKeyId};
use projections::keys::find_key;

use crate::unit_of_work::{Claims, OneStream};
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
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a key.
    /// Refusal: `NotFound`.
    pub async fn revoke_service_key(&self, ctx: &Context, input: &RevokeServiceKey) -> Result<(AccountId, ServiceKeyId), Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let permit = self.authorize(ctx, "revokeServiceKey", Operation::RevokeServiceKey, account_id, None)?;
        let id: ServiceKeyId = input.id.parse().map_err(|_| Refusal::NotFound)?;
        find_key(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        self.run(Claims::of(&permit).service_keys(), OneStream::<ServiceKey>::new(id, ServiceKeyCommand::Revoke)).await?;
        Ok((account_id, id))
    }
}
