//! API keys, for programs that act for a user.

use async_graphql::{Context, Enum, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Actor, ApiKeyId, ApiScope as Scope, Operation, UserId};
use projections::keys::{KeyFilter, ListedKey, list_keys};

use crate::graphql::context::{app, now, request};
use crate::graphql::error::top_level;
use crate::graphql::keys::page::{Key, show};
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
    show(ctx, account_id, listed.map_err(top_level)?).await
}

impl Key for ApiKey {
    type Id = ApiKeyId;
    const LIST: Operation = Operation::ListApiKeys;

    fn new(owner: Option<User>, key: ListedKey<ApiKeyId>) -> Self {
        Self {
            id: key.id.to_string().into(),
            name: key.name,
            scopes: key.scopes.iter().map(Into::into).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
            owner,
        }
    }

    fn current(actor: &Actor) -> Option<ApiKeyId> {
        if let Actor::ApiKey { key, .. } = *actor { Some(key) } else { None }
    }
}
