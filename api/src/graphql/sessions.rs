//! Sessions: from where a user is signed in, and ending that.

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

/// A sign-in that lets somebody in, from its start to its end.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct Session {
    /// Its id. It is no secret, and lets nobody in.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// When it began.
    started_at: DateTime<Utc>,
    /// When it was last used, to the minute or so. An open WebSocket counts as used when it is opened.
    last_seen_at: DateTime<Utc>,
    /// From this instant on it is over. It is over sooner when it is not used for long, or when it is ended.
    expires_at: DateTime<Utc>,
    /// The address that it was begun from, such as `192.0.2.7`, where it is known.
    address: Option<String>,
    /// What the program said of itself that it was begun with (the `User-Agent`), up to 256 characters.
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub(super) is_current: bool,
    #[graphql(skip)]
    auth_method: AuthMethodId,
}

#[ComplexObject]
impl Session {
    /// How they signed in; null when that is configured no more.
    async fn auth_method(&self, ctx: &Context<'_>) -> Option<AuthMethod> {
        configured(app(ctx).commands.auth_methods(), std::slice::from_ref(&self.auth_method)).pop()
    }
}

/// The session that asks, if one does.
pub(super) fn current_session(actor: &Actor) -> Option<SessionId> {
    match *actor {
        Actor::User { session, .. } => Some(session),
        Actor::ApiKey { .. } | Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => None,
    }
}

/// The sessions of a user that let them in now, for who may see them; those that were used last first, at most 100.
pub(super) async fn sessions_of(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<Session>> {
    let (actor, app, now) = (&request(ctx).actor, app(ctx), now(ctx));
    may_read(actor, Operation::ListSessions, account_id, Some(user_id)).map_err(top_level)?;
    let used_since = app.commands.sessions_used_since(now);
    let listed = list_sessions(&app.database, account_id, user_id, now, used_since).await;
    let listed = listed.map_err(|error| top_level(error.into()))?;
    let current = current_session(actor);
    Ok(listed.into_iter().map(|listed| Session::new(listed, current)).collect())
}

/// The session that asks, if it is one of this user and lets them in now.
pub(super) async fn session_that_asks(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Option<Session>> {
    let (app, now) = (app(ctx), now(ctx));
    let Some(id) = current_session(&request(ctx).actor) else { return Ok(None) };
    let used_since = app.commands.sessions_used_since(now);
    let found = find_open_session(&app.database, (account_id, user_id), id, now, used_since).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(|listed| Session::new(listed, Some(id))))
}

/// A session of an account that lets its user in now, for who may see it.
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

/// Ends a session.
#[derive(InputObject)]
pub(super) struct EndSessionInput {
    /// The session.
    id: ID,
}

/// Ends the sessions of a user.
#[derive(InputObject)]
pub struct EndSessionsInput {
    /// The user; oneself when absent.
    user_id: Option<ID>,
    /// Whether the session that asks goes on.
    #[graphql(default)]
    keep_current: bool,
}

/// What ending a session answers.
#[derive(SimpleObject)]
pub(super) struct EndSessionPayload {
    /// The id of the session that is over; null when nothing happened.
    session_id: Option<ID>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What ending the sessions of a user answers.
#[derive(SimpleObject)]
pub(super) struct EndSessionsPayload {
    /// The user; null when nothing happened.
    user: Option<User>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What ends sessions.
#[derive(Default)]
pub(super) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends a session of one's own or, for admins, of any user of the account. Not for API keys.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: EndSessionInput,
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

    /// Ends every session of one's own or, for admins, of any user of the account; with `keepCurrent` all but the one that asks. API keys
    /// are not ended by it, nor may they ask for it.
    async fn end_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose sessions.")] input: EndSessionsInput,
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
