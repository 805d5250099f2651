//! Users of an account, for resolvers.

use async_graphql::{Context, Result};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use projections::users::find_user;

use crate::graphql::context::{reads, request};
use crate::graphql::error::top_level;
use crate::graphql::users::user::User;

/// A user of an account.
pub(in crate::graphql) async fn user(ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
    let found = find_user(reads(ctx), account_id, id).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(User::now))
}

/// A user of an account. `None` if the caller may not see them.
pub(in crate::graphql) async fn visible_user(ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
    if may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).is_err() {
        return Ok(None);
    }
    user(ctx, account_id, id).await
}
