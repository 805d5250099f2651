//! Service keys, for programs that act for the account itself.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::{Error, may_read};
use domain::{AccountId, Actor, Operation, ServiceKeyId};
use projections::accounts::find_account;
use projections::keys::{ListedKey, find_key as find_listed_key};

use super::account::Account;
use super::answer::{app, refused, request};
use super::api_keys::ApiScope;
use super::cost;
use super::error::{UserError, top_level};
use super::keys::{Key, KeyConnection, page_of_keys};

/// A service key. A program uses it to act for the account, within its scopes, as an admin could. It belongs to no user, so it keeps
/// working when its creator is deactivated or deleted.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ServiceKey {
    /// The id of the key. It is not a secret and cannot be used to authenticate.
    #[graphql(owned)]
    pub(super) id: ID,
    /// The name of the program.
    name: String,
    /// What the key may be used for.
    scopes: Vec<ApiScope>,
    /// When the key was created. `auditLog` shows who created it.
    created_at: DateTime<Utc>,
    /// When the key expires.
    expires_at: DateTime<Utc>,
    /// When the key was last used, accurate to about a minute. Null if it was never used.
    last_used_at: Option<DateTime<Utc>>,
    /// When the key was revoked. Null if it was not revoked.
    revoked_at: Option<DateTime<Utc>>,
}

/// A service key that makes a request, and the account for which it acts.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ServiceViewer {
    /// The service key of this request.
    service_key: ServiceKey,
    /// The account of the key. The key cannot access any other account.
    account: Account,
}

/// The input of `createServiceKey`.
#[derive(InputObject)]
pub struct CreateServiceKeyInput {
    /// The name of the program: 1 to 100 characters. The audit log shows it, and erasing a user does not remove it, so do not use the name
    /// of a person.
    name: String,
    /// What the key may be used for: at least one scope.
    scopes: Vec<ApiScope>,
    /// How many days the key works: 1 to 366. Default: 90.
    expires_in_days: Option<i32>,
}

/// The input of `revokeServiceKey`.
#[derive(InputObject)]
pub struct RevokeServiceKeyInput {
    /// The id of the key.
    id: ID,
}

/// The result of `createServiceKey`.
#[derive(SimpleObject)]
pub(super) struct CreateServiceKeyPayload {
    /// The new key. Null if the mutation was refused.
    service_key: Option<ServiceKey>,
    /// The token that a program sends as `Authorization: Bearer roster_a_…`. It is returned once; Roster does not store it.
    token: Option<String>,
    /// Why the mutation was refused. Empty on success.
    user_errors: Vec<UserError>,
}

/// The result of `revokeServiceKey`.
#[derive(SimpleObject)]
pub(super) struct RevokeServiceKeyPayload {
    /// The revoked key. Null if the mutation was refused.
    service_key: Option<ServiceKey>,
    /// Why the mutation was refused. Empty on success.
    user_errors: Vec<UserError>,
}

/// Queries for service keys.
#[derive(Default)]
pub(super) struct ServiceKeyQuery;

#[Object]
impl ServiceKeyQuery {
    /// The service keys of your account, in pages, newest first. Admins only, not keys.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn service_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Whether to include expired and revoked keys.", default)] include_ended: bool,
    ) -> Option<Result<KeyConnection<ServiceKey>>> {
        Some(page_of_keys(ctx, first, after, include_ended).await)
    }

    /// The service key of this request and its account. Null for all other callers. For a service key, `viewer` is null.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn service_viewer(&self, ctx: &Context<'_>) -> Option<Result<ServiceViewer>> {
        service_viewer(ctx).await.transpose()
    }
}

/// Mutations for service keys.
#[derive(Default)]
pub(super) struct ServiceKeyMutation;

