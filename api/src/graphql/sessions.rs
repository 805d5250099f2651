//! Sessions: listing and ending them.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::{Error, may_read};
use domain::{AccountId, Actor, AuthMethodId, Operation, SessionId, UserId};
use projections::sessions::{ListedSession, find_open_session, find_session_owner, list_sessions};

use super::answer::{ChangedUser, app, changed, now, refused, request, respelled};
use super::auth_method::{AuthMethod, configured};
use super::error::{UserError, top_level};
use super::user::User;
use crate::http::session_cookie::expired_cookie;

/// A session of a signed-in user.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct Session {
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
    pub(super) is_current: bool,
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
pub(super) fn current_session(actor: &Actor) -> Option<SessionId> {
    match *actor {
        Actor::User { session, .. } => Some(session),
        Actor::ApiKey { .. } | Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => None,
    }
}

/// The active sessions of a user, most recently used first, at most 100. Fails if the caller may not see them.
pub(super) async fn sessions_of(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<Session>> {
    let (actor, app, now) = (&request(ctx).actor, app(ctx), now(ctx));
    may_read(actor, Operation::ListSessions, account_id, Some(user_id)).map_err(top_level)?;
    let used_since = app.commands.sessions_used_since(now);
    let listed = list_sessions(&app.database, account_id, user_id, now, used_since).await;
    let listed = listed.map_err(|error| top_level(error.into()))?;
    let current = current_session(actor);
    Ok(listed.into_iter().map(|listed| Session::new(listed, current)).collect())
}

/// The session of this request, if it belongs to this user and is active.
pub(super) async fn session_that_asks(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Option<Session>> {
    let (app, now) = (app(ctx), now(ctx));
    let Some(id) = current_session(&request(ctx).actor) else { return Ok(None) };
    let used_since = app.commands.sessions_used_since(now);
    let found = find_open_session(&app.database, (account_id, user_id), id, now, used_since).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(|listed| Session::new(listed, Some(id))))
}

/// An active session of an account, if the caller may see it.
pub(super) async fn find_session(ctx: &Context<'_>, account_id: AccountId, id: SessionId) -> Result<Option<Session>> {
    let (actor, app, now) = (&request(ctx).actor, app(ctx), now(ctx));
    let owner = find_session_owner(&app.database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    let visible = owner.filter(|owner| may_read(actor, Operation::ListSessions, account_id, Some(*owner)).is_ok());
    let Some(owner) = visible else { return Ok(None) };
    let used_since = app.commands.sessions_used_since(now);
    let found = find_open_session(&app.database, (account_id, owner), id, now, used_since).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(|listed| Session::new(listed, current_session(actor))))
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

/// The input of `endSession`.
#[derive(InputObject)]
pub(super) struct EndSessionInput {
    /// The id of the session.
    id: ID,
}

/// The input of `endSessions`.
#[derive(InputObject)]
pub struct EndSessionsInput {
    /// The id of the user. Default: you.
    user_id: Option<ID>,
    /// Whether the session of this request continues.
    #[graphql(default)]
    keep_current: bool,
}

/// The result of `endSession`.
#[derive(SimpleObject)]
pub(super) struct EndSessionPayload {
    /// The id of the ended session. Null if the mutation was refused.
    session_id: Option<ID>,
    /// Why the mutation was refused. Empty on success.
    user_errors: Vec<UserError>,
}

/// The result of `endSessions`.
#[derive(SimpleObject)]
pub(super) struct EndSessionsPayload {
    /// The user. Null if the mutation was refused.
    user: Option<User>,
    /// Why the mutation was refused. Empty on success.
    user_errors: Vec<UserError>,
}

/// Mutations for sessions.
#[derive(Default)]
pub(super) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends one of your sessions or, for admins, a session of any user of the account. Not available to API keys.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: EndSessionInput,
    ) -> Result<EndSessionPayload> {
        match app(ctx).commands.end_session(request(ctx), &input.id).await {
            Ok(id) => {
                expire_cookie_if(ctx, current_session(&request(ctx).actor) == Some(id));
                Ok(EndSessionPayload { session_id: Some(id.to_string().into()), user_errors: vec![] })
            }
            Err(Error::Refused { refusal, .. }) => Ok(EndSessionPayload { session_id: None, user_errors: vec![refused(ctx, &refusal)] }),
            Err(error) => Err(top_level(error)),
        }
    }

    /// Ends all your sessions or, for admins, all sessions of any user of the account. With `keepCurrent` the session of this request
    /// continues. API keys keep working. Not available to API keys.
    async fn end_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user whose sessions end.")] input: EndSessionsInput,
    ) -> Result<EndSessionsPayload> {
        let keeps_current = input.keep_current;
        let result = app(ctx).commands.end_sessions(request(ctx), &input.into()).await;
        let is_own = result.as_ref().is_ok_and(|changed| request(ctx).actor.user() == Some(changed.user_id));
        expire_cookie_if(ctx, is_own && !keeps_current);
        let ChangedUser { user, user_errors, .. } = changed(ctx, result).await?;
        Ok(EndSessionsPayload { user, user_errors: respelled(user_errors, "id", Some("userId")) })
    }
}

fn expire_cookie_if(ctx: &Context<'_>, ended: bool) {
    if ended {
        ctx.append_http_header("set-cookie", expired_cookie(&app(ctx).site));
    }
}

impl From<EndSessionsInput> for commands::EndSessions {
    fn from(input: EndSessionsInput) -> Self {
        Self { user_id: input.user_id.map(|id| id.to_string()), keep_current: input.keep_current }
    }
}
