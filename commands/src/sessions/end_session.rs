//! `endSession`: a session is ended from elsewhere, by the user or by an admin.

use domain::session::{EndReason, Session, SessionCommand};
use domain::{AccountId, Operation, Refusal, SessionId, UserId};
use event_store::Lock;
use projections::sessions::find_session_owner;

use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error};

impl Commands {
    /// Ends a session of the actor or, for who may, of another user of their account. One that is over already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for a program with an API key. Refusal: `NotFound`, also
    /// for sessions that the actor may not end.
    pub async fn end_session(&self, ctx: &Context, id: &str) -> Result<SessionId, Error> {
        let (account_id, _) = self.authorize_oneself(ctx, "endSession", Operation::EndSession)?;
        let id: SessionId = id.parse().map_err(|_| Refusal::NotFound)?;
        let owner = find_session_owner(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        if !ctx.actor.may(Operation::EndSession, Some(owner)) {
            // It is answered like an unknown session, and recorded as what it is.
            self.note_refusal(ctx, "endSession", account_id, Concerned::User(owner), &Err::<(), _>(Error::Forbidden));
            return Err(Refusal::NotFound.into());
        }
        self.retrying(|| self.end_session_once(ctx, account_id, owner, id)).await?;
        Ok(id)
    }

    async fn end_session_once(&self, ctx: &Context, account_id: AccountId, user_id: UserId, id: SessionId) -> Result<(), Error> {
        let mut work = self.begin(ctx, "endSession", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut session = work.load::<Session>(account_id, id).await?;
        work.decide(account_id, id, &mut session, SessionCommand::End(EndReason::Ended))?;
        work.append().await?;
        work.commit().await
    }
}
