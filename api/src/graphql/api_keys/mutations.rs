//! Mutations of API keys.

use async_graphql::{Context, Object, Result};
use commands::Error;

use crate::graphql::api_keys::api_key::one_key;
use crate::graphql::api_keys::inputs::{CreateApiKeyInput, RevokeApiKeyInput};
use crate::graphql::api_keys::payloads::{CreateApiKeyPayload, RevokeApiKeyPayload};
use crate::graphql::context::{app, request};
use crate::graphql::error::{refused, top_level};

/// Mutations for API keys.
#[derive(Default)]
pub(in crate::graphql) struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// Creates an API key that acts for you. A user may have 25 keys in use. Repeating the request creates another key. Not available to
    /// API keys.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new key.")] input: CreateApiKeyInput,
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

    /// Permanently revokes one of your API keys or, for admins, an API key of any user of the account. Not available to API keys.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to revoke.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        match app(ctx).commands.revoke_api_key(request(ctx), &input.into()).await {
            Ok((account_id, id)) => Ok(RevokeApiKeyPayload { api_key: one_key(ctx, account_id, id).await?, user_errors: vec![] }),
            Err(Error::Refused { refusal, .. }) => Ok(RevokeApiKeyPayload { api_key: None, user_errors: vec![refused(ctx, &refusal)] }),
            Err(error) => Err(top_level(error)),
        }
    }
}
