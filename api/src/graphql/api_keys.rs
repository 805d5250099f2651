//! API keys: for programs that act for a user.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::{Error, may_read};
use domain::{AccountId, Actor, ApiKeyId, ApiScope as Scope, Operation, UserId};
use projections::keys::{KeyFilter, ListedKey, find_key as find_listed_key, list_keys};
use projections::users::find_users;

use super::answer::{app, now, refused, request};
use super::cost;
use super::error::{UserError, top_level};
use super::keys::{Key, KeyConnection, page_of_keys};
use super::user::User;

/// More keys than one user can have in use, and enough of those that are not.
const MAX_OF_ONE_USER: i64 = 100;

/// What an API key may be used for, of what its owner may do; or a service key, of what an admin may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Scope")]
pub enum ApiScope {
    /// `users:read`: seeing users.
    UsersRead,
    /// `users:write`: inviting, changing and deleting users who are no admins.
    UsersWrite,
    /// `admins:write`: together with `USERS_WRITE` or `LINKS_READ`, doing it to admins too, and making admins. A key with it can take over
    /// the account.
    AdminsWrite,
    /// `links:read`: being shown the links of invitations. Whoever has a link becomes who was invited, and stays so when the key has ended.
    LinksRead,
    /// `audit:read`: reading what happened, past and live.
    AuditRead,
}

/// An API key: with it a program does for its owner what both its scopes and the owner's role permit at that moment.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ApiKey {
    /// Its id. It is no secret, and lets nobody in.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// What its owner calls it.
    name: String,
    /// What it may be used for.
    scopes: Vec<ApiScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// From this instant on it is over.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute or so; null until the first time.
    last_used_at: Option<DateTime<Utc>>,
    /// When it was taken out of use; null while it was not.
    revoked_at: Option<DateTime<Utc>>,
    /// The user for whom it acts; null for who may not see that user.
    owner: Option<User>,
}

/// Makes an API key.
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// What it is called, 1 to 100 characters.
    name: String,
    /// What it may be used for: at least one.
    scopes: Vec<ApiScope>,
    /// How many days it works, 1 to 366; 90 when absent.
    expires_in_days: Option<i32>,
}

/// Takes an API key out of use.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// The id of the key.
    id: ID,
}

/// What making an API key answers.
#[derive(SimpleObject)]
pub(super) struct CreateApiKeyPayload {
    /// The key; null when nothing happened.
    api_key: Option<ApiKey>,
    /// What a program sends as `Authorization: Bearer roster_k_…`. It is shown this once, and kept nowhere.
    token: Option<String>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What taking an API key out of use answers.
#[derive(SimpleObject)]
pub(super) struct RevokeApiKeyPayload {
    /// The key, out of use; null when nothing happened.
    api_key: Option<ApiKey>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What can be asked of API keys.
#[derive(Default)]
pub(super) struct ApiKeyQuery;

#[Object]
impl ApiKeyQuery {
    /// The API keys of one's account, in pages, the newest first. Admins only; everybody sees their own as `viewer { user { apiKeys } }`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "Whether keys that are over or revoked, and those of deleted users, are listed, too.", default)]
        include_ended: bool,
    ) -> Option<Result<KeyConnection<ApiKey>>> {
        Some(page_of_keys(ctx, first, after, include_ended).await)
    }
}

/// What makes API keys and takes them out of use.
#[derive(Default)]
pub(super) struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// Makes an API key that acts for whoever asks; one may have 25 in use. Not for API keys. Repeating it makes another key.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the key is to be.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload> {
        match app(ctx).commands.create_api_key(request(ctx), &input.into()).await {
            Ok(created) => {
                let api_key = one_key(ctx, created.account_id, created.id).await?;
                Ok(CreateApiKeyPayload { api_key, token: Some(created.token.expose().to_owned()), user_errors: vec![] })
            }
            Err(Error::Refused { refusal, .. }) => {
                Ok(CreateApiKeyPayload { api_key: None, token: None, user_errors: vec![refused(ctx, &refusal)] })
            }
            Err(error) => Err(top_level(error)),
        }
    }

    /// Takes an API key of one's own or, for admins, of any user of the account out of use for good. Not for API keys.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        match app(ctx).commands.revoke_api_key(request(ctx), &input.into()).await {
            Ok((account_id, id)) => Ok(RevokeApiKeyPayload { api_key: one_key(ctx, account_id, id).await?, user_errors: vec![] }),
            Err(Error::Refused { refusal, .. }) => Ok(RevokeApiKeyPayload { api_key: None, user_errors: vec![refused(ctx, &refusal)] }),
            Err(error) => Err(top_level(error)),
        }
    }
}

/// The keys of a user that are in use, for who may see them.
pub(super) async fn api_keys_of(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Vec<ApiKey>> {
    may_read(&request(ctx).actor, Operation::ListApiKeys, account_id, Some(user_id)).map_err(top_level)?;
    let filter = KeyFilter { owner: Some(user_id), in_use_at: Some(now(ctx)) };
    let listed = list_keys(&app(ctx).database, account_id, filter, None, MAX_OF_ONE_USER).await;
    with_owners(ctx, account_id, listed.map_err(|error| top_level(error.into()))?).await
}

/// The key that asks, if one does.
pub(super) async fn current_api_key(ctx: &Context<'_>) -> Result<Option<ApiKey>> {
    match request(ctx).actor {
        Actor::ApiKey { account, key, .. } => one_key(ctx, account, key).await,
        Actor::User { .. } | Actor::ServiceKey { .. } | Actor::Visitor | Actor::Operator | Actor::System => Ok(None),
    }
}

/// A key of an account, for who may see it: also for the key itself.
pub(super) async fn find_key(ctx: &Context<'_>, account_id: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let found = find_listed_key(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    let actor = &request(ctx).actor;
    let is_own = |found: &ListedKey<ApiKeyId>| matches!(actor, Actor::ApiKey { key, .. } if *key == found.id);
    let may_see =
        |found: &ListedKey<ApiKeyId>| is_own(found) || may_read(actor, Operation::ListApiKeys, account_id, Some(found.owner)).is_ok();
    Ok(with_owners(ctx, account_id, found.into_iter().filter(may_see).collect()).await?.pop())
}

async fn one_key(ctx: &Context<'_>, account_id: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
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

/// Keys as clients see them; their owners are looked up in one statement, as far as who asks may see them.
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

impl From<CreateApiKeyInput> for commands::CreateApiKey {
    fn from(input: CreateApiKeyInput) -> Self {
        let scopes = input.scopes.into_iter().map(Into::into).collect();
        Self { name: input.name, scopes, expires_in_days: input.expires_in_days }
    }
}

impl From<RevokeApiKeyInput> for commands::RevokeApiKey {
    fn from(input: RevokeApiKeyInput) -> Self {
        Self { id: input.id.to_string() }
    }
}