#[Object]
impl ServiceKeyMutation {
    /// Creates a service key that acts for your account. An account may have 100 keys in use. Repeating the request creates another key.
    /// Admins only, not keys.
    async fn create_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new key.")] input: CreateServiceKeyInput,
    ) -> Result<CreateServiceKeyPayload> {
        match app(ctx).commands.create_service_key(request(ctx), &input.into()).await {
            Ok(created) => {
                let service_key = one_key(ctx, created.account_id, created.id).await?;
                Ok(CreateServiceKeyPayload { service_key, token: Some(created.token.expose().to_owned()), user_errors: vec![] })
            }
            Err(Error::Refused { refusal, .. }) => {
                Ok(CreateServiceKeyPayload { service_key: None, token: None, user_errors: vec![refused(ctx, &refusal)] })
            }
            Err(error) => Err(top_level(error)),
        }
    }

    /// Permanently revokes a service key of your account. Admins only, not keys.
    async fn revoke_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to revoke.")] input: RevokeServiceKeyInput,
    ) -> Result<RevokeServiceKeyPayload> {
        match app(ctx).commands.revoke_service_key(request(ctx), &input.into()).await {
            Ok((account_id, id)) => Ok(RevokeServiceKeyPayload { service_key: one_key(ctx, account_id, id).await?, user_errors: vec![] }),
            Err(Error::Refused { refusal, .. }) => {
                Ok(RevokeServiceKeyPayload { service_key: None, user_errors: vec![refused(ctx, &refusal)] })
            }
            Err(error) => Err(top_level(error)),
        }
    }
}

async fn service_viewer(ctx: &Context<'_>) -> Result<Option<ServiceViewer>> {
    let Actor::ServiceKey { account, key, .. } = request(ctx).actor else { return Ok(None) };
    let service_key = one_key(ctx, account, key).await?;
    let account = find_account(&app(ctx).database, account).await.map_err(|error| top_level(error.into()))?;
    Ok(service_key.zip(account).map(|(service_key, account)| ServiceViewer { service_key, account: account.into() }))
}

/// A service key, if the caller may see it: admins, and the key itself.
pub(super) async fn find_key(ctx: &Context<'_>, account_id: AccountId, id: ServiceKeyId) -> Result<Option<ServiceKey>> {
    let actor = &request(ctx).actor;
    let is_own = matches!(actor, Actor::ServiceKey { key, .. } if *key == id);
    if !is_own && may_read(actor, Operation::ListServiceKeys, account_id, None).is_err() {
        return Ok(None);
    }
    one_key(ctx, account_id, id).await
}

async fn one_key(ctx: &Context<'_>, account_id: AccountId, id: ServiceKeyId) -> Result<Option<ServiceKey>> {
    let found = find_listed_key(&app(ctx).database, account_id, id).await;
    Ok(found.map_err(|error| top_level(error.into()))?.map(Into::into))
}

impl Key for ServiceKey {
    type Id = ServiceKeyId;
    const LIST: Operation = Operation::ListServiceKeys;

    async fn show(_: &Context<'_>, _: AccountId, keys: Vec<ListedKey<ServiceKeyId>>) -> Result<Vec<Self>> {
        Ok(keys.into_iter().map(Into::into).collect())
    }
}

impl From<ListedKey<ServiceKeyId>> for ServiceKey {
    fn from(key: ListedKey<ServiceKeyId>) -> Self {
        Self {
            id: key.id.to_string().into(),
            name: key.name,
            scopes: key.scopes.iter().map(Into::into).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl From<CreateServiceKeyInput> for commands::CreateServiceKey {
    fn from(input: CreateServiceKeyInput) -> Self {
        let scopes = input.scopes.into_iter().map(Into::into).collect();
        Self { name: input.name, scopes, expires_in_days: input.expires_in_days }
    }
}

impl From<RevokeServiceKeyInput> for commands::RevokeServiceKey {
    fn from(input: RevokeServiceKeyInput) -> Self {
        Self { id: input.id.to_string() }
    }
}
