//! A session starts for a user who has proved who they are.

use domain::session::{Session, SessionCommand, StartSession};
use domain::user::{Status, User};
use domain::{Actor, AuthMethodId, SessionId};
use uuid::Uuid;

use crate::unit_of_work::{Deciding, LoadedStream};
use crate::{Error, SessionToken, SignedIn, TokenHash};

impl Deciding<'_> {
    /// Starts a session. The address and the browser are sealed with the user's key. The user becomes the actor of every event of this
    /// command, instead of the actor of the request.
    pub(crate) fn start_session(&mut self, user: &mut LoadedStream<User>, auth_method: AuthMethodId) -> Result<SignedIn, Error> {
        let (account_id, user_id, ctx) = (self.account_id(), user.id(), self.ctx());
        let id = SessionId::new(Uuid::now_v7());
        let lifetime = self.commands().session_lifetime.longest;
        let start = StartSession {
            account_id,
            user_id,
            user_is_active: user.state.status() == Some(Status::Active),
            method_is_allowed: user.state.may_use(&auth_method),
            auth_method,
            expires_at: ctx.at + lifetime,
            client: ctx.client.clone(),
        };
        let mut session = LoadedStream::<Session>::start(id, user.person.take());
        let decided = self.decide(&mut session, SessionCommand::Start(start));
        user.person = session.person;
        decided?;
        self.act_as(Actor::User { account: account_id, user: user_id, role: user.state.role(), session: id });
        let token = SessionToken::generate()?;
        self.store_token(id.uuid(), TokenHash::of(token.expose()).0);
        Ok(SignedIn { account_id, user_id, token, lasts_seconds: lifetime.num_seconds() })
    }
}
