use std::sync::Arc;

use async_graphql::{Context, Result};
use commands::may_read;
use domain::{Operation, ServiceKeyId, UserId};
use projections::named_people::NamedPeople;

use crate::graphql::context::{app, request};
use crate::graphql::error::top_level;
use crate::graphql::users::user::User;

/// A user whom a page names, if the caller may see them.
pub(super) async fn find_user(ctx: &Context<'_>, people: &Arc<NamedPeople>, id: UserId) -> Result<Option<User>> {
    if may_read(&request(ctx).actor, Operation::ReadUser, people.account_id(), Some(id)).is_err() {
        return Ok(None);
    }
    let found = people.find_user(&app(ctx).database, id).await.map_err(top_level)?;
    Ok(found.cloned().map(User::now))
}

/// The name of a service key that a page names.
pub(super) async fn find_service_key_name(ctx: &Context<'_>, people: &Arc<NamedPeople>, id: ServiceKeyId) -> Result<Option<String>> {
    Ok(people.find_service_key_name(&app(ctx).database, id).await.map_err(top_level)?.map(str::to_owned))
}
