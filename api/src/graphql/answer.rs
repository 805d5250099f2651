//! Shared by resolvers: the caller of a request, and payloads of results.

use std::sync::Arc;

use async_graphql::{Context, ID, Result};
use chrono::{DateTime, Utc};
use commands::{Changed, Error, RevealedLink, SignedIn, may_read};
use domain::{AccountId, Actor, Operation, UserId};
use projections::accounts::find_account;
use projections::users::find_user;

use super::error::{UserError, top_level};
use super::inputs::Transport;
use super::payloads::{RevealInvitationLinkPayload, UpdateAccountPayload};
use super::user::User;
use super::viewer::Viewer;
use crate::app::App;
use crate::http::session_cookie::session_cookie;

/// The running Roster.
pub(super) fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked::<Arc<App>>()
}

/// The caller, the request and its time.
pub(super) fn request<'a>(ctx: &Context<'a>) -> &'a commands::Context {
    ctx.data_unchecked::<commands::Context>()
}

/// Marks the context of a subscription. It outlives its request, so the clock is read again for each event.
pub struct Live;

/// The time to use: the time of the request, or in a subscription the current time.
pub(super) fn now(ctx: &Context<'_>) -> DateTime<Utc> {
    if ctx.data_opt::<Live>().is_some() { (app(ctx).clock)() } else { request(ctx).at }
}

/// The account of the signed-in user.
pub(super) fn own_account(ctx: &Context<'_>) -> Result<AccountId> {
    request(ctx).actor.account().ok_or_else(|| top_level(Error::Unauthenticated))
}

/// A user of an account.
pub(super) async fn user(ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
    let found = find_user(&app(ctx).database, account_id, id).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(User::now))
}

/// A user of an account. `None` if the caller may not see them.
pub(super) async fn visible_user(ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
    if may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).is_err() {
        return Ok(None);
    }
    user(ctx, account_id, id).await
}

/// The result of a command on a user. A key without the scope for reading users gets only the id.
pub(super) struct ChangedUser {
    pub(super) user_id: Option<ID>,
    pub(super) user: Option<User>,
    pub(super) user_errors: Vec<UserError>,
}

impl ChangedUser {
    /// Errors for an input without a field of this name: they concern the whole request.
    pub(super) fn without_field(self, absent: &str) -> Self {
        Self { user_errors: respelled(self.user_errors, absent, None), ..self }
    }
}

/// The payload of a command on a user: the user in their current state if the caller may see them, or why it was refused.
pub(super) async fn changed(ctx: &Context<'_>, result: Result<Changed, Error>) -> Result<ChangedUser> {
    let (concerned, user_errors) = match result {
        Ok(Changed { account_id, user_id, .. }) => (Some((account_id, user_id)), vec![]),
        Err(Error::Refused { refusal, user: in_the_way }) => (request(ctx).actor.account().zip(in_the_way), vec![refused(ctx, &refusal)]),
        Err(error) => return Err(top_level(error)),
    };
    let Some((account_id, user_id)) = concerned else { return Ok(ChangedUser { user_id: None, user: None, user_errors }) };
    let user = visible_user(ctx, account_id, user_id).await?;
    Ok(ChangedUser { user_id: Some(user_id.to_string().into()), user, user_errors })
}

/// Errors for an input without a field of this name: they name `instead`, or concern the whole request.
pub(super) fn respelled(errors: Vec<UserError>, absent: &str, instead: Option<&str>) -> Vec<UserError> {
    errors.into_iter().map(|error| if error.is_about(absent) { error.about(instead) } else { error }).collect()
}

/// The payload of revealing a link: the link and the user in their current state, or why it was refused.
pub(super) async fn revealed(
    ctx: &Context<'_>,
    account_id: AccountId,
    result: Result<RevealedLink, Error>,
) -> Result<RevealInvitationLinkPayload> {
    let (changed_user, token) = match result {
        Ok(RevealedLink { changed, token, .. }) => (Ok(changed), Some(token)),
        Err(error) => (Err(error), None),
    };
    let ChangedUser { user_id, user, user_errors } = changed(ctx, changed_user).await?;
    let account = find_account(&app(ctx).database, account_id).await.map_err(|error| top_level(error.into()))?;
    let link = token.zip(account).map(|(token, account)| app(ctx).site.invitation_link(&account.slug, &token));
    Ok(RevealInvitationLinkPayload { link, user_id, user, user_errors })
}

/// The payload of changing an account: the account in its current state, or why it was refused.
pub(super) async fn changed_account(ctx: &Context<'_>, account_id: AccountId, result: Result<u64, Error>) -> Result<UpdateAccountPayload> {
    match result {
        Ok(_version) => {
            let account = find_account(&app(ctx).database, account_id).await.map_err(|error| top_level(error.into()))?;
            Ok(UpdateAccountPayload { account: account.map(Into::into), user_errors: vec![] })
        }
        Err(Error::Refused { refusal, .. }) => Ok(UpdateAccountPayload { account: None, user_errors: vec![refused(ctx, &refusal)] }),
        Err(error) => Err(top_level(error)),
    }
}

/// A refusal as data. The response also has a `Retry-After` header if the refusal has a wait time.
pub(super) fn refused(ctx: &Context<'_>, refusal: &domain::Refusal) -> UserError {
    tracing::info!(code = refusal.code(), "a request was refused");
    if let Some(seconds) = refusal.retry_after_seconds() {
        ctx.append_http_header("retry-after", seconds);
    }
    refusal.into()
}

/// A new session: its viewer, and the token unless it is in a cookie.
pub(super) struct Session {
    pub(super) viewer: Option<Viewer>,
    pub(super) token: Option<String>,
    pub(super) user_errors: Vec<UserError>,
}

/// The payload of every way to sign in.
pub(super) async fn session(ctx: &Context<'_>, transport: Transport, result: Result<SignedIn, Error>) -> Result<Session> {
    let signed_in = match result {
        Ok(signed_in) => signed_in,
        Err(Error::Refused { refusal, .. }) => return Ok(Session { viewer: None, token: None, user_errors: vec![refused(ctx, &refusal)] }),
        Err(error) => return Err(top_level(error)),
    };
    let token = match transport {
        Transport::Token => Some(signed_in.token.expose().to_owned()),
        Transport::Cookie => {
            ctx.append_http_header("set-cookie", session_cookie(&app(ctx).site, &signed_in));
            None
        }
    };
    Ok(Session { viewer: viewer(ctx, signed_in.account_id, signed_in.user_id).await?, token, user_errors: vec![] })
}

/// A user and their account.
pub(super) async fn viewer(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Option<Viewer>> {
    let account = find_account(&app(ctx).database, account_id).await;
    let account = account.map_err(|error| top_level(error.into()))?;
    let user = user(ctx, account_id, user_id).await?;
    Ok(user.zip(account).map(|(user, account)| Viewer { user, account: account.into() }))
}

/// The signed-in user and their account.
pub(super) async fn own_viewer(ctx: &Context<'_>) -> Result<Option<Viewer>> {
    match request(ctx).actor {
        Actor::User { account, user, .. } | Actor::ApiKey { account, user, .. } => viewer(ctx, account, user).await,
        Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => Ok(None),
    }
}
