//! Loads objects by their ids: Relay's Global Object Identification.

use async_graphql::{Context, ID, Interface, Object, Result};
use domain::{AccountId, ApiKeyId, EmailAddress, SavedViewId, ServiceKeyId, SessionId, UserId};
use projections::accounts::find_account;
use projections::users::find_live_user_by_email;
use uuid::Uuid;

use crate::graphql::accounts::account::Account;
use crate::graphql::context::{app, listable_account, own_account};
use crate::graphql::cost;
use crate::graphql::error::{bad_input, top_level};
use crate::graphql::events::{Event, RefusedAttempt, find_attempt, find_event};
use crate::graphql::keys::api_key::ApiKey;
use crate::graphql::keys::page::find_key;
use crate::graphql::keys::service_key::ServiceKey;
use crate::graphql::sessions::session::{Session, find_session};
use crate::graphql::users::find::visible_user;
use crate::graphql::users::past;
use crate::graphql::users::user::User;
use crate::graphql::views::saved_view::{SavedView, find_view};

/// The maximum number of ids in one field.
const MAX_IDS: usize = 100;

/// An object with an id that `node` can load.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The globally unique id of the object."))]
pub(in crate::graphql) enum Node {
    User(User),
    Account(Account),
    Session(Session),
    ApiKey(ApiKey),
    ServiceKey(ServiceKey),
    SavedView(SavedView),
    Event(Event),
    RefusedAttempt(RefusedAttempt),
}

/// Queries by id.
#[derive(Default)]
pub(in crate::graphql) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id, of any type that implements `Node`. The same permissions apply as for reading it directly. Null if your
    /// account has no such object or you may not see it.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id of an object.")] id: ID) -> Option<Result<Node>> {
        own_node(ctx, &id).await.transpose()
    }

    /// The objects with these ids, in the same order. Each entry is null under the same conditions as `node`.
    #[graphql(complexity = "cost::nodes(ids.len(), child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids of objects: at most 100.")] ids: Vec<ID>,
    ) -> Option<Result<Vec<Option<Node>>>> {
        Some(find_nodes(ctx, &ids).await)
    }

    /// The user of your account with this e-mail address. Null if there is none. Deleted users are never returned. Requires permission to
    /// list users.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn user_by_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address, in upper or lower case.")] email: String,
    ) -> Option<Result<User>> {
        user_with_address(ctx, &email).await.transpose()
    }
}

async fn own_node(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    find_node(ctx, own_account(ctx)?, id).await
}

async fn user_with_address(ctx: &Context<'_>, email: &str) -> Result<Option<User>> {
    let account_id = listable_account(ctx)?;
    let email = EmailAddress::parse(email).map_err(|error| bad_input(&format!("`email`: {error}")))?;
    Ok(find_live_user_by_email(&app(ctx).database, account_id, &email).await.map_err(top_level)?.map(User::now))
}

async fn find_nodes(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let account_id = own_account(ctx)?;
    if ids.len() > MAX_IDS {
        return Err(bad_input(&format!("`ids` names at most {MAX_IDS}")));
    }
    let mut nodes = Vec::with_capacity(ids.len());
    for id in ids {
        nodes.push(find_node(ctx, account_id, id).await?);
    }
    Ok(nodes)
}

/// Ids of current objects are UUIDs without their type, so each type is tried. Events and users in the past have ids in other formats.
async fn find_node(ctx: &Context<'_>, account_id: AccountId, id: &str) -> Result<Option<Node>> {
    let Ok(uuid) = Uuid::parse_str(id) else {
        let event = find_event(ctx, account_id, id).await?.map(Node::Event);
        return if event.is_some() { Ok(event) } else { Ok(past::find(ctx, account_id, id).await?.map(Node::User)) };
    };
    if uuid == account_id.uuid() {
        let account = find_account(&app(ctx).database, account_id).await.map_err(top_level)?;
        return Ok(account.map(|account| Node::Account(account.into())));
    }
    if let Some(user) = visible_user(ctx, account_id, UserId::new(uuid)).await? {
        return Ok(Some(Node::User(user)));
    }
    if let Some(session) = find_session(ctx, account_id, SessionId::new(uuid)).await? {
        return Ok(Some(Node::Session(session)));
    }
    if let Some(key) = find_key(ctx, account_id, ApiKeyId::new(uuid)).await? {
        return Ok(Some(Node::ApiKey(key)));
    }
    if let Some(key) = find_key(ctx, account_id, ServiceKeyId::new(uuid)).await? {
        return Ok(Some(Node::ServiceKey(key)));
    }
    if let Some(view) = find_view(ctx, account_id, SavedViewId::new(uuid)).await? {
        return Ok(Some(Node::SavedView(view)));
    }
    Ok(find_attempt(ctx, account_id, uuid).await?.map(Node::RefusedAttempt))
}
