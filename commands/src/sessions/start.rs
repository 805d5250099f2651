//! A session starts for a user who has proved who they are.

use domain::session::{Session, SessionCommand, StartSession};
use domain::user::{Status, User};
use domain::{AccountId, Actor, AuthMethodId, SessionId, UserId};
use event_store::Loaded;
use uuid::Uuid;

use crate::unit_of_work::UnitOfWork;
use crate::{Context, Error, SessionToken, SignedIn, TokenHash};

/// Decides that a user who has proved who they are gets a session. Their address and browser are sealed with the user's key. The user is
/// the actor of every event of this unit of work, whoever the request seemed to come from.
pub(crate) fn start_session(
    work: &mut UnitOfWork<'_>,
    ctx: &Context,
    account_id: AccountId,
    user_id: UserId,
    user: &mut Loaded<User>,
    auth_method: AuthMethodId,
) -> Result<SignedIn, Error> {
    let id = SessionId::new(Uuid::now_v7());
    let lifetime = work.session_lifetime().longest;
    let start = StartSession {
        account_id,
        user_id,
        user_is_active: user.state.status() == Some(Status::Active),
        method_is_allowed: user.state.may_use(&auth_method),
        auth_method,
        expires_at: ctx.at + lifetime,
        client: ctx.client.clone(),
    };
    let mut session = Loaded { state: Session::default(), version: 0, person: user.person.take() };
    let events = work.decide(account_id, id, &mut session, SessionCommand::Start(start));
    user.person = session.person;
    events?;
    work.act_as(Actor::User { account: account_id, user: user_id, role: user.state.role(), session: id });
    let token = SessionToken::generate()?;
    work.changes().secrets().add_token(id.uuid(), TokenHash::of(token.expose()).0);
    Ok(SignedIn { account_id, user_id, token, lasts_seconds: lifetime.num_seconds() })
}
