//! `signOut`: the session that asks is over.

use domain::session::{EndReason, Session, SessionCommand};
use domain::{AccountId, Actor, Refusal, SessionId, UserId};
use event_store::Lock;

use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error};

impl Commands {
    /// Ends the session through which the actor asks.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for a program with an API key.
    pub async fn sign_out(&self, ctx: &Context) -> Result<(), Error> {
        let (account, user, session) = match ctx.actor {
            Actor::User { account, user, session, .. } => (account, user, session),
            Actor::ApiKey { account, .. } | Actor::ServiceKey { account, .. } => {
                let forbidden = Err(Error::Forbidden);
                let concerned = ctx.actor.user().map_or(Concerned::Nobody, Concerned::User);
                self.note_refusal(ctx, "signOut", account, concerned, &forbidden);
                return forbidden;
            }
            Actor::Visitor | Actor::Operator | Actor::System => return Err(Error::Unauthenticated),
        };
        self.retrying(|| self.sign_out_once(ctx, account, user, session)).await
    }

    async fn sign_out_once(&self, ctx: &Context, account_id: AccountId, user_id: UserId, id: SessionId) -> Result<(), Error> {
        let mut work = self.begin(ctx, "signOut", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut session = work.load::<Session>(account_id, id).await?;
        match work.decide(account_id, id, &mut session, SessionCommand::End(EndReason::SignedOut)) {
            Ok(_) => {}
            Err(Error::Refused { refusal: Refusal::NotFound, .. }) => return Err(Error::Unauthenticated),
            Err(other) => return Err(other),
        }
        work.append().await?;
        work.commit().await
    }
}
