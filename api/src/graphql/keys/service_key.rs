//! Service keys, for programs that act for the account itself.

use async_graphql::{Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{Actor, Operation, ServiceKeyId};
use projections::accounts::find_account;
use projections::keys::ListedKey;

use crate::graphql::accounts::account::Account;
use crate::graphql::context::{app, own_account};
use crate::graphql::error::top_level;
use crate::graphql::keys::api_key::ApiScope;
use crate::graphql::keys::page::{Key, current_key};
use crate::graphql::users::user::User;

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
    let Some(service_key) = current_key(ctx).await? else { return Ok(None) };
    let account = find_account(&app(ctx).database, own_account(ctx)?).await.map_err(top_level)?;
    Ok(account.map(|account| ServiceViewer { service_key, account: account.into() }))
}

impl Key for ServiceKey {
    type Id = ServiceKeyId;
    const LIST: Operation = Operation::ListServiceKeys;

    fn new(_: Option<User>, key: ListedKey<ServiceKeyId>) -> Self {
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

    fn current(actor: &Actor) -> Option<ServiceKeyId> {
        if let Actor::ServiceKey { key, .. } = *actor { Some(key) } else { None }
    }
}
