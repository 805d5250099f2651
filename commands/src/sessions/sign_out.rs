//! `signOut`: ends the session of the request.

use domain::session::{EndReason, Session, SessionCommand};
use domain::{Actor, Refusal, SessionId, UserId};

use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error};

impl Commands {
    /// Ends the session through which the actor asks.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with an API key.
    pub async fn sign_out(&self, ctx: &Context) -> Result<(), Error> {
        let (account, user, session) = match ctx.actor {
            Actor::User { account, user, session, .. } => (account, user, session),
            Actor::ApiKey { account, .. } | Actor::ServiceKey { account, .. } => {
                let forbidden = Err(Error::Forbidden);
                let concerned = ctx.actor.user().map_or(Concerned::NoUser, Concerned::User);
                self.note_refusal(ctx, "signOut", account, concerned, &forbidden);
                return forbidden;
            }
            Actor::Visitor | Actor::Operator | Actor::System => return Err(Error::Unauthenticated),
        };
        self.run(&Permit::by_proof(ctx, "signOut", account), &SignOut { user_id: user, id: session }).await
    }
}

struct SignOut {
    user_id: UserId,
    id: SessionId,
}

impl Handler for SignOut {
    type Answer = ();

    fn claims<'a>(&'a self, claims: Claims<'a>) -> Claims<'a> {
        claims.user(self.user_id)
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        let mut session = work.load::<Session>(self.id).await?.owned_by(self.user_id);
        match work.decide(&mut session, SessionCommand::End(EndReason::SignedOut)) {
            Ok(_) => Ok(()),
            Err(Error::Refused { refusal: Refusal::NotFound, .. }) => Err(Error::Unauthenticated),
            Err(other) => Err(other),
        }
    }
}
