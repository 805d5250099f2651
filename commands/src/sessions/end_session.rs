//! `endSession`: a session is ended from elsewhere, by the user or by an admin.

use domain::session::{EndReason, Session, SessionCommand};
use domain::{Operation, Refusal, SessionId};
use projections::sessions::find_session_owner;

use crate::unit_of_work::{Claims, OneStream};
use crate::{Commands, Context, Error};

impl Commands {
    /// Ends a session of the actor or, for who may, of another user of their account. One that is over already stays so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with an API key. Refusal: `NotFound`, also
    /// for sessions that the actor may not end.
    pub async fn end_session(&self, ctx: &Context, id: &str) -> Result<SessionId, Error> {
        let (own, _) = self.authorize_oneself(ctx, "endSession", Operation::EndSession)?;
        let account_id = own.account_id();
        let id: SessionId = id.parse().map_err(|_| Refusal::NotFound)?;
        let user_id = find_session_owner(&self.pool, account_id, id).await?.ok_or(Refusal::NotFound)?;
        // Another user's session is answered like an unknown one, and the attempt is recorded.
        let permit = self.authorize(ctx, "endSession", Operation::EndSession, account_id, Some(user_id));
        let permit = permit.map_err(|_| Refusal::NotFound)?;
        let end = OneStream::<Session>::new(id, SessionCommand::End(EndReason::Ended)).owned_by(user_id);
        self.run(Claims::of(&permit).user(user_id).stream::<Session>(id), end).await?;
        Ok(id)
    }
}
