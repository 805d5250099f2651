//! Sessions: listing and ending them.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Actor, AuthMethodId, Operation, SessionId, UserId};
use projections::sessions::{ListedSession, find_open_session, find_session_owner, list_sessions};

use crate::graphql::accounts::auth_method::{AuthMethod, configured};
use crate::graphql::context::{app, now, request};
use crate::graphql::error::top_level;

/// A session of a signed-in user.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Session {
    /// The id of the session. It is not a secret and cannot be used to authenticate.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// When the session started.
    started_at: DateTime<Utc>,
    /// When the session was last used, accurate to about a minute. A WebSocket counts as one use, at the time it is opened.
    last_seen_at: DateTime<Utc>,
    /// When the session expires at the latest. It ends earlier if it is idle for too long or is ended.
    expires_at: DateTime<Utc>,
    /// The IP address of the sign-in, such as `192.0.2.7`, if known.
    address: Option<String>,
    /// The `User-Agent` header of the sign-in, up to 256 characters.
    user_agent: Option<String>,
    /// Whether this is the session of this request.
    pub(in crate::graphql) is_current: bool,
    #[graphql(skip)]
    auth_method: AuthMethodId,
}

#[ComplexObject]
impl Session {
    /// The sign-in method that was used. Null if it is no longer configured.
    async fn auth_method(&self, ctx: &Context<'_>) -> Option<AuthMethod> {
        configured(app(ctx).commands.auth_methods(), std::slice::from_ref(&self.auth_method)).pop()
    }
}

/// The session of this request, if there is one.
pub(in crate::graphql) fn current_session(actor: &Actor) -> Option<SessionId> {
    match *actor {
        Actor::User { session, .. } => Some(session),
        Actor::ApiKey { .. } | Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => None,
    }
}

/// The active sessions of a user, most recently used first, at most 100. Fails if the caller may not see them.
pub(in crate::graphql) async fn sessions_of(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<Session>> {
    let (actor, app, now) = (&request(ctx).actor, app(ctx), now(ctx));
    may_read(actor, Operation::ListSessions, account_id, Some(user_id)).map_err(top_level)?;
    let used_since = app.commands.sessions_used_since(now);
    let listed = list_sessions(&app.database, account_id, user_id, now, used_since).await.map_err(top_level)?;
    let current = current_session(actor);
    Ok(listed.into_iter().map(|listed| Session::new(listed, current)).collect())
}

/// The session of this request, if it belongs to this user and is active.
pub(in crate::graphql) async fn session_that_asks(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Option<Session>> {
    let (app, now) = (app(ctx), now(ctx));
    let Some(id) = current_session(&request(ctx).actor) else { return Ok(None) };
    let used_since = app.commands.sessions_used_since(now);
    let found = find_open_session(&app.database, (account_id, user_id), id, now, used_since).await;
    Ok(found.map_err(top_level)?.map(|listed| Session::new(listed, Some(id))))
}

/// An active session of an account, if the caller may see it.
pub(in crate::graphql) async fn find_session(ctx: &Context<'_>, account_id: AccountId, id: SessionId) -> Result<Option<Session>> {
    let (actor, app, now) = (&request(ctx).actor, app(ctx), now(ctx));
    let owner = find_session_owner(&app.database, account_id, id).await.map_err(top_level)?;
    let visible = owner.filter(|owner| may_read(actor, Operation::ListSessions, account_id, Some(*owner)).is_ok());
    let Some(owner) = visible else { return Ok(None) };
    let used_since = app.commands.sessions_used_since(now);
    let found = find_open_session(&app.database, (account_id, owner), id, now, used_since).await;
    Ok(found.map_err(top_level)?.map(|listed| Session::new(listed, current_session(actor))))
}

impl Session {
    fn new(listed: ListedSession, current: Option<SessionId>) -> Self {
        Self {
            id: listed.id.to_string().into(),
            started_at: listed.started_at,
            last_seen_at: listed.last_seen_at,
            expires_at: listed.expires_at,
            address: listed.address,
            user_agent: listed.user_agent,
            is_current: current == Some(listed.id),
            auth_method: listed.auth_method,
        }
    }
}
