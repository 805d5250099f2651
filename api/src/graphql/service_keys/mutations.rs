//! Mutations of service keys.

use async_graphql::{Context, Object, Result};
use commands::Error;

use crate::graphql::context::{app, request};
use crate::graphql::error::{refused, top_level};
use crate::graphql::service_keys::inputs::{CreateServiceKeyInput, RevokeServiceKeyInput};
use crate::graphql::service_keys::payloads::{CreateServiceKeyPayload, RevokeServiceKeyPayload};
use crate::graphql::service_keys::service_key::one_key;

/// Mutations for service keys.
#[derive(Default)]
pub(in crate::graphql) struct ServiceKeyMutation;

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
