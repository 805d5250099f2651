//! Mutations of keys.

use async_graphql::{Context, Object, Result};
use commands::{CreatedKey, Error};
use domain::AccountId;

use crate::graphql::context::{app, request};
use crate::graphql::error::UserError;
use crate::graphql::keys::inputs::{CreateApiKeyInput, CreateServiceKeyInput, RevokeApiKeyInput, RevokeServiceKeyInput};
use crate::graphql::keys::page::{Key, one_key};
use crate::graphql::keys::payloads::{CreateApiKeyPayload, CreateServiceKeyPayload, RevokeApiKeyPayload, RevokeServiceKeyPayload};
use crate::graphql::payload::outcome;

/// Mutations for keys.
#[derive(Default)]
pub(in crate::graphql) struct KeyMutation;

#[Object]
impl KeyMutation {
    /// Creates an API key that acts for you. A user may have 25 keys in use. Repeating the request creates another key. Not available to
    /// API keys.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new key.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload> {
        let result = app(ctx).commands.create_api_key(request(ctx), &input.into()).await;
        let (api_key, token, user_errors) = created(ctx, result).await?;
        Ok(CreateApiKeyPayload { api_key, token, user_errors })
    }

    /// Permanently revokes one of your API keys or, for admins, an API key of any user of the account. Not available to API keys.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to revoke.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        let (api_key, user_errors) = changed(ctx, app(ctx).commands.revoke_api_key(request(ctx), &input.id).await).await?;
        Ok(RevokeApiKeyPayload { api_key, user_errors })
    }

    /// Creates a service key that acts for your account. An account may have 100 keys in use. Repeating the request creates another key.
    /// Admins only, not keys.
    async fn create_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new key.")] input: CreateServiceKeyInput,
    ) -> Result<CreateServiceKeyPayload> {
        let result = app(ctx).commands.create_service_key(request(ctx), &input.into()).await;
        let (service_key, token, user_errors) = created(ctx, result).await?;
        Ok(CreateServiceKeyPayload { service_key, token, user_errors })
    }

    /// Permanently revokes a service key of your account. Admins only, not keys.
    async fn revoke_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to revoke.")] input: RevokeServiceKeyInput,
    ) -> Result<RevokeServiceKeyPayload> {
        let (service_key, user_errors) = changed(ctx, app(ctx).commands.revoke_service_key(request(ctx), &input.id).await).await?;
        Ok(RevokeServiceKeyPayload { service_key, user_errors })
    }
}

/// A new key with its token, or why it was refused.
async fn created<K: Key>(
    ctx: &Context<'_>,
    result: Result<CreatedKey<K::Id>, Error>,
) -> Result<(Option<K>, Option<String>, Vec<UserError>)> {
    let token = result.as_ref().ok().map(|created| created.token.expose().to_owned());
    let (key, user_errors) = changed(ctx, result.map(|created| (created.account_id, created.id))).await?;
    Ok((key, token, user_errors))
}

/// A key in its current state, or why the command was refused.
async fn changed<K: Key>(ctx: &Context<'_>, result: Result<(AccountId, K::Id), Error>) -> Result<(Option<K>, Vec<UserError>)> {
    let (changed, user_errors) = outcome(ctx, result)?;
    let Some((account_id, id)) = changed else { return Ok((None, user_errors)) };
    Ok((one_key(ctx, account_id, id).await?, user_errors))
}
