//! `signOut`: ends the session of the request.

use domain::session::{EndReason, Session, SessionCommand};
use domain::{Actor, Refusal};

use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::unit_of_work::{Claims, OneStream};
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
        let permit = Permit::by_proof(ctx, "signOut", account);
        let end = OneStream::<Session>::new(session, SessionCommand::End(EndReason::SignedOut)).owned_by(user);
        match self.run(Claims::of(&permit).user(user).stream::<Session>(session), end).await {
            Err(Error::Refused { refusal: Refusal::NotFound, .. }) => Err(Error::Unauthenticated),
            result => result,
        }
    }
}
