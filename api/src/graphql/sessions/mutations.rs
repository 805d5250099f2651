//! Mutations that start and end sessions.

use async_graphql::{Context, ID, Object, Result};

use crate::graphql::context::{app, request};
use crate::graphql::error::{respelled, top_level};
use crate::graphql::payload::outcome;
use crate::graphql::sessions::inputs::{EndSessionInput, EndSessionsInput, SignInInput};
use crate::graphql::sessions::payloads::{EndSessionPayload, EndSessionsPayload, SignInPayload, SignOutPayload, session};
use crate::graphql::sessions::session::current_session;
use crate::graphql::users::changed::{ChangedUser, changed};
use crate::http::session_cookie::expired_cookie;

/// Signs in and out.
#[derive(Default)]
pub(in crate::graphql) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in with an e-mail address and a password.
    async fn sign_in(&self, ctx: &Context<'_>, #[graphql(desc = "The credentials.")] input: SignInInput) -> Result<SignInPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.sign_in(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }

    /// Ends the session of this request.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        app(ctx).commands.sign_out(request(ctx)).await.map_err(top_level)?;
        ctx.append_http_header("set-cookie", expired_cookie(&app(ctx).site));
        Ok(SignOutPayload { user_errors: vec![] })
    }
}

/// Mutations for sessions.
#[derive(Default)]
pub(in crate::graphql) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends one of your sessions or, for admins, a session of any user of the account. Not available to API keys.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: EndSessionInput,
    ) -> Result<EndSessionPayload> {
        let (id, user_errors) = outcome(ctx, app(ctx).commands.end_session(request(ctx), &input.id).await)?;
        expire_cookie_if(ctx, id.is_some() && current_session(&request(ctx).actor) == id);
        Ok(EndSessionPayload { session_id: id.map(ID::from), user_errors })
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
