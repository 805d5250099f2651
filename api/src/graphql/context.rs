//! What resolvers find in the context of a request: the running Roster, the caller, the clock.
//!
//! Architecture Invariant: nothing here imports a GraphQL type. Every other file of this folder may import from here.

use std::sync::Arc;

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};
use commands::{Error, may_read};
use domain::{AccountId, Operation};
use event_store::Reads;
use projections::users::UserView;

use crate::app::App;
use crate::graphql::error::top_level;

/// The running Roster.
pub(in crate::graphql) fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked::<Arc<App>>()
}

/// For short reads: a look-up, or a page whose index is known.
pub(in crate::graphql) fn reads<'a>(ctx: &Context<'a>) -> &'a Reads {
    app(ctx).commands.reads()
}

/// The caller, the request and its time.
pub(in crate::graphql) fn request<'a>(ctx: &Context<'a>) -> &'a commands::Context {
    ctx.data_unchecked::<commands::Context>()
}

/// Marks the context of a subscription. It outlives its request, so the clock is read again for each event.
pub struct Live;

/// The time to use: the time of the request, or in a subscription the current time.
pub(in crate::graphql) fn now(ctx: &Context<'_>) -> DateTime<Utc> {
    if ctx.data_opt::<Live>().is_some() { (app(ctx).clock)() } else { request(ctx).at }
}

/// The signed-in user, as their session was looked up with. Absent for keys, and in operations over a socket.
pub struct SessionUser(pub UserView);

/// The account of the signed-in user.
pub(in crate::graphql) fn own_account(ctx: &Context<'_>) -> Result<AccountId> {
    request(ctx).actor.account().ok_or_else(|| top_level(Error::Unauthenticated))
}

/// The caller's account. Fails if the caller may not list its users.
pub(in crate::graphql) fn listable_account(ctx: &Context<'_>) -> Result<AccountId> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ListUsers, account_id, None).map_err(top_level)?;
    Ok(account_id)
}
