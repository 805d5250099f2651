//! Service keys: for programs that act for the account itself.

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

/// A service key: with it a program does for the account what its scopes permit, as an admin could. It belongs to no user, so it goes on
/// when whoever created it is deactivated or deleted.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ServiceKey {
    /// Its id. It is no secret, and lets nobody in.
    #[graphql(owned)]
    pub(super) id: ID,
    /// What the program is called.
    name: String,
    /// What it may be used for.
    scopes: Vec<ApiScope>,
    /// When it was created. `auditLog` says by whom.
    created_at: DateTime<Utc>,
    /// From this instant on it is over.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute or so; null until the first time.
    last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked; null while it was not.
    revoked_at: Option<DateTime<Utc>>,
}

/// Who asks with a service key: the key, and the account for which it acts.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ServiceViewer {
    /// The service key that asks.
    service_key: ServiceKey,
    /// The account, the only one that it can reach.
    account: Account,
}

/// Creates a service key.
#[derive(InputObject)]
pub struct CreateServiceKeyInput {
    /// What the program is called, 1 to 100 characters. It is shown in the audit log, and is not erased with any user: name no person.
    name: String,
    /// What the key may be used for: at least one.
    scopes: Vec<ApiScope>,
    /// How many days it works, 1 to 366; 90 when absent.
    expires_in_days: Option<i32>,
}

/// Revokes a service key.
#[derive(InputObject)]
pub struct RevokeServiceKeyInput {
    /// The id of the key.
    id: ID,
}

/// What creating a service key answers.
#[derive(SimpleObject)]
pub(super) struct CreateServiceKeyPayload {
    /// The key; null when nothing happened.
    service_key: Option<ServiceKey>,
    /// What a program sends as `Authorization: Bearer roster_a_…`. It is shown this once, and kept nowhere.
    token: Option<String>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What revoking a service key answers.
#[derive(SimpleObject)]
pub(super) struct RevokeServiceKeyPayload {
    /// The key, revoked; null when nothing happened.
    service_key: Option<ServiceKey>,
    /// Why nothing happened; empty when it did.
    user_errors: Vec<UserError>,
}

/// What can be asked of service keys.
#[derive(Default)]
pub(super) struct ServiceKeyQuery;

#[Object]
impl ServiceKeyQuery {
    /// The service keys of one's account, in pages, the newest first. Admins only, not for keys.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn service_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "Whether keys that are over or revoked are listed, too.", default)] include_ended: bool,
    ) -> Option<Result<KeyConnection<ServiceKey>>> {
        Some(page_of_keys(ctx, first, after, include_ended).await)
    }

    /// The service key that asks, and its account; null for everybody else. For a service key `viewer` is null.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn service_viewer(&self, ctx: &Context<'_>) -> Option<Result<ServiceViewer>> {
        service_viewer(ctx).await.transpose()
    }
}

/// What creates and revokes service keys.
#[derive(Default)]
pub(super) struct ServiceKeyMutation;

#[Object]
impl ServiceKeyMutation {
    /// Creates a key that acts for one's account; an account may have 100 in use. Admins only, not for keys. Repeating it creates another
    /// key.
    async fn create_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the key is to be.")] input: CreateServiceKeyInput,
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

    /// Revokes a service key of one's account for good. Admins only, not for keys.
    async fn revoke_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] input: RevokeServiceKeyInput,
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

/// A service key, for who may see it: admins, and itself.
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
