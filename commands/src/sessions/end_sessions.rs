//! `endSessions`: every session of a user is ended, or every other one.

use domain::session::{EndReason, Session, SessionCommand};
use domain::user::{User, UserCommand};
use domain::{Actor, Operation, SessionId, UserId};

use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::users::Changed;
use crate::{Commands, Context, Error};

/// The user whose sessions are ended.
#[derive(Clone, Debug, Default)]
pub struct EndSessions {
    /// The user; the caller when it is `None`.
    pub user_id: Option<String>,
    /// Whether the session of the request is kept.
    pub keep_current: bool,
}

impl Commands {
    /// Ends the sessions of the actor or, for who may, of another user of their account. Without open sessions nothing happens.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`]. Refusal: `NotFound`.
    pub async fn end_sessions(&self, ctx: &Context, input: &EndSessions) -> Result<Changed, Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let named = input.user_id.clone().or_else(|| ctx.actor.user().map(|oneself| oneself.to_string())).unwrap_or_default();
        let (permit, user_id) = self.authorize_upon(ctx, "endSessions", Operation::EndSession, account_id, &named)?;
        let kept = match ctx.actor {
            Actor::User { session, .. } if input.keep_current => Some(session),
            _ => None,
        };
        // A sign-in waits for the lock, or is seen.
        self.run(Claims::of(&permit).user(user_id), EndAll { user_id, kept }).await
    }
}

struct EndAll {
    user_id: UserId,
    kept: Option<SessionId>,
}

impl Handler<Changed> for EndAll {
    /// When all sessions end, one event says so. When one is kept, each other session ends with its own event.
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Changed, Error> {
        let at = work.ctx().at;
        let mut user = work.load::<User>(self.user_id).await?.at_version(None)?;
        let used_since = work.commands().sessions_used_since(at);
        let open = work.reading()?.list_open_sessions(self.user_id, at, used_since).await?;
        let (kept, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|id| Some(*id) == self.kept);
        if kept.is_empty() && !others.is_empty() {
            work.decide(&mut user, UserCommand::EndSessions)?;
        } else {
            for session in work.load_many::<Session>(&others).await? {
                work.decide(&mut session.owned_by(self.user_id), SessionCommand::End(EndReason::Ended))?;
            }
            work.end_choices(self.user_id);
        }
        Ok(user.changed(work.account_id()))
    }
}
