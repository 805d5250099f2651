//! `endSessions`: every session of a user is ended, or every other one.

use domain::session::{EndReason, Session, SessionCommand};
use domain::user::{User, UserCommand};
use domain::{AccountId, Actor, Operation, Refusal, SessionId, UserId};
use event_store::Lock;
use projections::sessions::list_open_sessions;

use crate::users::Changed;
use crate::{Commands, Context, Error};

/// Whose sessions are ended.
#[derive(Clone, Debug, Default)]
pub struct EndSessions {
    /// The user; whoever asks, when nobody is named.
    pub user_id: Option<String>,
    /// Whether the session that asks goes on.
    pub keep_current: bool,
}

impl Commands {
    /// Ends the sessions of the actor or, for who may, of another user of their account. Where there is none, nothing happens.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`]. Refusal: `NotFound`.
    pub async fn end_sessions(&self, ctx: &Context, input: &EndSessions) -> Result<Changed, Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let named = input.user_id.clone().or_else(|| ctx.actor.user().map(|oneself| oneself.to_string())).unwrap_or_default();
        let user_id = self.permitted(ctx, "endSessions", Operation::EndSession, account_id, &named)?;
        let kept = match ctx.actor {
            Actor::User { session, .. } if input.keep_current => Some(session),
            _ => None,
        };
        self.retrying(|| self.end_sessions_once(ctx, account_id, user_id, kept)).await
    }

    /// A sign-in waits for the lock, or is seen. With all of them one instant moves; where one is kept, each other is ended by itself.
    async fn end_sessions_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        kept: Option<SessionId>,
    ) -> Result<Changed, Error> {
        let mut work = self.begin(ctx, "endSessions", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let mut user = work.load::<User>(account_id, user_id).await?;
        if user.version == 0 {
            return Err(Refusal::NotFound.into());
        }
        let used_since = self.sessions_used_since(ctx.at);
        let open = list_open_sessions(work.connection(), account_id, user_id, ctx.at, used_since).await?;
        let (kept, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|id| Some(*id) == kept);
        if kept.is_empty() && !others.is_empty() {
            work.decide(account_id, user_id, &mut user, UserCommand::EndSessions)?;
        } else {
            // However many there are, they are loaded, appended and written with one statement each.
            let mut sessions = work.load_many::<Session>(account_id, &others).await?;
            for (id, session) in others.iter().zip(&mut sessions) {
                work.decide(account_id, *id, session, SessionCommand::End(EndReason::Ended))?;
            }
            work.changes().secrets().end_choices(user_id);
        }
        work.append().await?;
        let changed = Changed { account_id, user_id, version: user.version };
        work.commit().await?;
        Ok(changed)
    }
}
