//! API keys, for programs that act for a user.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Actor, ApiKeyId, ApiScope as Scope, Operation, UserId};
use projections::keys::{KeyFilter, ListedKey, find_key as find_listed_key, list_keys};
use projections::users::find_users;

use crate::graphql::context::{app, now, request};
use crate::graphql::error::top_level;
use crate::graphql::keys::Key;
use crate::graphql::users::user::User;

/// The maximum number of keys in a list. A user can have fewer keys in use.
const MAX_OF_ONE_USER: i64 = 100;

/// What a key may be used for. An API key is also limited to what its owner may do, a service key to what an admin may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Scope")]
pub enum ApiScope {
    /// `users:read`: read users.
    UsersRead,
    /// `users:write`: invite, change and delete users who are not admins.
    UsersWrite,
    /// `admins:write`: extends `USERS_WRITE` and `LINKS_READ` to admins, and permits giving users the admin role. A key with this scope can
    /// take over the account.
    AdminsWrite,
    /// `links:read`: read invitation links. Anyone who has a link can accept the invitation and remains a user after the key ends.
    LinksRead,
    /// `audit:read`: read the audit log, refused attempts and live events.
    AuditRead,
}

/// An API key. A program uses it to act for its owner. It permits what both its scopes and the owner's current role permit.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct ApiKey {
    /// The id of the key. It is not a secret and cannot be used to authenticate.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// The name that the owner gave the key.
    name: String,
    /// What the key may be used for.
    scopes: Vec<ApiScope>,
    /// When the key was created.
    created_at: DateTime<Utc>,
    /// When the key expires.
    expires_at: DateTime<Utc>,
    /// When the key was last used, accurate to about a minute. Null if it was never used.
    last_used_at: Option<DateTime<Utc>>,
    /// When the key was revoked. Null if it was not revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// The user for whom the key acts. Null if the viewer may not see that user.
    owner: Option<User>,
}

/// The keys of a user that are in use. Fails if the caller may not see them.
pub(in crate::graphql) async fn api_keys_of(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<ApiKey>> {
    may_read(&request(ctx).actor, Operation::ListApiKeys, account_id, Some(user_id)).map_err(top_level)?;
    let filter = KeyFilter { owner: Some(user_id), in_use_at: Some(now(ctx)) };
    let listed = list_keys(&app(ctx).database, account_id, filter, None, MAX_OF_ONE_USER).await;
    with_owners(ctx, account_id, listed.map_err(|error| top_level(error.into()))?).await
}

/// The API key of this request, if there is one.
pub(in crate::graphql) async fn current_api_key(ctx: &Context<'_>) -> Result<Option<ApiKey>> {
    match request(ctx).actor {
        Actor::ApiKey { account, key, .. } => one_key(ctx, account, key).await,
        Actor::User { .. } | Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => Ok(None),
    }
}

/// A key of an account, if the caller may see it. A key may see itself.
pub(in crate::graphql) async fn find_key(ctx: &Context<'_>, account_id: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let found = find_listed_key(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    let actor = &request(ctx).actor;
    let is_own = |found: &ListedKey<ApiKeyId>| matches!(actor, Actor::ApiKey { key, .. } if *key == found.id);
    let may_see =
        |found: &ListedKey<ApiKeyId>| is_own(found) || may_read(actor, Operation::ListApiKeys, account_id, Some(found.owner)).is_ok();
    Ok(with_owners(ctx, account_id, found.into_iter().filter(may_see).collect()).await?.pop())
}

pub(in crate::graphql) async fn one_key(ctx: &Context<'_>, account_id: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let found = find_listed_key(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    Ok(with_owners(ctx, account_id, found.into_iter().collect()).await?.pop())
}

impl Key for ApiKey {
    type Id = ApiKeyId;
    const LIST: Operation = Operation::ListApiKeys;

    async fn show(ctx: &Context<'_>, account_id: AccountId, keys: Vec<ListedKey<ApiKeyId>>) -> Result<Vec<Self>> {
        with_owners(ctx, account_id, keys).await
    }
}

/// Keys as clients see them. Owners whom the caller may see are looked up in one statement.
async fn with_owners(ctx: &Context<'_>, account_id: AccountId, keys: Vec<ListedKey<ApiKeyId>>) -> Result<Vec<ApiKey>> {
    let may_see = |id: &UserId| may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(*id)).is_ok();
    let ids: Vec<_> = keys.iter().map(|key| key.owner).filter(may_see).collect();
    let owners = find_users(&app(ctx).database, account_id, &ids).await.map_err(|error| top_level(error.into()))?;
    let owners: HashMap<_, _> = owners.into_iter().map(|user| (user.id, user)).collect();
    let key = |key: ListedKey<ApiKeyId>| ApiKey {
        id: key.id.to_string().into(),
        name: key.name,
        scopes: key.scopes.iter().map(Into::into).collect(),
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
        owner: owners.get(&key.owner).cloned().map(User::now),
    };
    Ok(keys.into_iter().map(key).collect())
}
