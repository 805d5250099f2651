//! Service keys, for programs that act for the account itself.

use async_graphql::{Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Actor, Operation, ServiceKeyId};
use projections::accounts::find_account;
use projections::keys::{ListedKey, find_key as find_listed_key};

use crate::graphql::accounts::account::Account;
use crate::graphql::api_keys::api_key::ApiScope;
use crate::graphql::context::{app, request};
use crate::graphql::error::top_level;
use crate::graphql::keys::Key;

/// A service key. A program uses it to act for the account, within its scopes, as an admin could. It belongs to no user, so it keeps
/// working when its creator is deactivated or deleted.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct ServiceKey {
    /// The id of the key. It is not a secret and cannot be used to authenticate.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
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
pub(in crate::graphql) struct ServiceViewer {
    /// The service key of this request.
    service_key: ServiceKey,
    /// The account of the key. The key cannot access any other account.
    account: Account,
}

pub(in crate::graphql) async fn service_viewer(ctx: &Context<'_>) -> Result<Option<ServiceViewer>> {
    let Actor::ServiceKey { account, key, .. } = request(ctx).actor else { return Ok(None) };
    let service_key = one_key(ctx, account, key).await?;
    let account = find_account(&app(ctx).database, account).await.map_err(|error| top_level(error.into()))?;
    Ok(service_key.zip(account).map(|(service_key, account)| ServiceViewer { service_key, account: account.into() }))
}

/// A service key, if the caller may see it: admins, and the key itself.
pub(in crate::graphql) async fn find_key(ctx: &Context<'_>, account_id: AccountId, id: ServiceKeyId) -> Result<Option<ServiceKey>> {
    let actor = &request(ctx).actor;
    let is_own = matches!(actor, Actor::ServiceKey { key, .. } if *key == id);
    if !is_own && may_read(actor, Operation::ListServiceKeys, account_id, None).is_err() {
        return Ok(None);
    }
    one_key(ctx, account_id, id).await
}

pub(in crate::graphql) async fn one_key(ctx: &Context<'_>, account_id: AccountId, id: ServiceKeyId) -> Result<Option<ServiceKey>> {
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
